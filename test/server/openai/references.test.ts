/** What references of a call take of the disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../../support/live-server.ts';
import { paintPicture } from '../../support/pictures.ts';

async function upload({ call }: LiveServer, bytes: Uint8Array): Promise<string> {
  const body = new FormData();
  body.append('purpose', 'vision');
  body.append('file', new Blob([new Uint8Array(bytes)]), 'a.png');
  const answer = await call('POST', '/openai/v1/files', { body });
  return ((await answer.json()) as { id: string }).id;
}

async function edit({ call }: LiveServer, file: string, times = 1): Promise<Response> {
  const images = Array.from({ length: times }, () => ({ file_id: file }));
  const body = { prompt: 'at night', model: 'gpt-image-2', images };
  return call('POST', '/openai/v1/images/edits', { body });
}

test('a file lends itself to calls: it lies on the disk once', async () => {
  const server = await liveServer();
  const file = await upload(server, await paintPicture(128, 128));
  const answer = await edit(server, file, 2);
  expect(answer.status).toBe(200);
  const run = answer.headers.get('x-imagemill-run')!;
  const { ino, nlink } = await stat(join(server.home, 'files', file));
  expect(nlink).toBe(3);
  const lent = await stat(join(server.home, 'runs', run, 'sheet', 'reference-1.part'));
  expect(lent.ino).toBe(ino);
});

test('nothing is left of a call whose picture is none', async () => {
  const server = await liveServer();
  const file = await upload(server, Buffer.from('no picture'));
  expect((await edit(server, file)).status).toBe(400);
  const form = new FormData();
  form.append('prompt', 'at night');
  form.append('model', 'gpt-image-2');
  form.append('image', new Blob(['no picture']), 'a.png');
  const sent = await server.call('POST', '/openai/v1/images/edits', { body: form });
  expect(sent.status).toBe(400);
  expect(await readdir(join(server.home, 'runs')).catch(() => [])).toEqual([]);
  expect(await readdir(join(server.home, 'incoming'))).toEqual([]);
});

test('a file that is larger than a picture may be is no reference', async () => {
  const server = await liveServer();
  const file = await upload(server, new Uint8Array(50 * 2 ** 20 + 1));
  const answer = await edit(server, file);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('images[0]');
});
