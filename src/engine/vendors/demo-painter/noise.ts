import type { Random } from '../../core/random.ts';

/** Smooth random fields: the grain of clouds, rock, water and nebulae. */
export interface Noise {
  /** Gradient noise, about -1 to 1. */
  at(x: number, y: number): number;
  /** Octaves of finer and fainter noise, about -1 to 1. */
  fractal(x: number, y: number, octaves: number): number;
  /** Sharp crests at 1, valleys towards 0: mountains. */
  ridged(x: number, y: number, octaves: number): number;
}

const SIZE = 256;

/** Gradient noise after Perlin on a lattice of 256 shuffled directions; it repeats after 256 units. */
export function createNoise(random: Random): Noise {
  const order = shuffledOrder(random);
  const across = new Float32Array(SIZE);
  const down = new Float32Array(SIZE);
  for (let index = 0; index < SIZE; index++) {
    const angle = (index / SIZE) * Math.PI * 2;
    across[index] = Math.cos(angle);
    down[index] = Math.sin(angle);
  }
  const at = (x: number, y: number): number => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const fy = y - top;
    const column = left & 255;
    const row = top & 255;
    const first = order[column]!;
    const second = order[(column + 1) & 255]!;
    const a = order[(first + row) & 255]!;
    const b = order[(second + row) & 255]!;
    const c = order[(first + row + 1) & 255]!;
    const d = order[(second + row + 1) & 255]!;
    const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
    const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
    const topLeft = across[a]! * fx + down[a]! * fy;
    const topRight = across[b]! * (fx - 1) + down[b]! * fy;
    const bottomLeft = across[c]! * fx + down[c]! * (fy - 1);
    const bottomRight = across[d]! * (fx - 1) + down[d]! * (fy - 1);
    const upper = topLeft + (topRight - topLeft) * u;
    const lower = bottomLeft + (bottomRight - bottomLeft) * u;
    return (upper + (lower - upper) * v) * 1.5;
  };
  const fractal = (x: number, y: number, octaves: number): number => {
    let sum = 0;
    let share = 0.5;
    for (let octave = 0; octave < octaves; octave++) {
      sum += at(x, y) * share;
      // An odd scale and an offset keep the octaves' lattices from lining up.
      x = x * 2.03 + 17.3;
      y = y * 2.03 + 9.1;
      share *= 0.5;
    }
    return sum;
  };
  const ridged = (x: number, y: number, octaves: number): number => {
    let sum = 0;
    let share = 0.5;
    let weight = 1;
    for (let octave = 0; octave < octaves; octave++) {
      const crest = 1 - Math.abs(at(x, y));
      const sharp = crest * crest * weight;
      sum += sharp * share;
      weight = sharp < 0 ? 0 : sharp > 1 ? 1 : sharp;
      x = x * 2.07 + 31.7;
      y = y * 2.07 + 3.9;
      share *= 0.5;
    }
    return sum;
  };
  return { at, fractal, ridged };
}

function shuffledOrder(random: Random): Uint8Array {
  const order = new Uint8Array(SIZE).map((_, index) => index);
  for (let index = SIZE - 1; index > 0; index--) {
    const other = Math.floor(random.next() * (index + 1));
    const kept = order[index]!;
    order[index] = order[other]!;
    order[other] = kept;
  }
  return order;
}
