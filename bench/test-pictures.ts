import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { RawPicture } from '../src/engine/finish/raw-picture.ts';
import { paint } from '../src/engine/vendors/demo-painter/paint.ts';

/** Where Debian's python3-skimage puts its photographs. */
const SKIMAGE = '/usr/lib/python3/dist-packages/skimage/data';
/**
 * Those that the package itself declares to be CC0 or in the public domain (`skimage/data/_fetchers.py`).
 * They are measured where they are installed, and not shipped.
 */
const PHOTOGRAPHS = [
  'astronaut.png',
  'brick.png',
  'camera.png',
  'chelsea.png',
  'coffee.png',
  'grass.png',
  'gravel.png',
  'hubble_deep_field.jpg',
  'retina.jpg',
  'rocket.jpg',
];
const MOST_PHOTOGRAPHS = 50;

export const WITHOUT_PHOTOGRAPHS =
  'No photographs: `apt-get install python3-skimage`, or `--photos FOLDER` for your own (PNG or JPEG).';

const PAINTINGS = [
  'a lighthouse on a cliff, boats, evening',
  'a city at night in the rain',
  'a mountain lake in autumn',
  'a tea set in a room',
  'a snowy forest with a fox',
  'a coral reef',
];
const PAINTING_SIDE = 768;

/** Photographs of a folder, or of the installed package; none where there are none. */
export async function photographs(folder: string | undefined): Promise<RawPicture[]> {
  const place = folder ?? SKIMAGE;
  const there = await readdir(place).catch(() => []);
  const names = there
    .filter((name) => (folder === undefined ? PHOTOGRAPHS.includes(name) : isPhotograph(name)))
    .toSorted()
    .slice(0, MOST_PHOTOGRAPHS);
  return await Promise.all(names.map(async (name) => await decode(join(place, name))));
}

/** What the demo model paints. */
export function paintings(seed: number): RawPicture[] {
  const side = { width: PAINTING_SIDE, height: PAINTING_SIDE };
  return PAINTINGS.map((prompt, at) => {
    const { data } = paint({ prompt, ...side, quality: 'medium', seed: seed + at });
    return { data, ...side, channels: 3 };
  });
}

/** Circles, fans of lines and thin letters made of strokes, black on white. */
export async function lineArt(): Promise<RawPicture> {
  const fan = Array.from({ length: 36 }, (_, at) => {
    const angle = (at * Math.PI) / 18;
    const [x, y] = [190 + 170 * Math.cos(angle), 190 + 170 * Math.sin(angle)];
    return `<line x1="190" y1="190" x2="${x}" y2="${y}"/>`;
  });
  const rings = Array.from(
    { length: 9 },
    (_, at) => `<circle cx="560" cy="190" r="${20 + at * 18}"/>`,
  );
  const letters = Array.from(
    { length: 4 },
    (_, line) =>
      `<path transform="translate(30 ${440 + line * 70}) scale(${1 - line * 0.2})" d="M0 50 L20 0 L40 50 M8 30 H32 M60 50 V0 H80 Q95 12 80 25 H60 M80 25 Q100 38 80 50 H60 M150 8 Q120 -10 120 25 Q120 60 150 42 M170 0 V50 Q215 45 215 25 Q215 5 170 0 M240 50 V0 H275 M240 25 H268 M240 50 H275 M300 50 V0 L340 50 V0 M390 25 A20 25 0 1 1 389 24 M440 0 H480 L440 50 H480"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="768" height="768"><rect width="768" height="768" fill="#fff"/><g fill="none" stroke="#000" stroke-width="3">${[...fan, ...rings, ...letters].join('')}</g></svg>`;
  return await decode(Buffer.from(svg));
}

function isPhotograph(name: string): boolean {
  return /\.(?:png|jpe?g)$/i.test(name);
}

async function decode(input: string | Buffer): Promise<RawPicture> {
  const { data, info } = await sharp(input)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}
