import sharp from 'sharp';
import { UPSCALE_FACTORS, UPSCALE_METHODS, type UpscaleFactor } from '../src/engine/core/recipe.ts';
import type { RawPicture } from '../src/engine/finish/raw-picture.ts';
import { upscalePicture } from '../src/engine/finish/upscale/upscale-picture.ts';
import { inChild } from './in-child.ts';
import type { EnlargeInput, EnlargeOutput } from './jobs/enlarge.ts';
import { type Likeness, likenessOf, meanOf } from './likeness.ts';
import { figure, type Section } from './section.ts';
import { lineArt, paintings, photographs, WITHOUT_PHOTOGRAPHS } from './test-pictures.ts';

/** A million pixels, and four. */
const SIDES = [1024, 2048] as const;
const TIMES = 3;

type Row = Section['rows'][number];

/** What the learned upscaler gains over Lanczos, and what it costs. `photos`: a folder of photographs. */
export async function upscale(seed: number, photos?: string): Promise<readonly Section[]> {
  const sets: readonly (readonly [name: string, pictures: readonly RawPicture[]])[] = [
    ['photographs', await photographs(photos)],
    ["the demo's paintings", paintings(seed)],
    ['line art', [await lineArt()]],
  ];
  const quality: Row[] = [];
  for (const [name, pictures] of sets) {
    if (pictures.length === 0) continue;
    for (const factor of UPSCALE_FACTORS) quality.push(await compare(name, pictures, factor));
  }
  return [
    {
      title: 'Enlarging: likeness with the original',
      how: [
        'Each picture is reduced (libvips, cubic, its centre kept), enlarged again and compared with itself.',
        'PSNR in dB and SSIM (11x11 Gaussian) on luma, means over the pictures; `nearer`: by SSIM, in how many of them the learned one is.',
        ...(sets[0]![1].length === 0 ? [WITHOUT_PHOTOGRAPHS] : []),
      ],
      rows: quality,
    },
    await costs(),
  ];
}

async function compare(
  name: string,
  pictures: readonly RawPicture[],
  factor: UpscaleFactor,
): Promise<Row> {
  const learned: Likeness[] = [];
  const lanczos: Likeness[] = [];
  for (const picture of pictures) {
    const original = divisible(picture, factor);
    const small = await reduce(original, factor);
    const restore = async (method: (typeof UPSCALE_METHODS)[number]) =>
      likenessOf(await upscalePicture(small, { factor, method }), original, factor);
    learned.push(await restore('learned'));
    lanczos.push(await restore('lanczos'));
  }
  const nearer = learned.filter(({ ssim }, at) => ssim > lanczos[at]!.ssim).length;
  return {
    pictures: name,
    enlarged: `${factor}x`,
    'Lanczos dB': decibels(lanczos),
    'learned dB': decibels(learned),
    'Lanczos SSIM': similarity(lanczos),
    'learned SSIM': similarity(learned),
    nearer: `${nearer} of ${pictures.length}`,
  };
}

/** In one worker thread, each combination in a process of its own. */
async function costs(): Promise<Section> {
  const [small, large] = SIDES;
  const idle = await peakOf({ side: 1, method: 'lanczos', times: 0 });
  const rows: Row[] = [];
  for (const factor of UPSCALE_FACTORS) {
    for (const method of UPSCALE_METHODS) {
      const input: EnlargeInput = { side: small, factor, method, times: TIMES };
      const { output } = await inChild<EnlargeOutput>('enlarge', input);
      rows.push({
        enlarged: `${factor}x`,
        method,
        's/MP': figure(Math.min(...output.seconds) / megapixels(small)),
        'peak MB, 1 MP': figure((await peakOf({ ...input, times: 1 })) - idle),
        'peak MB, 4 MP': figure((await peakOf({ ...input, side: large, times: 1 })) - idle),
      });
    }
  }
  return {
    title: 'Enlarging: cost of a megapixel of the source, in one thread',
    how: [
      `Seconds of processor time, the best of ${TIMES}; a run has a thread for each core, and each takes one picture.`,
      'Peak memory: what a process that enlarges one picture holds more than one that has none.',
    ],
    rows,
  };
}

async function peakOf(input: EnlargeInput): Promise<number> {
  return (await inChild<EnlargeOutput>('enlarge', input)).peakMegabytes;
}

function megapixels(side: number): number {
  return side ** 2 / 1e6;
}

/** The largest upper left part whose sides can be divided. */
function divisible({ data, ...size }: RawPicture, factor: number): RawPicture {
  const width = size.width - (size.width % factor);
  const height = size.height - (size.height % factor);
  const part = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const start = y * size.width * 3;
    part.set(data.subarray(start, start + width * 3), y * width * 3);
  }
  return { data: part, width, height, channels: 3 };
}

async function reduce({ data, ...raw }: RawPicture, factor: number): Promise<RawPicture> {
  const size = { width: raw.width / factor, height: raw.height / factor };
  const small = await sharp(data, { raw })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { data: small, ...size, channels: 3 };
}

function decibels(likeness: readonly Likeness[]): number {
  return Number(meanOf(likeness.map(({ psnr }) => psnr)).toFixed(2));
}

function similarity(likeness: readonly Likeness[]): number {
  return Number(meanOf(likeness.map(({ ssim }) => ssim)).toFixed(3));
}
