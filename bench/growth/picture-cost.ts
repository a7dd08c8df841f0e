/** What it costs to look at one picture that was paid for: read whole, checked, measured. */
import { availableParallelism } from 'node:os';
import { createPicturePool } from '../../src/engine/finish/workers/picture-pool.ts';
import { keepInFlight } from '../keep-in-flight.ts';
import { paintMasters } from '../paint-masters.ts';
import type { CurveOrder } from './workers-curve.ts';

const PICTURES = 48;

export interface PictureCost {
  readonly side: number;
  /** Of all threads. */
  readonly cpuMs: number;
  /** Of the picture as it came. */
  readonly bytes: number;
}

export async function measurePictures({ seed, isQuick, say }: CurveOrder): Promise<PictureCost[]> {
  const costs: PictureCost[] = [];
  await using pool = createPicturePool();
  for (const side of isQuick ? [512] : [512, 1024, 2048]) {
    const masters = await paintMasters('png', side, seed);
    const look = (at: number) => pool.inspect(masters[at % masters.length]!);
    await keepInFlight(masters.length, availableParallelism(), look);
    const before = process.cpuUsage();
    await keepInFlight(PICTURES, availableParallelism(), look);
    const { user, system } = process.cpuUsage(before);
    const bytes = masters.reduce((sum, { length }) => sum + length, 0) / masters.length;
    costs.push({ side, cpuMs: (user + system) / 1000 / PICTURES, bytes });
    say(
      `a picture of ${side}x${side} is looked at for ${costs.at(-1)!.cpuMs.toFixed(1)} ms of CPU`,
    );
  }
  return costs;
}
