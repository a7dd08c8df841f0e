/**
 * A sheet as people write them, with pictures beside it: prompts of one word and of many hundred
 * characters, in several languages, with quotes, commas and line breaks; every prompt only once.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import sharp from 'sharp';
import { type Random, seededRandom } from '../../src/engine/core/random.ts';

export const SHEET_FILE = 'campaign 2026.csv';
const REFERENCE_FOLDER = 'references';

/** A picture that rows refer to. Upright its upper half has one colour, and the lower half is dark. */
export interface ReferenceFile {
  readonly file: string;
  readonly colour: Colour;
  /** As it is seen, upright. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 6: the file's pixels lie on their side. */
  readonly turned?: true;
  /** Strength of the noise that makes a file large. */
  readonly noise?: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

export const REFERENCES: readonly ReferenceFile[] = [
  { file: 'hero.jpg', colour: [220, 60, 60], width: 480, height: 640, turned: true },
  // Above four megapixels and two megabytes: FLUX Kontext does not get it as it is.
  { file: 'Großes Plakat.jpg', colour: [60, 190, 90], width: 2600, height: 2000, noise: 60 },
  { file: 'bottle.png', colour: [70, 90, 220], width: 512, height: 512 },
  { file: 'shoe, left.png', colour: [225, 190, 50], width: 640, height: 400 },
  { file: 'room.jpg', colour: [190, 70, 200], width: 400, height: 600 },
  { file: '产品.png', colour: [60, 200, 210], width: 420, height: 420 },
];

/** A row as it was written. */
export interface WrittenRow {
  readonly prompt: string;
  /** How many images it asks for. */
  readonly count: number;
  readonly reference?: ReferenceFile;
}

/** Writes `SHEET_FILE` and its pictures into `folder`. The same seed writes the same sheet. */
export async function writeReferenceSheet(
  folder: string,
  order: { readonly rows: number; readonly seed: number },
): Promise<readonly WrittenRow[]> {
  await mkdir(join(folder, REFERENCE_FOLDER));
  for (const reference of REFERENCES) {
    await writeFile(join(folder, REFERENCE_FOLDER, reference.file), await paint(reference));
  }
  const random = seededRandom(order.seed);
  const rows = Array.from({ length: order.rows }, (_, place) => rowAt(place, random));
  const lines = rows.map(({ prompt, count, reference }, place) => ({
    id: `P-${String(place + 1).padStart(4, '0')}`,
    category_name: pick(CATEGORIES, random),
    aspect_ratio: random.next() < 0.1 ? pick(RATIOS, random) : '',
    prompt,
    n: count === 1 ? '' : String(count),
    image: reference === undefined ? '' : `${REFERENCE_FOLDER}/${reference.file}`,
    source_page: `https://example.org/gallery?page=${place + 1}`,
  }));
  await writeFile(
    join(folder, SHEET_FILE),
    `\uFEFF${stringify(lines, { header: true, record_delimiter: 'windows' })}`,
  );
  return rows;
}

/** About a third of the rows have a reference; a few at fixed places have the large one. */
function rowAt(place: number, random: Random): WrittenRow {
  const prompt = pick(PROMPTS, random)(place + 1, random);
  const count = random.next() < 0.06 ? 2 + Math.floor(random.next() * 2) : 1;
  if (place % 37 === 15) return { prompt, count, reference: LARGE_REFERENCE };
  if (random.next() >= 1 / 3) return { prompt, count };
  return { prompt, count, reference: pick(SMALL_REFERENCES, random) };
}

const LARGE_REFERENCE = REFERENCES.find(({ noise }) => noise !== undefined)!;
const SMALL_REFERENCES = REFERENCES.filter(({ noise }) => noise === undefined);
const CATEGORIES = [
  'Product',
  'Outdoor Scenes',
  "Women's Fashion",
  'UI & 图标',
  'Writing, Symbols',
];
const RATIOS = ['1:1', '3:4', '16:9', '9:16'];
const THINGS = [
  'lighthouse',
  'violin',
  'fox',
  'greenhouse',
  'tram',
  'teapot',
  'harbour',
  'molecule',
];
const PLACES = ['in fog', 'at dawn', 'under snow', 'by a river', 'in an old town', 'on a shelf'];
const WORDS = ['soft light', '85mm', 'film grain', 'high contrast', 'muted colours', 'no people'];

/** Shapes of prompts, each with its row's number in it, so that no two are equal. */
const PROMPTS: readonly ((number: number, random: Random) => string)[] = [
  (number, random) => `${pick(THINGS, random)} ${number}`,
  (number, random) =>
    `a photo of a ${pick(THINGS, random)} ${pick(PLACES, random)}, plate ${number}, ${pick(WORDS, random)}`,
  (number) => `"Deep Learning ${number}" written on a sign over a door, the letters 5" tall`,
  (number, random) =>
    `第${number}张：竖版构图，电影级质感，${pick(['蓝白条纹针织衫', '青花瓷茶壶', '雨后的老街'], random)}，细节拉满、无噪点`,
  (number, random) =>
    `Scene ${number}\n- subject: ${pick(THINGS, random)}, ${pick(PLACES, random)}\n- light: ${pick(WORDS, random)}`,
  (number, random) =>
    `${'masterpiece, best quality, '.repeat(2)}${longText(random)}, seed idea no. ${number}`,
  (number, random) =>
    `Ein ${pick(['Leuchtturm', 'Gewächshaus'], random)} für Größe ${number} 🌊, Öl auf Holz`,
];

function longText(random: Random): string {
  const parts = Array.from(
    { length: 25 },
    () => `${pick(THINGS, random)} ${pick(PLACES, random)}, ${pick(WORDS, random)}`,
  );
  return parts.join('; ');
}

async function paint({
  colour,
  width,
  height,
  turned,
  noise,
  file,
}: ReferenceFile): Promise<Buffer> {
  const random = seededRandom(width * height);
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) {
    const isUpper = at < pixels.length / 2;
    const shift = noise === undefined ? 0 : (random.next() - 0.5) * noise;
    pixels[at] = (isUpper ? colour[at % 3]! : DARK) + shift;
  }
  const raw = { width, height, channels: 3 } as const;
  const upright = sharp(pixels, { raw });
  const picture = turned ? upright.rotate(270).withMetadata({ orientation: 6 }) : upright;
  return file.endsWith('.png')
    ? picture.png().toBuffer()
    : picture.jpeg({ quality: 92 }).toBuffer();
}

/** Brightness of each lower half; noise does not pass the ends of the range. */
export const DARK = 40;

function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[Math.floor(random.next() * values.length)]!;
}
