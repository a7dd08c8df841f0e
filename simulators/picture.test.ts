import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture, preparePictures } from './picture.ts';
import { hashPrompt, readSimulatedMark } from './simulated-mark.ts';

const SIZE = { width: 320, height: 192 };

describe.each(['png', 'jpeg', 'webp'] as const)('a %s', (format) => {
  const paint = (imageId: string, blank = false) =>
    paintPicture({ size: SIZE, format, blank, prompt: 'a fox', imageId });

  test('decodes at its size and is not blank', async () => {
    const { bytes } = await paint('one-0');
    const { data, info } = await sharp(bytes).toColourspace('srgb').raw().toBuffer({
      resolveWithObject: true,
    });
    expect([info.width, info.height]).toEqual([320, 192]);
    expect(new Set(data).size).toBeGreaterThan(20);
    expect(bytes.length).toBeLessThan(10_000);
  });

  test('can be blank', async () => {
    const { channels } = await sharp((await paint('one-0', true)).bytes).stats();
    expect(channels.every((channel) => channel.stdev < 1)).toBe(true);
  });

  test('carries its mark, so that no two have the same bytes and the same order always has', async () => {
    const [first, second, again] = [
      await paint('one-0'),
      await paint('one-1'),
      await paint('one-0'),
    ];
    expect(readSimulatedMark(first.bytes)).toEqual({
      promptHash: hashPrompt('a fox'),
      imageId: 'one-0',
    });
    expect(second.hash).not.toBe(first.hash);
    expect(again.hash).toBe(first.hash);
  });
});

test('a picture of somebody else has no mark', async () => {
  const plain = await sharp({
    create: { width: 8, height: 8, channels: 3, background: 'red' },
  })
    .png()
    .toBuffer();
  expect(readSimulatedMark(plain)).toBeUndefined();
});

test('prepared pictures need no work in the background', async () => {
  await preparePictures([SIZE], ['jpeg', 'webp']);
  let isPainted = false;
  const order = { size: SIZE, format: 'webp', blank: false, prompt: 'x', imageId: 'x-0' } as const;
  const painting = paintPicture(order).then(() => {
    isPainted = true;
  });
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(isPainted).toBe(true);
  await painting;
});
