import { hash } from 'node:crypto';
import type { RowWish } from './row-wish.ts';

/** Hex digits of a key. */
const KEY_LENGTH = 32;

/** SHA-256 of all that makes a row's pictures, the count aside: 64 hex digits, the same for equal rows. */
export function rowIdentity(wish: RowWish, modelPart: string): string {
  return hash(
    'sha256',
    JSON.stringify([
      wish.prompt,
      wish.negativePrompt ?? null,
      wish.size.width,
      wish.size.height,
      wish.quality,
      wish.seed ?? null,
      wish.references,
      modelPart,
    ]),
  );
}

/** The row's key: its identity, and which of the equal rows it is (counted from 1). */
export function rowKey(identity: string, occurrence: number): string {
  const own = occurrence === 1 ? identity : hash('sha256', `${identity}#${occurrence}`);
  return own.slice(0, KEY_LENGTH);
}
