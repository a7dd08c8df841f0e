import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { flaggedPicture } from '../../../../test/support/flagged-picture.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { UsageError } from '../../core/errors.ts';
import { paint } from '../../vendors/demo-painter/paint.ts';
import { modelInput } from './model-input.ts';
import { openScreenModel, verdictOf } from './screen-model.ts';
import { findScreenPackages } from './screen-packages.ts';
import { createScreener } from './screener.ts';

describe('the screening model', () => {
  test('gives the numbers that TensorFlow.js gives for the same picture', async () => {
    const model = await openScreenModel(findScreenPackages([]));
    const classes = await model.classify(await asPng(noise(299), 299));
    // Drawing, Hentai, Neutral, Porn, Sexy: @tensorflow/tfjs-layers 4.22.0 with the package's own weights.
    const wanted = [0.234_225, 0.014_318, 0.741_407, 0.007_471, 0.002_579];
    for (const [at, share] of wanted.entries()) expect(classes[at]).toBeCloseTo(share, 4);
  });

  test('sees the size that it was trained for, sampled at aligned corners', async () => {
    const side = 299;
    const pixels = noise(side);
    const input = await modelInput(await asPng(pixels, side), side);
    expect(input[0]).toBeCloseTo(pixels[0]! / 255, 6);
    // All reds come first, then greens.
    expect(input[side * side + 7]).toBeCloseTo(pixels[7 * 3 + 1]! / 255, 6);
    const stretched = await modelInput(await asPng(Buffer.from([0, 0, 0, 200, 100, 50]), 2, 1), 5);
    const reds = stretched.slice(0, 5).map((value) => Math.round(value * 255));
    expect(Array.from(reds)).toEqual([0, 50, 100, 150, 200]);
  });

  test('sees a picture as it is shown: upright, and on white where it is clear', async () => {
    const pixels = Buffer.from([255, 0, 0, 0, 0, 255]);
    const side = await sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const upright = await modelInput(side, 2);
    expect(Array.from(upright.slice(0, 4))).toEqual([1, 1, 0, 0]);
    const clear = await asPng(Buffer.alloc(4 * 4), 2, 2, 4);
    expect(new Set(await modelInput(clear, 3))).toEqual(new Set([1]));
  });
});

describe('a verdict', () => {
  test('flags what three classes together make likely, by the likeliest of them', () => {
    // Drawing, Hentai, Neutral, Porn, Sexy.
    expect(verdictOf([0.1, 0.1, 0.1, 0.5, 0.2])).toEqual({
      label: 'porn',
      score: expect.closeTo(0.8),
    });
    expect(verdictOf([0.1, 0.6, 0.1, 0.1, 0.1])).toMatchObject({ label: 'hentai' });
    expect(verdictOf([0, 0, 0.25, 0.05, 0.7])).toMatchObject({ label: 'sexy' });
    expect(verdictOf([0.2, 0.3, 0.15, 0.2, 0.15])).toBeUndefined();
  });
});

describe('createScreener()', () => {
  test('flags what looks like it to the model, none of some paintings, and no file that is no picture', async () => {
    await using screener = createScreener([]);
    await screener.ready();
    const flagged = await screener.screen(await flaggedPicture());
    expect(flagged).toMatchObject({ label: 'porn' });
    expect(flagged!.score).toBeGreaterThan(0.85);
    const prompts = [
      'a lighthouse at night',
      'portrait of a woman',
      'a man on a beach',
      'a teapot',
    ];
    for (const [seed, prompt] of prompts.entries()) {
      const painted = paint({ prompt, width: 320, height: 320, quality: 'low', seed });
      expect(await screener.screen(await asPng(painted.data, 320))).toBeUndefined();
    }
    expect(await screener.screen(Buffer.from('no picture'))).toBeUndefined();
  });

  test('says what to install before any picture is worked on', async () => {
    const folder = await temporaryFolder();
    const own = join(folder, 'imagemill.js');
    const find = () => findScreenPackages([], own);
    expect(find).toThrow(UsageError);
    expect(find).toThrow(
      /onnxruntime-node, which is not installed\. Run `.*npm install onnxruntime/,
    );
    await fakePackage(folder, 'onnxruntime-node', { main: 'index.js' });
    expect(find).toThrow(/nsfwjs, which is not installed\. Run `npm install nsfwjs@4\.4\.0/);
  });

  test('looks in the user’s folders first, and says so when what is there is no model', async () => {
    const folder = await temporaryFolder();
    await fakePackage(folder, 'nsfwjs', {
      exports: { './models/inception_v3': { import: './index.js' } },
    });
    expect(findScreenPackages([folder]).model).toBe(
      join(folder, 'node_modules', 'nsfwjs', 'index.js'),
    );
    await using screener = createScreener([folder]);
    await expect(screener.ready()).rejects.toThrow(UsageError);
    await expect(screener.ready()).rejects.toThrow(/holds no model\. Install the version/);
  });
});

async function fakePackage(folder: string, name: string, manifest: object): Promise<void> {
  const home = join(folder, 'node_modules', name);
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, 'package.json'),
    JSON.stringify({ name, type: 'module', ...manifest }),
  );
  await writeFile(join(home, 'index.js'), 'export const nothing = 1;\n');
}

/** Row by row; each colour's plane counts on where the one before has ended. */
function noise(side: number): Buffer {
  const pixels = Buffer.alloc(side * side * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let at = 0; at < side * side; at += 1) {
      const number = (channel * side * side + at) * 2_654_435_761;
      pixels[at * 3 + channel] = (number >>> 0) % 256;
    }
  }
  return pixels;
}

function asPng(
  pixels: Uint8Array,
  width: number,
  height = width,
  channels: 3 | 4 = 3,
): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels } }).png().toBuffer();
}
