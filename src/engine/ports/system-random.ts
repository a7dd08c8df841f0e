import { randomInt } from 'node:crypto';
import { type Random, randomFrom } from '../core/random.ts';

const STEPS = 2 ** 47;

/** Chance from the machine: ids made from it cannot be guessed. */
export const systemRandom: Random = randomFrom(() => randomInt(STEPS) / STEPS);
