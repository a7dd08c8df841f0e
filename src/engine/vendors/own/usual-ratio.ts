import { type Size, ratioOf } from '../../core/size.ts';
import { aspectRatioOf } from '../bfl.ts';

type Ratio = `${number}:${number}`;

/** What the vendors' lists have in common. */
const USUAL: readonly Ratio[] = [
  '1:1',
  '3:2',
  '2:3',
  '4:3',
  '3:4',
  '5:4',
  '4:5',
  '16:9',
  '9:16',
  '21:9',
  '9:21',
  '2:1',
  '1:2',
  '4:1',
  '1:4',
  '8:1',
  '1:8',
];

/** A picture within 2 % of the ratio is delivered (`covers`), so a usual one is asked for where it is near. */
const NEAR = 0.02;

/** The ratio to ask for a size with: a usual one, or the nearest in small whole numbers. */
export function usualRatioOf(size: Size): Ratio {
  const errorOf = (ratio: Ratio) => Math.abs(valueOf(ratio) / ratioOf(size) - 1);
  const nearest = USUAL.reduce((best, next) => (errorOf(next) < errorOf(best) ? next : best));
  return errorOf(nearest) <= NEAR ? nearest : (aspectRatioOf(size) as Ratio);
}

function valueOf(ratio: Ratio): number {
  const [across = 1, down = 1] = ratio.split(':').map(Number);
  return across / down;
}
