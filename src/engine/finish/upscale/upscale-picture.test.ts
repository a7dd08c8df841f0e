import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { UPSCALE_FACTORS, UPSCALE_METHODS } from '../../core/recipe.ts';
import { paint } from '../../vendors/demo-painter/paint.ts';
import type { RawPicture } from '../raw-picture.ts';
import { enlargeLearned, upscalePicture } from './upscale-picture.ts';

const ORDERS = UPSCALE_FACTORS.flatMap((factor) =>
  UPSCALE_METHODS.map((method) => ({ factor, method })),
);

describe('enlarging', () => {
  test.each(ORDERS)('$factor x $method moves nothing', async (order) => {
    const { factor } = order;
    const source = painting(60, 48);
    const result = await upscalePicture(source, order);
    expect(result).toMatchObject({ width: 60 * factor, height: 48 * factor, channels: 3 });
    // Its own blocks' means are nearly the source; a shift of a quarter of a pixel makes 5 times of it.
    expect(meanDifference(blockMeans(result, factor), source)).toBeLessThan(1.2);

    const dot = filled(21, 15, [0, 0, 0]);
    paintPixel(dot, 10, 7, [255, 255, 255]);
    const { x, y } = centroidOf(await upscalePicture(dot, order));
    expect(Math.abs((x + 0.5) / factor - 10.5)).toBeLessThan(0.07);
    expect(Math.abs((y + 0.5) / factor - 7.5)).toBeLessThan(0.07);
  });

  test.each(UPSCALE_FACTORS)('%i x is the same in tiles of any size', async (factor) => {
    const source = painting(70, 43);
    const whole = await enlargeLearned(source, factor, 10_000);
    for (const side of [200, 64, 37]) {
      const tiled = await enlargeLearned(source, factor, side);
      expect(Buffer.compare(tiled.data, whole.data), `tiles of ${side}`).toBe(0);
    }
  });

  test.each(ORDERS)('$factor x $method keeps the tiniest pictures', async (order) => {
    for (const [width, height] of [
      [1, 1],
      [7, 3],
      [1, 9],
      [2, 2],
    ] as const) {
      const result = await upscalePicture(filled(width, height, [200, 90, 30]), order);
      expect(result).toMatchObject({ width: width * order.factor, height: height * order.factor });
      expect(
        meanDifference(result, filled(result.width, result.height, [200, 90, 30])),
      ).toBeLessThan(2);
    }
  });

  test.each(UPSCALE_METHODS)('%s gives the same bytes each time, in any thread', async (method) => {
    const source = painting(50, 40);
    const once = await upscalePicture(source, { factor: 2, method });
    const again = await upscalePicture(source, { factor: 2, method });
    expect(Buffer.compare(again.data, once.data)).toBe(0);
    const elsewhere = await inThread(source, method);
    expect(Buffer.compare(elsewhere, once.data)).toBe(0);
  });

  test('the learned one restores more than Lanczos', async () => {
    for (const factor of UPSCALE_FACTORS) {
      const original = painting(SIDE, SIDE);
      const small = await reduced(original, factor);
      const [learned, lanczos] = await Promise.all(
        (['learned', 'lanczos'] as const).map(async (method) =>
          squareError(await upscalePicture(small, { factor, method }), original),
        ),
      );
      // At least 1 dB.
      expect(learned! / lanczos!).toBeLessThan(0.8);
    }
  });

  test.each(ORDERS)('$factor x $method keeps greys grey', async (order) => {
    const { data, ...size } = painting(40, 30);
    const grey = { ...size, data: data.map((_, at) => data[at - (at % 3)]!) };
    const result = await upscalePicture(grey, order);
    const colourful = result.data.some((value, at) => value !== result.data[at - (at % 3)]);
    expect(colourful).toBe(false);
  });

  test('what would be too large is refused with its sizes', async () => {
    const data = new Uint8Array(6000 * 3000 * 3);
    const order = { factor: 3, method: 'lanczos' } as const;
    await expect(
      upscalePicture({ data, width: 6000, height: 3000, channels: 3 }, order),
    ).rejects.toThrow(/6000x3000 enlarged 3x would be 18000x9000, .* 100 million pixels/);
  });
});

describe('enlarging with transparency', () => {
  test.each(ORDERS)('$factor x $method keeps alpha, and hides what is under it', async (order) => {
    // A red disc; what nobody sees is green.
    const side = 24;
    const source = disc(side, [220, 30, 20], [0, 255, 0]);
    const result = await upscalePicture(source, order);
    expect(result.channels).toBe(4);
    const alphas = pixelsOf(result).map(([, , , alpha]) => alpha!);
    const shown = alphas.reduce((sum, alpha) => sum + alpha, 0) / order.factor ** 2;
    const before = pixelsOf(source).reduce((sum, [, , , alpha]) => sum + alpha!, 0);
    expect(Math.abs(shown / before - 1)).toBeLessThan(0.01);
    for (const [red, green, , alpha] of pixelsOf(result)) {
      if (alpha! < 8) continue;
      expect(green).toBeLessThan(60);
      expect(red).toBeGreaterThan(190);
    }
  });

  test.each(UPSCALE_METHODS)(
    '%s: an alpha that is full everywhere changes nothing',
    async (method) => {
      const source = painting(30, 20);
      const opaque = { ...source, channels: 4 as const, data: withAlpha(source.data, 255) };
      const plain = await upscalePicture(source, { factor: 2, method });
      const result = await upscalePicture(opaque, { factor: 2, method });
      expect(Buffer.compare(result.data, withAlpha(plain.data, 255))).toBe(0);
    },
  );

  test.each(UPSCALE_METHODS)('%s: what is not seen at all stays so', async (method) => {
    const data = withAlpha(painting(9, 9).data, 0);
    const result = await upscalePicture(
      { data, width: 9, height: 9, channels: 4 },
      { factor: 4, method },
    );
    expect(pixelsOf(result).every(([, , , alpha]) => alpha === 0)).toBe(true);
  });
});

