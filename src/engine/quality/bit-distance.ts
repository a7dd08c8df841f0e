/** 32-bit words of a fingerprint. */
export const WORDS = 4;

/** A fingerprint of 32 hex digits as four words. */
export function wordsOf(fingerprint: string): Uint32Array {
  return Uint32Array.from({ length: WORDS }, (_, word) =>
    Number.parseInt(fingerprint.slice(word * 8, word * 8 + 8), 16),
  );
}

/** How many of the 128 bits of two fingerprints differ, as a share: 0 to 1. */
export function bitDistance(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  return differingBits(a, 0, b, 0) / (WORDS * 32);
}

/** Differing bits of two fingerprints that stand somewhere in longer arrays of words. */
export function differingBits(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  let bits = 0;
  for (let word = 0; word < WORDS; word += 1) bits += bitsSet(a[atA + word]! ^ b[atB + word]!);
  return bits;
}

/** Bits that are set in a fingerprint that stands somewhere in a longer array of words. */
export function setBits(words: Uint32Array, at: number): number {
  let bits = 0;
  for (let word = 0; word < WORDS; word += 1) bits += bitsSet(words[at + word]!);
  return bits;
}

/** Sums neighbouring bits, then pairs, then fours (Hacker's Delight, 5-1). */
function bitsSet(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
