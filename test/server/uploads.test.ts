import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../src/api/client/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { startServe } from '../support/serve-process.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import { S3_CREDENTIALS, s3Server } from '../support/s3-server.ts';
import { postgresHome } from '../support/stores.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tusUpload } from '../support/tus-upload.ts';

const MIB = 2 ** 20;
const KINDS = [
  { name: 'files of the home', place: async () => ({}) },
  { name: 'a bucket', place: async () => ({ s3: await s3Server() }) },
];
const SHEET = Buffer.from('prompt\na red boat\na blue boat\n');
const SETTINGS = { models: ['demo'] };

beforeAll(() => {
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
});
afterAll(() => vi.unstubAllEnvs());

/** Rows that are each another one, so that what is out of place is seen. */
function sheetOf(bytes: number): Buffer {
  const lines = ['prompt\n'];
  for (let [row, length] = [0, 7]; length < bytes; row += 1) {
    const line = `boat ${row} ${createHash('sha256').update(String(row)).digest('hex').repeat(15)}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('').slice(0, bytes));
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Of what the server would give to an order. */
async function storedHash({ engine }: LiveServer, id: string): Promise<string> {
  const path = join(await temporaryFolder(), randomUUID());
  const upload = await engine.service.uploads.find(id);
  await engine.service.uploads.placeAt(upload!, path);
  return hashOf(await readFile(path));
}

type Headers = Readonly<Record<string, string>>;

function tus(
  server: Pick<LiveServer, 'call'>,
  method: string,
  path: string,
  headers: Headers = {},
) {
  return server.call(method, path, { headers: { 'tus-resumable': '1.0.0', ...headers } });
}

function metadataOf(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

async function begun(server: LiveServer, bytes: number, words: Headers = {}): Promise<string> {
  const told = metadataOf({ purpose: 'sheet', filename: 'prompts.csv', ...words });
  const headers = { 'upload-length': String(bytes), 'upload-metadata': told };
  const answer = await tus(server, 'POST', '/v1/uploads', headers);
  expect(answer.status).toBe(201);
  return answer.headers.get('location')!;
}

function patch(
  { url, secret }: Pick<LiveServer, 'url' | 'secret'>,
  place: string,
  offset: number,
  bytes: Uint8Array,
  headers: Headers = {},
): Promise<Response> {
  return fetch(`${url}${place}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${secret}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...headers,
    },
    body: new Uint8Array(bytes),
  });
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code;
}

