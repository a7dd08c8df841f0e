import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { paintPicture } from './picture.ts';
import { VendorState } from './simulator.ts';

const SIZE = { width: 256, height: 192 };

describe.each(['png', 'jpeg', 'webp'] as const)('a %s with a texture', (format) => {
  test('has its size, and far less detail when it is soft', async () => {
    for (const prompt of ['a fox', 'an owl', 'a lynx']) {
      const [sharpOne, soft] = await Promise.all([0, 3].map((blur) => look(format, prompt, blur)));
      expect([sharpOne!.width, sharpOne!.height]).toEqual([256, 192]);
      expect(soft!.sharpness ** 2 / sharpOne!.sharpness ** 2).toBeLessThan(0.35);
    }
  });

  test('is a prompt’s own, and the same for the same prompt', async () => {
    const [fox, again, owl] = await Promise.all([
      paint(format, 'a fox', 0),
      paint(format, 'a fox', 0),
      paint(format, 'an owl', 0),
    ]);
    expect(again.hash).toBe(fox.hash);
    expect(owl.hash).not.toBe(fox.hash);
  });
});

describe('fade', () => {
  test('softens a model’s pictures after so many, each model by itself', () => {
    const clock = new VirtualClock();
    const state = new VendorState('openai', { clock, fade: { after: 4, blur: 3 } });
    const blurs = [1, 2, 1, 1, 1].map((images) => state.blurOf('one', images));
    expect(blurs).toEqual([0, 0, 0, 3, 3]);
    expect(state.blurOf('other', 1)).toBe(0);
  });

  test('ends with a rest', async () => {
    const clock = new VirtualClock();
    const state = new VendorState('openai', { clock, fade: { after: 1, blur: 3, restMs: 60_000 } });
    expect([state.blurOf('one', 1), state.blurOf('one', 1)]).toEqual([0, 3]);
    const rest = clock.sleep(60_000);
    await clock.step();
    await rest;
    expect([state.blurOf('one', 1), state.blurOf('one', 1)]).toEqual([0, 3]);
  });

  test('is off by default: pictures are plain slopes', () => {
    const state = new VendorState('openai', { clock: new VirtualClock() });
    expect(state.blurOf('one', 1)).toBeUndefined();
  });
});

function paint(format: 'png' | 'jpeg' | 'webp', prompt: string, blur: number) {
  return paintPicture({ size: SIZE, format, blank: false, prompt, imageId: 'one-0', blur });
}

async function look(format: 'png' | 'jpeg' | 'webp', prompt: string, blur: number) {
  const { bytes } = await paint(format, prompt, blur);
  const { width, height } = await sharp(bytes).metadata();
  // libvips' sharpness is the standard deviation of the Laplacian.
  return { width, height, sharpness: (await sharp(bytes).stats()).sharpness };
}
