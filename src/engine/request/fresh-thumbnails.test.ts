import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { MOST_ITEMS_BY_ITSELF } from '../core/contact-page.ts';
import { THUMBNAIL_SIDE } from '../core/thumbnail.ts';
import { inspectImage } from '../finish/check/check-image.ts';
import type { Inspection } from '../finish/check/image-inspector.ts';
import { FreshThumbnails } from './fresh-thumbnails.ts';

describe('FreshThumbnails', () => {
  test('gives the thumbnail of a picture that was looked at and stored, once', async () => {
    const thumbnails = new FreshThumbnails(new VirtualClock());
    const blobs = thumbnails.beside(memoryBlobs());
    const picture = await paintPicture(800, 400);
    const inspection = await thumbnails.inspecting(inspectImage)(picture);
    expect(inspection).toEqual(await inspectImage(picture));
    const { hash } = await blobs.put(picture);
    expect(blobs.thumbnail?.(hash, THUMBNAIL_SIDE * 2)).toBeUndefined();
    const { format, width, height } = await sharp(
      blobs.thumbnail?.(hash, THUMBNAIL_SIDE),
    ).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 360, height: 180 });
    expect(blobs.thumbnail?.(hash, THUMBNAIL_SIDE)).toBeUndefined();
  });

  test('makes none of a picture that is clear in places, and none of what is broken', async () => {
    const thumbnails = new FreshThumbnails(new VirtualClock());
    const blobs = thumbnails.beside(memoryBlobs());
    const create = { width: 64, height: 64, channels: 4 as const, background: '#ff000080' };
    const clear = await sharp({ create }).png().toBuffer();
    for (const bytes of [clear, Buffer.from('text')]) {
      await thumbnails.inspecting(inspectImage)(bytes);
      const { hash } = await blobs.put(bytes);
      expect(blobs.thumbnail?.(hash, THUMBNAIL_SIDE)).toBeUndefined();
    }
  });

  test('holds as many as a page has, and others when nobody asked for those for a while', async () => {
    const clock = new VirtualClock();
    const thumbnails = new FreshThumbnails(clock);
    const blobs = thumbnails.beside(memoryBlobs());
    const asked: boolean[] = [];
    const inspect = thumbnails.inspecting(async (_, side) => {
      asked.push(side !== undefined);
      return { ...INSPECTION, ...(side !== undefined && { thumbnail: Buffer.from('webp') }) };
    });
    const add = async (number: number) => {
      const bytes = Buffer.from(`picture ${number}`);
      await inspect(bytes);
      return await blobs.put(bytes);
    };
    const first = await add(0);
    for (let number = 1; number < MOST_ITEMS_BY_ITSELF + 5; number += 1) await add(number);
    expect(asked.filter(Boolean)).toHaveLength(MOST_ITEMS_BY_ITSELF);
    expect(blobs.thumbnail?.(first.hash, THUMBNAIL_SIDE)).toBeDefined();
    await add(-1);
    await add(-2);
    expect(asked.slice(-2)).toEqual([true, false]);
    await clock.advance(11 * 60_000);
    const late = await add(-3);
    expect(blobs.thumbnail?.(late.hash, THUMBNAIL_SIDE)).toBeDefined();
  });
});

const INSPECTION: Inspection = {
  kind: 'image',
  width: 8,
  height: 8,
  format: 'png',
  blank: false,
  measures: { detail: 1, fingerprint: '0'.repeat(32), signature: '0'.repeat(96) },
};
