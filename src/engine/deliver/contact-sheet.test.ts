import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintFlat } from '../../../test/support/pictures.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { makeContactSheet } from './contact-sheet.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { bitmapLettering, findLettering, fitText, fontLettering, wrapText } from './lettering.ts';
import type { Lettering } from './lettering.ts';
import { pickTiles } from './pick-tiles.ts';
import { layOut } from './sheet-layout.ts';

const many = (count: number): ItemRecord[] =>
  Array.from({ length: count }, (_, at) => itemRecord({ row: { number: at + 1 } }));
const streaming = (items: readonly ItemRecord[]) =>
  async function* () {
    yield* items;
  };

async function draw(items: readonly ItemRecord[], lettering?: Lettering, masters = memoryBlobs()) {
  const outFolder = await temporaryFolder();
  const file = await makeContactSheet({
    outFolder,
    run: RUN_FACTS,
    entries: streaming(items),
    masters,
    ...(lettering === undefined ? {} : { lettering }),
  });
  return file === undefined ? undefined : sharp(join(outFolder, file));
}

/** The colour in the middle of a part of the sheet, as shares of 255 rounded to tenths. */
async function colourAt(sheet: Sharp, left: number, top: number): Promise<number[]> {
  const pixel = await sheet.clone().extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return [...pixel].slice(0, 3).map((value) => Math.round(value / 25.5) / 10);
}

