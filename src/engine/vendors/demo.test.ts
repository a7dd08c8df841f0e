import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { createDemoLane } from './demo.ts';
import type { LaneRequest, SubmitAnswer } from './vendor.ts';

const lane = createDemoLane({ threads: 2 });
afterAll(() => lane[Symbol.asyncDispose]());

const request = (fields: Partial<LaneRequest> = {}): LaneRequest => ({
  key: 'run-1-request-1',
  model: 'demo',
  prompt: 'a red sailboat at sunset',
  size: { width: 128, height: 96 },
  quality: 'low',
  count: 1,
  references: [],
  format: 'png',
  ...fields,
});
const submit = (fields: Partial<LaneRequest> = {}, signal = new AbortController().signal) =>
  lane.submit(request(fields), { signal });

function picturesOf(answer: SubmitAnswer): Uint8Array[] {
  if (answer.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(answer)}`);
  return answer.images.map((image) => {
    if (image.kind !== 'image' || image.source.kind !== 'bytes') throw new Error('no bytes');
    return image.source.bytes;
  });
}
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('createDemoLane()', () => {
  test.each(['png', 'jpeg', 'webp'] as const)(
    'answers with a %s of the size asked, for nothing',
    async (format) => {
      const answer = await submit({ format });
      expect(answer).toMatchObject({ kind: 'answered', usdMicros: 0 });
      const facts = await sharp(picturesOf(answer)[0]).metadata();
      expect(facts).toMatchObject({ format, width: 128, height: 96 });
    },
  );

  test('image i of a request is the picture of seed + i', async () => {
    const pictures = picturesOf(await submit({ count: 3, seed: 40 }));
    const alone = picturesOf(await submit({ seed: 42 }));
    expect(hashOf(pictures[2]!)).toBe(hashOf(alone[0]!));
    expect(new Set(pictures.map(hashOf)).size).toBe(3);
  });

  test('without a seed the same prompt gives the same picture under any key', async () => {
    const one = picturesOf(await submit({ key: 'run-1-request-1' }));
    const two = picturesOf(await submit({ key: 'run-2-request-9' }));
    expect(hashOf(one[0]!)).toBe(hashOf(two[0]!));
  });

  test('another process paints the same bytes, and its idle workers let it end', async () => {
    const module = new URL('./demo.ts', import.meta.url).href;
    const script = `
      const { createDemoLane } = await import(${JSON.stringify(module)});
      const answer = await createDemoLane().submit(${JSON.stringify(request())}, { signal: new AbortController().signal });
      const { createHash } = await import('node:crypto');
      console.log(createHash('sha256').update(answer.images[0].source.bytes).digest('hex'));`;
    const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(run.stdout.trim()).toBe(hashOf(picturesOf(await submit())[0]!));
  });

  test('a reference picture lends its colours, an address only changes the seed', async () => {
    const bytes = await sharp({
      create: { width: 8, height: 8, channels: 3, background: '#c02020' },
    })
      .png()
      .toBuffer();
    const plain = picturesOf(await submit({ seed: 1 }))[0]!;
    const lent = picturesOf(
      await submit({ seed: 1, references: [{ kind: 'bytes', bytes, mediaType: 'image/png' }] }),
    )[0]!;
    const linked = picturesOf(
      await submit({ seed: 1, references: [{ kind: 'url', url: 'https://example.com/a.png' }] }),
    )[0]!;
    expect(new Set([plain, lent, linked].map(hashOf)).size).toBe(3);
  });

  test('bytes that are no picture are an invalid request', async () => {
    const references = [
      { kind: 'bytes', bytes: new Uint8Array([1, 2]), mediaType: 'image/png' },
    ] as const;
    expect(await submit({ references })).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid-request' },
    });
  });

  test('a size that it cannot paint is an invalid request', async () => {
    expect(await submit({ size: { width: 4096, height: 64 } })).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid-request' },
    });
  });

  test('a stopped call was never sent, whether stopped before or midway', async () => {
    const notSent = { kind: 'failed', failure: { kind: 'not-sent' } };
    expect(await submit({}, AbortSignal.abort())).toMatchObject(notSent);
    const controller = new AbortController();
    const answer = submit({ size: { width: 2048, height: 2048 }, count: 3 }, controller.signal);
    controller.abort();
    expect(await answer).toMatchObject(notSent);
    expect(await submit()).toMatchObject({ kind: 'answered' });
  });

  test('disposing twice is as good as once', async () => {
    const other = createDemoLane({ threads: 1 });
    await other.submit(request(), { signal: new AbortController().signal });
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });
});
