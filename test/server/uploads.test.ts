import { describe, expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { s3Server } from '../support/s3-server.ts';
import { tusUpload } from '../support/tus-upload.ts';

const KINDS = [
  { name: 'files of the home', place: async () => ({}) },
  { name: 'a bucket', place: async () => ({ s3: await s3Server() }) },
];

describe.each(KINDS)('uploads in $name', ({ place }) => {
  test('come in pieces by the client of the tus project', async () => {
    const server = await liveServer(await place());
    const sheet = Buffer.from(`prompt\n${'a red boat\n'.repeat(1_000)}`);
    const id = await tusUpload(server, sheet, { chunkSize: 3_000 });
    const told = await (await server.call('GET', `/v1/uploads/${id}`)).json();
    expect(told).toMatchObject({ upload: id, bytes: sheet.length, received: sheet.length });
  });
});