/** Sends a part of what it announces, and cuts the line. */
async function sendAndCut(
  { url, secret }: LiveServer,
  place: string,
  announced: number,
  bytes: Buffer,
): Promise<void> {
  const sending = request(`${url}${place}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${secret}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
      'content-length': String(announced),
    },
  });
  sending.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void sending.on('close', () => resolve()));
  await new Promise<void>((resolve) => void sending.write(bytes, () => resolve()));
  sending.destroy();
  await closed;
}

describe.each(KINDS)('uploads in $name', ({ name, place }) => {
  test('come in pieces by the client of the tus project, and stay as they were sent', async () => {
    const server = await liveServer(await place());
    const sheet = sheetOf(50 * MIB);
    const id = await tusUpload(server, sheet, { chunkSize: 7 * MIB });
    const files = await readdir(join(server.home, 'uploads')).catch(() => []);
    expect(files).toEqual(name === 'a bucket' ? [] : [id]);
    const told: unknown = await (await server.call('GET', `/v1/uploads/${id}`)).json();
    expect(told).toMatchObject({ upload: id, bytes: sheet.length, received: sheet.length });
    expect(await storedHash(server, id)).toBe(hashOf(sheet));
  });

  test('go on from where a connection was cut amid a piece', async () => {
    const server = await liveServer(await place());
    const sheet = sheetOf(9 * MIB);
    const address = await begun(server, sheet.length);
    await sendAndCut(server, address, sheet.length, sheet.subarray(0, 5 * MIB));
    const offset = async () =>
      Number((await tus(server, 'HEAD', address)).headers.get('upload-offset'));
    await expect.poll(offset, { timeout: 20_000 }).toBeGreaterThan(0);
    const id = await tusUpload(server, sheet, { uploadUrl: `${server.url}${address}` });
    expect(await storedHash(server, id)).toBe(hashOf(sheet));
  });

  test('become a run, and are let go then and not before', async () => {
    const server = await liveServer(await place());
    const upload = await tusUpload(server, SHEET);
    const look = await server.call('POST', '/v1/sheets', { body: { upload } });
    expect(await look.json()).toMatchObject({ sheet: 'prompts.csv', row_count: 2, problems: [] });
    const bad = { upload, settings: { models: ['none-of-these'] } };
    expect((await server.call('POST', '/v1/runs', { body: bad })).status).toBe(422);
    const order = { upload, settings: SETTINGS, approve: true };
    const plan = await server.call('POST', '/v1/plans', { body: { upload, settings: SETTINGS } });
    expect(await plan.json()).toMatchObject({ rows: 2 });
    const headers = { 'idempotency-key': 'once' };
    const make = () => server.call('POST', '/v1/runs', { body: order, headers });
    const run = (await (await make()).json()) as { run: string; sheet: string };
    expect(run.sheet).toBe('prompts.csv');
    expect(await (await make()).json()).toMatchObject({ run: run.run });
    const again = await server.call('POST', '/v1/runs', { body: order });
    expect(again.status).toBe(422);
    expect(await again.text()).toContain(`was used for ${run.run}`);
    expect(
      await server.engine.service.uploads.received(
        (await server.engine.service.uploads.find(upload))!,
      ),
    ).toBeUndefined();
  });

  test('become pictures of a sheet, of a job and of the library', async () => {
    const server = await liveServer(await place());
    const client = createClient({ baseUrl: server.url, apiKey: server.secret });
    const picture = new File([new Uint8Array(await paintPicture())], 'boat.png', {
      type: 'image/png',
    });
    const send = async () => (await client.uploads.create(picture, { purpose: 'pictures' })).upload;
    const sheet = new File(['prompt,image\na boat like this,boat.png\n'], 'prompts.csv');
    const { upload } = await client.uploads.create(sheet, { purpose: 'sheet' });
    const plan = await client.runs.plan({ upload, uploads: [await send()], settings: SETTINGS });
    expect(plan.references.pictures).toBe(1);
    const job = await client.jobs.create({
      kind: 'convert',
      format: 'webp',
      uploads: [await send(), await send()],
    });
    await expect
      .poll(async () => (await client.jobs.get(job.job)).state, { timeout: 20_000 })
      .toBe('done');
    const files = await Array.fromAsync(client.jobs.files(job.job));
    expect(files.map(({ source }) => source).toSorted()).toEqual(['boat-2.png', 'boat.png']);
    const mixed = client.jobs.create({ kind: 'convert', run: 'r1', uploads: [await send()] });
    await expect(mixed).rejects.toMatchObject({ code: 'invalid' });
    const kept = await client.references.addUploaded('hero', await send());
    expect(kept).toMatchObject({ name: 'hero', source: 'boat.png', replaced: false });
  });

  test('are refused with words where they are not what is asked for', async () => {
    const server = await liveServer(await place());
    const client = createClient({ baseUrl: server.url, apiKey: server.secret });
    const half = (await begun(server, SHEET.length)).split('/').at(-1)!;
    const { upload } = await client.uploads.create(new File([SHEET], 'a.png'), {
      purpose: 'pictures',
    });
    const refused = async (body: unknown) => {
      const answer = await server.call('POST', '/v1/runs', { body });
      expect(answer.status).toBe(422);
      return answer.text();
    };
    expect(await refused({ upload: half })).toContain('It is not whole: 0 of 30 bytes are here.');
    expect(await refused({ upload })).toContain('It was uploaded for pictures');
    expect(await refused({ upload: 'up_none' })).toContain('There is no such upload here.');
    expect(await refused({ upload: half, uploads: [upload, upload] })).toContain('named twice');
    expect(await refused({ prompts: ['a'], uploads: [upload] })).toContain('go with the upload');
  });

  test('take a piece with a checksum whole or not at all, and only where they end', async () => {
    const server = await liveServer(await place());
    const address = await begun(server, SHEET.length);
    const sum = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('base64');
    const wrong = { 'upload-checksum': `sha1 ${sum(Buffer.from('another'))}` };
    const mistaken = await patch(server, address, 0, SHEET, wrong);
    expect(mistaken.status).toBe(460);
    expect(await codeOf(mistaken)).toBe('checksum-mismatch');
    const elsewhere = await patch(server, address, 7, SHEET.subarray(7));
    expect(elsewhere.status).toBe(409);
    expect(await codeOf(elsewhere)).toBe('conflict');
    const first = SHEET.subarray(0, 10);
    const right = await patch(server, address, 0, first, {
      'upload-checksum': `sha1 ${sum(first)}`,
    });
    expect(right.status).toBe(204);
    expect(right.headers.get('upload-offset')).toBe('10');
    const beyond = await patch(server, address, 10, Buffer.concat([SHEET, SHEET]));
    expect(beyond.status).toBe(413);
    const odd = await patch(server, address, 10, first, { 'upload-checksum': 'crc32 AAAA' });
    expect(odd.status).toBe(422);
  });

  test('belong to their workspace, and can be given up', async () => {
    const server = await liveServer(await place());
    const address = await begun(server, SHEET.length, { filename: '../../../etc/passwd' });
    const key = await server.issueKey({ workspace: 'another' });
    const theirs = { ...server, secret: key };
    expect((await server.call('GET', address, { key })).status).toBe(404);
    expect((await patch(theirs, address, 0, SHEET)).status).toBe(404);
    const order = { upload: address.split('/').at(-1)!, settings: SETTINGS };
    expect((await server.call('POST', '/v1/runs', { key, body: order })).status).toBe(422);
    expect((await patch(server, address, 0, SHEET)).status).toBe(204);
    expect((await tus(server, 'DELETE', address)).status).toBe(204);
    expect((await server.call('GET', address)).status).toBe(404);
    expect(await readdir(join(server.home, 'uploads')).catch(() => [])).toEqual([]);
  });

  test('expire, and leave nothing behind', async () => {
    const server = await liveServer(await place());
    const address = await begun(server, SHEET.length);
    expect((await patch(server, address, 0, SHEET.subarray(0, 9))).status).toBe(204);
    using database = new DatabaseSync(join(server.home, 'imagemill.db'));
    database.exec('UPDATE client_uploads SET expires_at = created_at');
    const answer = await patch(server, address, 9, SHEET.subarray(9));
    // Whoever of the two is first: this request, or the server's own tidying up.
    expect([404, 410]).toContain(answer.status);
    const gone = async () => (await server.call('GET', address)).status;
    await expect.poll(gone, { timeout: 20_000 }).toBe(404);
    expect(await readdir(join(server.home, 'uploads')).catch(() => [])).toEqual([]);
  });
});

test('an upload has bounds, and a version of the protocol', async () => {
  const server = await liveServer({ settings: { mostResumedBytes: 1_000, mostUploadBytes: 100 } });
  const create = (bytes: string, purpose: string) =>
    tus(server, 'POST', '/v1/uploads', {
      'upload-length': bytes,
      'upload-metadata': metadataOf({ purpose }),
    });
  expect((await create('1000', 'sheet')).status).toBe(201);
  expect((await create('1001', 'sheet')).status).toBe(413);
  expect((await create('101', 'pictures')).status).toBe(413);
  const wrong = await create('-1', 'batch');
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toMatch(/Upload-Length.*Upload-Metadata/s);
  const old = await server.call('POST', '/v1/uploads');
  expect(old.status).toBe(412);
  expect(old.headers.get('tus-version')).toBe('1.0.0');
});

test('two servers take the pieces of one upload in turn', { timeout: 60_000 }, async () => {
  await using database = await postgresHome();
  const [s3, databaseUrl] = [await s3Server(), database.address];
  const first = await liveServer({ s3, databaseUrl });
  const second = { ...(await liveServer({ s3, databaseUrl })), secret: first.secret };
  const sheet = sheetOf(20 * MIB);
  const address = await begun(first, sheet.length);
  let offset = 0;
  for (let turn = 0; offset < sheet.length; turn += 1) {
    const server = turn % 2 === 0 ? first : second;
    const head = await server.call('HEAD', address, {
      key: first.secret,
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, String(offset)]);
    const piece = sheet.subarray(offset, offset + 3_000_001);
    expect((await patch(server, address, offset, piece)).status).toBe(204);
    offset += piece.length;
  }
  expect(await storedHash(second, address.split('/').at(-1)!)).toBe(hashOf(sheet));
  // Before their database goes.
  await Promise.all([first.stop(), second.stop()]);
});

test('an upload goes on after its server was killed', { timeout: 60_000 }, async () => {
  const mill = await imagemill();
  const killed = await startServe(mill);
  const sheet = sheetOf(50 * MIB);
  const file = new File([new Uint8Array(sheet)], 'prompts.csv');
  const sleep = async () => {};
  const client = createClient({ baseUrl: killed.url, apiKey: killed.key, sleep });
  let upload = '';
  const sending = client.uploads.create(file, {
    purpose: 'sheet',
    onBegun: (id) => (upload = id),
    onProgress: (received) => {
      if (received >= 16 * MIB) killed.signal('SIGKILL');
    },
  });
  await expect(sending).rejects.toMatchObject({ code: 'unreachable' });
  const server = await startServe(mill);
  const places: number[] = [];
  const after = createClient({ baseUrl: server.url, apiKey: killed.key });
  await after.uploads.resume(upload, file, { onProgress: (received) => places.push(received) });
  expect(places[0]).toBeGreaterThanOrEqual(16 * MIB);
  const seen = await server.call('POST', '/v1/sheets', { key: killed.key, body: { upload } });
  expect(await seen.json()).toMatchObject({ is_whole: false, problem_count: 0 });
  server.signal('SIGTERM');
  await server.ended;
});

test('memory stays flat, however large an upload is', { timeout: 120_000 }, async () => {
  const mill = await imagemill();
  const server = await startServe(mill);
  const client = createClient({ baseUrl: server.url, apiKey: server.key });
  const chunk = new Uint8Array(MIB).fill(97);
  const stream = async function* (pieces: number) {
    for (let piece = 0; piece < pieces; piece += 1) yield chunk;
  };
  const send = (pieces: number) =>
    client.uploads.create({ stream: stream(pieces), bytes: pieces * MIB }, { purpose: 'sheet' });
  await send(16);
  const before = await peakMiB(server.pid);
  expect(await send(256)).toMatchObject({ received: 256 * MIB });
  expect((await peakMiB(server.pid)) - before).toBeLessThan(100);
  server.signal('SIGTERM');
  await server.ended;
});

/** What the process had in memory at most. */
async function peakMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) / 1_024;
}
