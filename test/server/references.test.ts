import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';

function form(name: string, bytes: Uint8Array, file = 'photo.png'): FormData {
  const body = new FormData();
  body.append('name', name);
  body.append('picture', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), file);
  return body;
}

test('a picture is uploaded, told, fetched and forgotten', async () => {
  const server = await liveServer();
  const { call, home } = server;
  const bytes = await paintPicture(40, 30);
  const added = await call('POST', '/v1/references', {
    body: form('Hero', bytes, '/home/me/photo.png'),
  });
  expect(added.status).toBe(201);
  const reference = (await added.json()) as { url: string; hash: string };
  expect(reference).toMatchObject({
    name: 'hero',
    width: 40,
    height: 30,
    bytes: bytes.length,
    media_type: 'image/png',
    source: 'photo.png',
    replaced: false,
  });
  const again = await call('POST', '/v1/references', {
    body: form('hero', await paintPicture(20)),
  });
  expect(await again.json()).toMatchObject({ replaced: true, width: 20 });
  await call('POST', '/v1/references', { body: form('hero', bytes) });
  const picture = await call('GET', reference.url);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await picture.arrayBuffer())).toEqual(bytes);
  const etag = picture.headers.get('etag')!;
  expect(etag).toContain(reference.hash);
  const known = await call('GET', reference.url, { headers: { 'if-none-match': etag } });
  expect(known.status).toBe(304);
  for (const name of ['a', 'b', 'c']) {
    await call('POST', '/v1/references', { body: form(name, await paintPicture(16)) });
  }
  const names: string[] = [];
  for (let after = ''; ;) {
    const page = (await (await call('GET', `/v1/references?limit=2${after}`)).json()) as {
      data: { name: string }[];
      next: string | null;
    };
    names.push(...page.data.map(({ name }) => name));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(names).toEqual(['a', 'b', 'c', 'hero']);
  expect((await call('DELETE', '/v1/references/hero')).status).toBe(204);
  expect((await call('DELETE', '/v1/references/hero')).status).toBe(404);
  expect((await call('GET', reference.url)).status).toBe(404);
  expect(await readdir(join(home, 'arriving')).catch(() => [])).toEqual([]);
});

test('a reference is renamed, removed and brought back', async () => {
  const { call } = await liveServer();
  for (const name of ['hero', 'castle']) {
    await call('POST', '/v1/references', { body: form(name, await paintPicture(40, 30)) });
  }
  const rename = (name: string, to: string) =>
    call('PATCH', `/v1/references/${name}`, { body: { name: to } });
  expect((await rename('hero', 'castle')).status).toBe(409);
  expect((await rename('nobody', 'x')).status).toBe(404);
  expect((await rename('hero', 'two words')).status).toBe(422);
  const renamed = await rename('hero', '@Lead');
  expect(await renamed.json()).toMatchObject({ name: 'lead', width: 40, source: 'photo.png' });
  expect((await call('GET', '/v1/references/hero')).status).toBe(404);
  await call('DELETE', '/v1/references/lead');
  expect((await call('GET', '/v1/references/lead/picture')).status).toBe(404);
  const restored = await call('POST', '/v1/references/lead/restore');
  expect(await restored.json()).toMatchObject({ name: 'lead', width: 40 });
  expect((await call('POST', '/v1/references/lead/restore')).status).toBe(409);
  expect((await call('POST', '/v1/references/hero/restore')).status).toBe(404);
  expect((await call('GET', '/v1/references/lead/picture')).status).toBe(200);
});

test('a thumbnail is kept by browsers only under the hash of the picture', async () => {
  const { call } = await liveServer();
  const added = await call('POST', '/v1/references', {
    body: form('hero', await paintPicture(400, 300)),
  });
  const { hash } = (await added.json()) as { hash: string };
  const thumbnail = (query: string) =>
    call('GET', `/v1/references/hero/thumbnail?width=90${query}`);
  const small = await thumbnail(`&hash=${hash}`);
  expect(small.headers.get('content-type')).toBe('image/webp');
  expect(small.headers.get('cache-control')).toContain('immutable');
  expect((await small.arrayBuffer()).byteLength).toBeLessThan(20_000);
  for (const query of ['', `&hash=${'0'.repeat(64)}`]) {
    expect((await thumbnail(query)).headers.get('cache-control')).toContain('no-cache');
  }
});

