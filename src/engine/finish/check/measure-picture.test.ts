import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { paint } from '../../vendors/demo-painter/paint.ts';
import { inspectImage } from './check-image.ts';
import { createPicturePool } from '../workers/picture-pool.ts';

const SUBJECTS = ['a city at night', 'a coral reef', 'a tea set in a room', 'a snowy forest'];

describe('what is measured of a picture', () => {
  test('detail is the variance of the Laplacian that libvips finds as well', async () => {
    for (const subject of SUBJECTS) {
      const picture = await painting(subject).png().toBuffer();
      // libvips divides its Laplacian by 9, and counts the border.
      const { sharpness } = await sharp(picture).stats();
      expect((await measure(picture)).detail / (9 * sharpness) ** 2).toBeCloseTo(1, 1);
    }
  });

  test('detail falls to less than half with a blur that is hardly seen, whatever the format', async () => {
    for (const subject of SUBJECTS) {
      const sharpest = (await measure(await painting(subject).png().toBuffer())).detail;
      const soft = (await measure(await painting(subject).blur(0.6).png().toBuffer())).detail;
      expect(soft / sharpest).toBeLessThan(0.5);
      const jpeg = (await measure(await painting(subject).jpeg({ quality: 92 }).toBuffer())).detail;
      expect(jpeg / sharpest).toBeGreaterThan(0.8);
    }
  });

  test('a picture too small for a Laplacian has no detail', async () => {
    const tiny = await sharp(await paintPicture(16, 16))
      .resize(2, 2)
      .png()
      .toBuffer();
    expect((await measure(tiny)).detail).toBe(0);
  });

  test('the fingerprint stays with encoding, scaling and light, and differs between subjects', async () => {
    const prints = await Promise.all(
      SUBJECTS.map(async (subject) => {
        const { fingerprint } = await measure(await painting(subject).png().toBuffer());
        const edits = [
          painting(subject).jpeg({ quality: 50 }),
          painting(subject).resize(200, 200).png(),
          painting(subject).modulate({ brightness: 1.15 }).png(),
          painting(subject).extract({ left: 6, top: 6, width: 244, height: 244 }).png(),
        ];
        for (const edit of edits) {
          const other = (await measure(await edit.toBuffer())).fingerprint;
          expect(bitsApart(fingerprint, other)).toBeLessThanOrEqual(25);
        }
        return fingerprint;
      }),
    );
    for (const [place, one] of prints.entries()) {
      for (const other of prints.slice(0, place)) {
        expect(bitsApart(one, other)).toBeGreaterThan(25);
      }
    }
  });

  test('the signature holds the colours of a grid of 4 by 4 as CIE Lab', async () => {
    const left = { create: { width: 32, height: 64, channels: 3 as const, background: '#ffffff' } };
    const halves = await sharp({ create: { ...left.create, width: 64, background: '#ff0000' } })
      .composite([{ input: left, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const { signature } = await measure(halves);
    const cells = signature.match(/.{6}/g)!;
    expect(cells).toHaveLength(16);
    // White is L 100; sRGB's red is L 53, a 80, b 67.
    expect([cells[0], cells[3]]).toEqual(['ff8080', '88d0c3']);
  });

  test('is the same when a worker thread looks', async () => {
    await using pool = createPicturePool(1);
    const picture = await painting('a mountain lake').png().toBuffer();
    expect(await pool.inspect(picture)).toEqual(await inspectImage(picture));
    const view = Buffer.concat([Buffer.alloc(100), picture]).subarray(100);
    expect(await pool.inspect(view)).toEqual(await inspectImage(picture));
    expect(view.length).toBe(picture.length);
    expect(await pool.inspect(Buffer.from('<html>'))).toMatchObject({ kind: 'broken' });
  });
});

function painting(prompt: string) {
  const { data, width, height } = paint({
    prompt,
    width: 256,
    height: 256,
    quality: 'medium',
    seed: 3,
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function measure(bytes: Uint8Array) {
  const inspection = await inspectImage(bytes);
  if (inspection.kind !== 'image') throw new Error(inspection.reason);
  return inspection.measures;
}

function bitsApart(one: string, other: string): number {
  const bits = (hex: string) => BigInt(`0x${hex}`).toString(2).padStart(128, '0');
  const [a, b] = [bits(one), bits(other)];
  return Array.from(a).filter((bit, place) => bit !== b[place]).length;
}