type Colour = readonly [red: number, green: number, blue: number];

/** Can be divided by each factor. */
const SIDE = 240;

/** The upper left of one and the same picture. */
function painting(width: number, height: number): RawPicture {
  const { data } = paint({
    prompt: 'a tea set in a room',
    width: SIDE,
    height: SIDE,
    quality: 'medium',
    seed: 6,
  });
  const part = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    part.set(data.subarray(y * SIDE * 3, (y * SIDE + width) * 3), y * width * 3);
  }
  return { data: part, width, height, channels: 3 };
}

function filled(width: number, height: number, colour: Colour): RawPicture {
  const data = new Uint8Array(width * height * 3).map((_, at) => colour[at % 3]!);
  return { data, width, height, channels: 3 };
}

function paintPixel({ data, width }: RawPicture, x: number, y: number, colour: Colour): void {
  data.set(colour, (y * width + x) * 3);
}

function disc(side: number, inside: Colour, outside: Colour): RawPicture {
  const data = new Uint8Array(side * side * 4);
  const middle = (side - 1) / 2;
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const distance = Math.hypot((pixel % side) - middle, Math.trunc(pixel / side) - middle);
    const seen = Math.min(1, Math.max(0, side / 3 + 0.5 - distance));
    data.set([...(seen > 0 ? inside : outside), Math.round(255 * seen)], pixel * 4);
  }
  return { data, width: side, height: side, channels: 4 };
}

function withAlpha(colours: Uint8Array, alpha: number): Uint8Array {
  return Uint8Array.from({ length: (colours.length / 3) * 4 }, (_, at) =>
    at % 4 === 3 ? alpha : colours[Math.trunc(at / 4) * 3 + (at % 4)]!,
  );
}

function pixelsOf({ data, channels }: RawPicture): number[][] {
  return Array.from({ length: data.length / channels }, (_, pixel) => [
    ...data.subarray(pixel * channels, (pixel + 1) * channels),
  ]);
}

function blockMeans({ data, width, height }: RawPicture, factor: number): RawPicture {
  const small = { width: width / factor, height: height / factor };
  const sums = new Float64Array(small.width * small.height * 3);
  for (let at = 0; at < data.length; at += 1) {
    const pixel = Math.trunc(at / 3);
    const x = Math.trunc((pixel % width) / factor);
    const y = Math.trunc(Math.trunc(pixel / width) / factor);
    sums[(y * small.width + x) * 3 + (at % 3)]! += data[at]! / factor ** 2;
  }
  return { ...small, data: Uint8Array.from(sums, Math.round), channels: 3 };
}

function meanDifference(one: RawPicture, other: RawPicture): number {
  const sum = one.data.reduce((total, value, at) => total + Math.abs(value - other.data[at]!), 0);
  return sum / one.data.length;
}

function squareError(one: RawPicture, other: RawPicture): number {
  const sum = one.data.reduce((total, value, at) => total + (value - other.data[at]!) ** 2, 0);
  return sum / one.data.length;
}

/** Of the brightness, in pixels; the first pixel's centre is 0. */
function centroidOf(picture: RawPicture): { readonly x: number; readonly y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (const [pixel, [red]] of pixelsOf(picture).entries()) {
    sum += red!;
    x += red! * (pixel % picture.width);
    y += red! * Math.trunc(pixel / picture.width);
  }
  return { x: x / sum, y: y / sum };
}

/** By libvips, whose reducing keeps the centre where it is. */
async function reduced(picture: RawPicture, factor: number): Promise<RawPicture> {
  const { data, ...raw } = picture;
  const size = { width: raw.width / factor, height: raw.height / factor };
  const small = await sharp(data, { raw })
    .resize({ ...size, kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { ...size, data: small, channels: 3 };
}

async function inThread(picture: RawPicture, method: string): Promise<Uint8Array> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.file)
      .then(({ upscalePicture }) => upscalePicture(workerData.picture, workerData.order))
      .then(({ data }) => parentPort.postMessage(data));`;
  const file = new URL('./upscale-picture.ts', import.meta.url).href;
  const order = { factor: 2, method };
  const worker = new Worker(code, {
    eval: true,
    execArgv: [],
    workerData: { file, picture, order },
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}
