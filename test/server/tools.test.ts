import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createClient } from '../../src/api/client/index.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';

async function picture(width: number, name = 'boat.png'): Promise<File> {
  return new File([new Uint8Array(await paintPicture(width, width))], name, { type: 'image/png' });
}

function clientOf({ url, secret }: LiveServer) {
  return createClient({ baseUrl: url, apiKey: secret, retries: 0 });
}

async function demoRun(server: LiveServer) {
  const client = clientOf(server);
  const { run } = await client.runs.create({
    prompts: ['a red boat'],
    settings: { models: ['demo'], size: '256x256' },
    approve: true,
  });
  await client.runs.wait(run);
  const { data } = await client.items.list(run);
  return { client, run, item: data[0]!.item };
}

test('a preview is what the job makes, byte for byte', async () => {
  const server = await liveServer();
  const { client, run, item } = await demoRun(server);
  const job = { kind: 'finish', recipe: 'webp 60 | thumb: resize 64x64; jpeg 70' } as const;
  const tried = await client.tools.preview({ ...job, run, items: [item] });
  expect(tried.figures).toMatchObject({
    before: { width: 256, height: 256, format: 'png' },
    files: [
      { output: null, width: 256, format: 'webp', bytes: tried.picture.size },
      { output: 'thumb', width: 64, format: 'jpeg' },
    ],
  });
  const small = await client.tools.preview({ ...job, run, items: [item] }, { output: 'thumb' });
  expect(small.picture.type).toBe('image/jpeg');
  const { job: id } = await client.jobs.create({ ...job, run, items: [item] });
  await expect
    .poll(() => client.jobs.get(id), { timeout: 20_000 })
    .toMatchObject({ state: 'done' });
  const [made] = await Array.fromAsync(client.jobs.files(id));
  expect(made!.outputs.map(({ bytes }) => bytes)).toEqual(
    tried.figures.files.map(({ bytes }) => bytes),
  );
  const first = await (await client.jobs.file(id, 1)).bytes();
  expect(first).toEqual(await tried.picture.bytes());
});

test('a picture of one’s own is tried, and nothing of it is kept', async () => {
  const server = await liveServer();
  const client = clientOf(server);
  const job = { kind: 'convert', format: 'webp', sizes: [{ size: '32x32' }] } as const;
  const { figures, picture: made } = await client.tools.previewFile(job, await picture(64));
  expect(figures).toMatchObject({ before: { width: 64 }, files: [{ width: 32, height: 32 }] });
  expect(figures.at_once).toBeGreaterThan(0);
  expect(await sharp(await made.bytes()).metadata()).toMatchObject({ format: 'webp', width: 32 });
  expect((await client.jobs.list()).data).toEqual([]);
  const { readdir } = await import('node:fs/promises');
  expect(await readdir(`${server.home}/arriving`)).toEqual([]);
  expect(await readdir(`${server.home}/jobs`).catch(() => [])).toEqual([]);
});

test('what cannot be tried is told', async () => {
  const server = await liveServer();
  const { client, run, item } = await demoRun(server);
  const refused = async (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(await refused(client.tools.preview({ kind: 'upscale', run }))).toMatchObject({
    problems: [{ field: 'body.items' }],
  });
  expect(
    await refused(client.tools.preview({ kind: 'upscale', run, items: ['r0'] })),
  ).toMatchObject({ status: 404 });
  expect(await refused(client.tools.preview({ kind: 'check', run, items: [item] }))).toMatchObject({
    problems: [{ field: 'body.kind' }],
  });
  const sizes = [{ size: '9000x9000' }];
  const huge = { kind: 'convert', sizes, fit: 'pad' } as const;
  expect(await refused(client.tools.preview({ ...huge, run, items: [item] }))).toMatchObject({
    problems: [{ message: expect.stringContaining('81 megapixels') as string }],
  });
  const text = new File(['no picture'], 'bad.png', { type: 'image/png' });
  expect(await refused(client.tools.previewFile({ kind: 'upscale' }, text))).toMatchObject({
    problems: [{ field: 'body.picture' }],
  });
  expect(
    await refused(client.tools.previewFile({ kind: 'mark' }, await picture(16))),
  ).toMatchObject({ status: 422 });
  expect(await refused(client.tools.inspect(text))).toMatchObject({
    problems: [{ message: expect.stringContaining('no picture') as string }],
  });
});

test('a file tells what it is, and of which image of this workspace', async () => {
  const server = await liveServer();
  const { client, run, item } = await demoRun(server);
  const own = await client.tools.inspectItem(run, item, { output: 'main' });
  expect(own).toMatchObject({
    format: 'PNG',
    width: 256,
    decodes: 'whole',
    marks: { prompt: 'a red boat', runId: run },
    credentials: { kind: 'none' },
    known: [{ kind: 'item', runId: run, itemId: item, row: 1 }],
  });
  const file = new File(
    [await (await client.images.get(run, item, { output: 'main' })).bytes()],
    'a.png',
    { type: 'image/png' },
  );
  expect(await client.tools.inspect(file)).toEqual(own);
  // Another workspace reads the same file, and learns of no run.
  const key = await server.issueKey({ workspace: 'other', role: 'viewer' });
  const other = createClient({ baseUrl: server.url, apiKey: key });
  expect(await other.tools.inspect(file)).toEqual({ ...own, known: [] });
  await expect(other.tools.inspectItem(run, item)).rejects.toMatchObject({ status: 404 });
});

test('many large files at once are not tried: they would all be in memory together', async () => {
  const server = await liveServer();
  const client = clientOf(server);
  const outputs = Array.from({ length: 20 }, (_, number) => `f${number}: upscale 2x lanczos; png`);
  const job = { kind: 'finish', recipe: outputs.join(' | ') } as const;
  const refused: unknown = await client.tools
    .previewFile(job, await picture(1_600))
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    problems: [{ message: expect.stringContaining('megapixels') as string }],
  });
});

/** A picture of a few kilobytes with texts of as many megabytes. */
async function textBomb(texts: number): Promise<File> {
  const plain = Buffer.from(await paintPicture(16, 16));
  const packed = deflateSync(Buffer.alloc(3 * 2 ** 20, 'a'));
  const data = Buffer.concat([Buffer.from('zTXtnote\0\0', 'latin1'), packed]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length - 4, 0);
  frame.writeUInt32BE(crc32(data), 4);
  const chunk = Buffer.concat([frame.subarray(0, 4), data, frame.subarray(4)]);
  const bytes = Buffer.concat([
    plain.subarray(0, 33),
    ...Array.from({ length: texts }, () => chunk),
    plain.subarray(33),
  ]);
  return new File([new Uint8Array(bytes)], 'bomb.png', { type: 'image/png' });
}

test('texts that unpack to very much are told as far as a person would read', async () => {
  const server = await liveServer();
  const client = clientOf(server);
  const { texts, decodes } = await client.tools.inspect(await textBomb(40));
  expect(decodes).toBe('whole');
  expect(texts).toHaveLength(1);
  expect(texts[0]!.value).toHaveLength(3 * 2 ** 20);
});
