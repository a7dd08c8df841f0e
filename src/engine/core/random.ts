/** Chance as a port: everything random in the engine comes from here. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` letters and digits (a-z without look-alikes, 2-9), for ids that are made once and stored. */
  id(length: number): string;
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Builds a `Random` on a source of numbers in [0, 1). */
export function randomFrom(next: () => number): Random {
  return {
    next,
    id: (length) =>
      Array.from({ length }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join(''),
  };
}

/** A small seeded generator (mulberry32): the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return randomFrom(() => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  });
}
