import { availableParallelism } from 'node:os';
import { inChild } from './in-child.ts';
import type { ConvertManyInput, ConvertManyOutput } from './jobs/convert-many.ts';
import type { ConversionSpeed, ConvertSpeedsInput } from './jobs/convert-speeds.ts';
import { figure, type Section } from './section.ts';

type Row = Section['rows'][number];

/** Images a second of each conversion beside sharp alone, and the memory of thousands of them. */
export async function convert(seed: number): Promise<readonly Section[]> {
  return [await speeds(seed), await memory(seed)];
}

async function speeds(seed: number): Promise<Section> {
  const input: ConvertSpeedsInput = { seed };
  const { output } = await inChild<ConversionSpeed[]>('convert-speeds', input);
  return {
    title: 'Converting: images a second',
    how: [
      `Masters of 1024x1024, ${availableParallelism()} at a time; the same settings in a loop of sharp alone, turn by turn in the same process.`,
      'A size to stay below is found by hand by halving the qualities, decoding once for each.',
    ],
    rows: output.map(({ what, images, bareSeconds, ownSeconds }) => ({
      conversion: what,
      images,
      'sharp alone/s': figure(images / bareSeconds),
      'imagemill/s': figure(images / ownSeconds),
      '% of sharp': figure((100 * bareSeconds) / ownSeconds),
    })),
  };
}

async function memory(seed: number): Promise<Section> {
  return {
    title: 'Converting: memory',
    how: [
      'The most that a process held after a tenth of the pictures, and after all of them.',
      'Twice as many in flight as there are cores.',
    ],
    rows: [
      await many({ seed, count: 10_000, side: 128, recipe: 'webp 82' }),
      await many({ seed, count: 1_000, side: 1024, recipe: 'resize 512x; jpeg 82' }),
    ],
  };
}

async function many(input: ConvertManyInput): Promise<Row> {
  const { output, peakMegabytes } = await inChild<ConvertManyOutput>('convert-many', input);
  const { count, side, recipe } = input;
  return {
    conversion: `png ${side}x${side} → ${recipe}`,
    images: count,
    'images/s': figure(count / output.seconds),
    'peak MB at a tenth': figure(output.earlyMegabytes),
    'peak MB': figure(peakMegabytes),
  };
}
