import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { DEMO, itemsOf, newRun, problemOf, untilRun } from '../support/service-run.ts';

async function madeImage(body: Readonly<Record<string, unknown>> = {}) {
  const server = await liveServer();
  const run = await newRun(server.call, body);
  await untilRun(server.call, run);
  const [item] = await itemsOf(server.call, run);
  const path = `/v1/runs/${run}/items/${item!.item}`;
  const get = (query = '', headers: Record<string, string> = {}, method = 'GET') =>
    server.call(method, `${path}/image${query}`, { headers });
  return { ...server, run, item: item!, path, get };
}

test('the master of an item is given with its hash, and never asked for twice', async () => {
  const { get, item } = await madeImage();
  const answer = await get();
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(item.sha256);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    etag: `"${item.sha256}"`,
    'content-type': 'image/png',
    'content-length': String(bytes.length),
    'cache-control': 'private, max-age=31536000, immutable',
    'content-disposition': 'inline; filename=1-1.png',
    'accept-ranges': 'bytes',
  });
  const again = await get('', { 'if-none-match': `W/"x", "${item.sha256}"` });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('HEAD tells of a picture without sending it', async () => {
  const { get } = await madeImage();
  const whole = await (await get()).arrayBuffer();
  const head = await get('', {}, 'HEAD');
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String(whole.byteLength));
  expect(await head.text()).toBe('');
});

test('a part of a picture is given, if it is a part of what the client has', async () => {
  const { get, item } = await madeImage();
  const whole = Buffer.from(await (await get()).arrayBuffer());
  const part = async (headers: Record<string, string>) => {
    const answer = await get('', headers);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return [answer.status, answer.headers.get('content-range'), bytes.equals(whole) || bytes];
  };
  const size = whole.length;
  const head = [206, `bytes 0-9/${size}`, whole.subarray(0, 10)];
  expect(await part({ range: 'bytes=0-9' })).toEqual(head);
  expect(await part({ range: 'bytes=0-9', 'if-range': `"${item.sha256}"` })).toEqual(head);
  expect(await part({ range: 'bytes=-5' })).toEqual([
    206,
    `bytes ${size - 5}-${size - 1}/${size}`,
    whole.subarray(-5),
  ]);
  expect(await part({ range: 'bytes=0-9', 'if-range': '"other"' })).toEqual([200, null, true]);
  expect(await part({ range: 'bytes=0-1,4-5' })).toEqual([200, null, true]);
  expect(await part({ range: 'lines=0-9' })).toEqual([200, null, true]);
  const beyond = await get('', { range: `bytes=${size}-` });
  expect(beyond.headers.get('content-range')).toBe(`bytes */${size}`);
  expect((await problemOf(beyond, 416)).code).toBe('range-not-satisfiable');
});

test.each([
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
] as const)('finished files are given as what they are: %s', async (format, type) => {
  const finish = `resize 64x64; ${format} | small: resize 32x32; ${format}`;
  const { get } = await madeImage({ settings: { ...DEMO, finish } });
  const sizes: (number | undefined)[] = [];
  for (const output of ['main', 'small']) {
    const answer = await get(`?output=${output}&download=true`);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=0001-a-red/);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    sizes.push((await sharp(await answer.arrayBuffer()).metadata()).width);
  }
  expect(sizes).toEqual([64, 32]);
  await problemOf(await get('?output=large'), 404);
});

test('a file that is gone from the disk is a problem, and no broken picture', async () => {
  const { get, home, item } = await madeImage();
  await rm(join(home, 'images'), { recursive: true });
  expect((await problemOf(await get(), 410)).code).toBe('gone');
  await problemOf(await get(`?output=main&x=${item.index}`), 422);
});

test('thumbnails are small, kept, and of the next size that is made', async () => {
  const settings = { ...DEMO, size: '400x300' };
  const { call, path, item } = await madeImage({ settings });
  const small = (query: string, headers = {}) =>
    call('GET', `${path}/thumbnail${query}`, { headers });
  const answer = await small('?width=150');
  expect(answer.headers.get('content-type')).toBe('image/webp');
  const { width, height } = await sharp(await answer.arrayBuffer()).metadata();
  expect(Math.max(width, height)).toBe(192);
  const etag = answer.headers.get('etag')!;
  expect(etag).toBe(`"${item.sha256}-192"`);
  expect((await small('?width=192', { 'if-none-match': etag })).status).toBe(304);
  expect((await small('')).status).toBe(200);
  await problemOf(await small('?width=5000'), 422);
  await problemOf(await small('?width=0'), 422);
});

test('pictures of another workspace, and of items that have none, are not there', async () => {
  const { call, path, issueKey, run } = await madeImage();
  const key = await issueKey({ workspace: 'other' });
  await problemOf(await call('GET', `${path}/image`, { key }), 404);
  await problemOf(await call('GET', `${path}/thumbnail`, { key }), 404);
  const none = `/v1/runs/${run}/items/${'0'.repeat(32)}`;
  await problemOf(await call('GET', `${none}/image`), 404);
  await problemOf(await call('GET', `${none}/thumbnail`), 404);
  await problemOf(await call('GET', `/v1/runs/${run}/items/x/image`), 422);
});
