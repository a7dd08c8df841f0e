import { availableParallelism } from 'node:os';
import sharp, { type Sharp } from 'sharp';
import { parseRecipe } from '../../src/engine/core/recipe.ts';
import { createPicturePool } from '../../src/engine/finish/workers/picture-pool.ts';
import { keepInFlight } from '../keep-in-flight.ts';
import { paintMasters } from '../paint-masters.ts';

export interface ConvertSpeedsInput {
  readonly seed: number;
}

export interface ConversionSpeed {
  readonly what: string;
  readonly images: number;
  readonly bareSeconds: number;
  readonly ownSeconds: number;
}

interface Conversion {
  readonly from: 'png' | 'jpeg';
  readonly recipe: string;
  /** The same by hand, with the same settings. */
  readonly bare: (picture: Sharp) => Promise<unknown>;
}

/** About as long as one round of a conversion takes. */
const ROUND_SECONDS = 0.7;
const ROUNDS = 3;

const jpeg = (picture: Sharp) =>
  picture.flatten({ background: '#ffffff' }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' });
const webp = (picture: Sharp) => picture.webp({ quality: 82, effort: 4 });

const CONVERSIONS: readonly Conversion[] = [
  { from: 'png', recipe: 'jpeg', bare: (picture) => jpeg(picture).toBuffer() },
  { from: 'png', recipe: 'webp 82', bare: (picture) => webp(picture).toBuffer() },
  {
    from: 'png',
    recipe: 'avif',
    bare: (picture) => picture.avif({ quality: 60, effort: 3 }).toBuffer(),
  },
  {
    from: 'jpeg',
    recipe: 'png',
    bare: (picture) => picture.png({ compressionLevel: 6 }).toBuffer(),
  },
  { from: 'jpeg', recipe: 'webp 82', bare: (picture) => webp(picture).toBuffer() },
  {
    from: 'png',
    recipe: 'resize 512x; png',
    bare: (picture) => picture.resize(512).png({ compressionLevel: 6 }).toBuffer(),
  },
  {
    from: 'jpeg',
    recipe: 'resize 256x256; webp 70',
    bare: (picture) => picture.resize(256, 256).webp({ quality: 70, effort: 4 }).toBuffer(),
  },
  { from: 'png', recipe: 'jpeg 100KB', bare: (picture) => halve(picture, 100_000) },
  {
    from: 'png',
    recipe: 'webp 82 | thumb: resize 256x256; webp 70',
    bare: async (picture) => {
      await webp(picture.clone()).toBuffer();
      await picture.clone().resize(256, 256).webp({ quality: 70, effort: 4 }).toBuffer();
    },
  },
];

/** Pictures a second of each conversion: through the pool, and by sharp alone, turn by turn. */
export async function job({ seed }: ConvertSpeedsInput): Promise<ConversionSpeed[]> {
  await using pool = createPicturePool();
  const masters = {
    png: await paintMasters('png', 1024, seed),
    jpeg: await paintMasters('jpeg', 1024, seed),
  };
  const speeds: ConversionSpeed[] = [];
  for (const { from, recipe, bare } of CONVERSIONS) {
    const order = { recipe: read(recipe), marks: { kind: 'none' } } as const;
    const byHand = (master: Buffer) => bare(sharp(master));
    const own = async (master: Buffer) => {
      const result = await pool.finish(master, order);
      if (result.kind === 'unusable') throw new Error(result.reason);
    };
    // Warm, and long enough to say how many make a round.
    const first = await secondsOf(masters[from], 2 * availableParallelism(), byHand);
    await secondsOf(masters[from], availableParallelism(), own);
    const each = first / (2 * availableParallelism());
    const images = Math.max(2 * availableParallelism(), Math.ceil(ROUND_SECONDS / each));
    let [bareSeconds, ownSeconds] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      bareSeconds += await secondsOf(masters[from], images, byHand);
      ownSeconds += await secondsOf(masters[from], images, own);
    }
    speeds.push({
      what: `${from} → ${recipe}`,
      images: images * ROUNDS,
      bareSeconds,
      ownSeconds,
    });
  }
  return speeds;
}

async function secondsOf(
  masters: readonly Buffer[],
  images: number,
  work: (master: Buffer) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  await keepInFlight(images, availableParallelism(), (at) => work(masters[at % masters.length]!));
  return (performance.now() - started) / 1000;
}

/** The best quality from 10 to 100 below a size, as one would write it: by halving. */
async function halve(picture: Sharp, mostBytes: number): Promise<void> {
  let [fits, exceeds] = [9, 101];
  while (exceeds - fits > 1) {
    const quality = (fits + exceeds) >> 1;
    const chromaSubsampling = quality >= 90 ? '4:4:4' : '4:2:0';
    const { length } = await picture.clone().jpeg({ quality, chromaSubsampling }).toBuffer();
    if (length <= mostBytes) fits = quality;
    else exceeds = quality;
  }
}

function read(recipe: string) {
  const parsed = parseRecipe(recipe);
  if ('problems' in parsed) throw new Error(`The bench has a wrong recipe: ${recipe}`);
  return parsed.recipe;
}