test('what models make of a picture is told by the rules of the plan', async () => {
  const { call } = await liveServer();
  const fits = async (name: string, bytes: Uint8Array, file: string) => {
    await call('POST', '/v1/references', { body: form(name, bytes, file) });
    const answer = await call('GET', `/v1/references/${name}/fit`);
    return (await answer.json()) as {
      turned: boolean;
      models: { model: string; fit: string; steps: string[]; message: string | null }[];
    };
  };
  const plain = await fits('plain', await paintPicture(640, 480), 'plain.png');
  expect(plain.models.find(({ model }) => model === 'gpt-image-2')).toMatchObject({
    fit: 'as-it-is',
    steps: [],
    message: null,
  });
  const bitmap = await sharp(await paintPicture(640, 480))
    .withMetadata({ orientation: 6 })
    .tiff()
    .toBuffer();
  const turned = await fits('turned', bitmap, 'turned.tiff');
  expect(turned.turned).toBe(true);
  expect(turned.models.find(({ model }) => model === 'gpt-image-2')).toMatchObject({
    fit: 'changed',
    steps: ['turned', 'converted'],
  });
  const thin = await fits('thin', await paintPicture(2_000, 20), 'thin.png');
  const refused = thin.models.filter(({ fit }) => fit === 'impossible');
  expect(refused.length).toBeGreaterThan(0);
  for (const { message } of refused) expect(message).toContain('2000x20');
  // A plan says the same of the same picture.
  const { model, message } = refused[0]!;
  const plan = await call('POST', '/v1/plans', {
    body: { rows: [{ prompt: 'a boat', image: '@thin' }], settings: { models: [model] } },
  });
  expect(JSON.stringify(await plan.json())).toContain(message);
});

test('an item tells the pictures it was made after, though their names are others now', async () => {
  const { call } = await liveServer();
  const bytes = await paintPicture(400, 300);
  await call('POST', '/v1/references', { body: form('hero', bytes) });
  const made = await call('POST', '/v1/runs', {
    body: {
      rows: [{ prompt: 'a boat', image: '@hero' }],
      settings: { models: ['demo'] },
      approve: true,
    },
  });
  const { run } = (await made.json()) as { run: string };
  await call('POST', '/v1/references', { body: form('hero', await paintPicture(50)) });
  const page = (await (await call('GET', `/v1/runs/${run}/items`)).json()) as {
    data: { item: string }[];
  };
  const path = `/v1/runs/${run}/items/${page.data[0]!.item}/references`;
  expect(await (await call('GET', path)).json()).toMatchObject({
    data: [{ number: 1, reference: '@hero', width: 400, height: 300 }],
  });
  const picture = await call('GET', `${path}/1/picture`);
  expect(Buffer.from(await picture.arrayBuffer())).toEqual(bytes);
  const small = await call('GET', `${path}/1/thumbnail`);
  expect(small.headers.get('content-type')).toBe('image/webp');
  expect((await call('GET', `${path}/2/picture`)).status).toBe(404);
});

test('no file of this machine is opened, and no path of it is told', async () => {
  const { call, home } = await liveServer();
  const path = join(home, 'imagemill.db');
  for (const source of [path, '/etc/hostname', `file://${path}`, '../x.png', '@hero', 'data:,x']) {
    const answer = await call('POST', '/v1/references', { body: { name: 'x', source } });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      problems: [{ field: 'body.source', remedy: expect.stringContaining('Upload') as string }],
    });
  }
  const broken = await call('POST', '/v1/references', {
    body: form('x', Buffer.from('no picture')),
  });
  expect(broken.status).toBe(422);
  const text = await broken.text();
  expect(text).toContain('photo.png');
  expect(text).not.toContain(home);
  const named = await call('POST', '/v1/references', {
    body: form('../x', await paintPicture(16)),
  });
  expect(await named.json()).toMatchObject({ problems: [{ field: 'body.name', value: '../x' }] });
});

test('an address is read, and one inside a private network only where that is allowed', async () => {
  const bytes = await paintPicture(24);
  const web = createServer((_request, response) => response.end(bytes)).listen(0, '127.0.0.1');
  onTestFinished(() => void web.close());
  await once(web, 'listening');
  const source = `http://127.0.0.1:${(web.address() as AddressInfo).port}/a.png?token=secret`;
  const strict = await liveServer();
  const refused = await strict.call('POST', '/v1/references', { body: { name: 'web', source } });
  expect(refused.status).toBe(422);
  expect(await refused.text()).not.toContain('secret');
  const open = await liveServer({ config: { references: { allowPrivate: true } } });
  const added = await open.call('POST', '/v1/references', { body: { name: 'web', source } });
  expect(added.status).toBe(201);
  expect(await added.json()).toMatchObject({ width: 24, source: source.split('?')[0] });
});

test('a reference is its own workspace’s, and works in a batch', async () => {
  const server = await liveServer();
  const { call } = server;
  await call('POST', '/v1/references', { body: form('hero', await paintPicture(512, 512)) });
  await server.engine.service.workspaces.create({ id: 'other', balance: 'none' });
  const key = await server.issueKey({ workspace: 'other' });
  for (const path of ['', '/picture']) {
    expect((await call('GET', `/v1/references/hero${path}`, { key })).status).toBe(404);
  }
  expect((await call('DELETE', '/v1/references/hero', { key })).status).toBe(404);
  const batch = { model: 'gpt-image-2', prompts: ['@hero on a boat'], images: ['@hero'] };
  expect((await call('POST', '/v1/batches', { key, body: batch })).status).toBe(422);
  expect((await call('POST', '/v1/batches', { body: batch })).status).toBe(201);
});