describe('makeContactSheet()', () => {
  test('shows each picture in its place and a panel for what has none', async () => {
    const masters = memoryBlobs();
    const colours = ['#ff0000', '#00ff00', '#0000ff'];
    const items = await Promise.all(
      colours.map(async (colour, at) => {
        const stored = await masters.put(await paintFlat(colour, 512, 512));
        const image = { ...stored, width: 512, height: 512, format: 'png' as const };
        return itemRecord({ image, row: { number: at + 1 } });
      }),
    );
    items.splice(1, 0, itemRecord({ state: 'refused', reason: 'policy', row: { number: 9 } }));
    const sheet = await draw(items, undefined, masters);
    const { columns, tile, gap, header, caption, width, height } = layOut(
      items.map(({ image, size }) => image ?? size),
    );
    expect(await sheet?.metadata()).toMatchObject({ width, height });
    const seen = await Promise.all(
      items.map((_, at) =>
        colourAt(
          sheet!,
          Math.round(gap + (at % columns) * (tile.width + gap) + tile.width / 2),
          Math.round(
            header + Math.floor(at / columns) * (tile.height + caption + gap) + tile.height * 0.8,
          ),
        ),
      ),
    );
    expect(seen).toEqual([
      [1, 0, 0],
      [0.1, 0.1, 0.1],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  test('says along the lower edge of a picture what was found about it', async () => {
    const masters = memoryBlobs();
    const stored = await masters.put(await paintFlat('#ff0000', 512, 512));
    const image = { ...stored, width: 512, height: 512, format: 'png' as const };
    const drifted = [{ kind: 'drifted', from: 'start' }] as const;
    const edgeOf = async (flags: ItemRecord['flags']) => {
      const item = itemRecord({ image, ...(flags && { flags }) });
      const { tile, gap, header } = layOut([image]);
      const sheet = (await draw([item], bitmapLettering, masters))!;
      // Beside the letters, on the badge's ground.
      return colourAt(sheet, gap + 18, Math.round(header + tile.height - 24));
    };
    expect(await edgeOf(undefined)).toEqual([1, 0, 0]);
    expect(await edgeOf([])).toEqual([1, 0, 0]);
    expect((await edgeOf(drifted))[0]).toBeLessThan(0.4);
  });

  test('shows no canaries, which all look alike', async () => {
    const items = [itemRecord(), itemRecord({ canary: 1 }), itemRecord({ row: { number: 2 } })];
    const { tiles, showable, counts } = await pickTiles(streaming(items), 10);
    expect(tiles.map(({ row }) => row.number)).toEqual([1, 2]);
    expect([showable, counts.delivered]).toEqual([2, 2]);
  });

  test('is not made while there is nothing to show', async () => {
    expect(await draw([itemRecord({ state: 'waiting' })])).toBeUndefined();
  });

  test('shows a panel for a picture that the store has lost', async () => {
    const image = { hash: '0'.repeat(64), bytes: 1, width: 64, height: 64, format: 'png' as const };
    expect(await draw([itemRecord({ image })])).toBeDefined();
  });

  test.each([
    ['fonts', fontLettering],
    ['bitmap letters', bitmapLettering],
  ])('draws any prompt and reason with %s', async (_, lettering) => {
    const awkward = '<&"\'> \u0000\u001b 猫 🐱 ẞ\ud800 '.repeat(50);
    const items = [
      itemRecord({ state: 'failed', reason: awkward, row: { prompt: awkward } }),
      itemRecord({ state: 'refused', reason: 'x'.repeat(5000), row: { prompt: 'y'.repeat(5000) } }),
    ];
    expect(await draw(items, lettering)).toBeDefined();
  });

  test('shows a panel for a picture that is cut off', async () => {
    const masters = memoryBlobs();
    const whole = await paintFlat('#ff0000', 64, 64);
    const stored = await masters.put(whole.subarray(0, whole.length / 2));
    const image = { ...stored, width: 64, height: 64, format: 'png' as const };
    const sheet = await draw([itemRecord({ image })], undefined, masters);
    expect((await sheet?.metadata())?.format).toBe('webp');
  });

  test('has letters on every machine', async () => {
    const lettering = await findLettering();
    const text = lettering.draw('Row 12', { x: 4, baseline: 40, size: 32, colour: '#ffffff' });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="48">${text}</svg>`;
    const { channels } = await sharp(Buffer.from(svg)).flatten().stats();
    expect(channels[0]?.max).toBe(255);
  });
});

describe('pickTiles()', () => {
  test('takes all of a small run and spreads over a large one, without gaps or repeats', async () => {
    for (const [count, most] of [
      [5, 10],
      [10, 10],
      [11, 10],
      [997, 200],
    ] as const) {
      const { tiles, showable } = await pickTiles(streaming(many(count)), most);
      const numbers = tiles.map(({ row }) => row.number);
      expect(showable).toBe(count);
      expect(numbers).toHaveLength(Math.min(count, most));
      const steps = numbers.slice(1).map((number, at) => number - numbers[at]!);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(Math.floor(count / most) || 1);
      expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil(count / most));
    }
  });
});

describe('layOut()', () => {
  test('holds all tiles and stays within what WebP can hold', () => {
    for (let count = 1; count <= 200; count += 1) {
      for (const size of [
        { width: 1, height: 1 },
        { width: 21, height: 9 },
        { width: 9, height: 21 },
      ]) {
        const { columns, rows, width, height } = layOut(Array.from({ length: count }, () => size));
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * (rows - 1)).toBeLessThan(count);
        expect(Math.max(width, height)).toBeLessThan(16_383);
      }
    }
  });
});

describe('lettering', () => {
  test.each([
    ['fonts', fontLettering],
    ['bitmap letters', bitmapLettering],
  ])('fits and wraps text by width with %s', (_, lettering) => {
    const text = 'A mountain lake at dawn, mist over the water';
    expect(fitText('short', 300, 16, lettering)).toBe('short');
    expect(lettering.widthOf(fitText(text, 120, 16, lettering), 16)).toBeLessThanOrEqual(120);
    const lines = wrapText(text, 160, 16, 3, lettering);
    expect(lines.length).toBeLessThanOrEqual(3);
    for (const line of lines) expect(lettering.widthOf(line, 16)).toBeLessThanOrEqual(160);
    expect(wrapText(text, 10_000, 16, 3, lettering)).toEqual([text]);
  });
});
