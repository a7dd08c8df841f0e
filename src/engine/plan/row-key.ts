import { hash } from 'node:crypto';
import type { PlannedReference } from './check-references.ts';
import type { RowWish } from './row-wish.ts';

/** Hex digits of a key. */
export const KEY_LENGTH = 32;

/**
 * SHA-256 of all that makes a row's pictures, the count aside: 64 hex digits, the same for equal rows. A
 * reference is the picture that it is, not its path: a file that moved is the same one, and another
 * picture under the old name makes another row.
 */
export function rowIdentity(
  wish: RowWish,
  modelPart: string,
  pictures: readonly PlannedReference[] = [],
): string {
  return hash(
    'sha256',
    JSON.stringify([
      wish.prompt,
      wish.negativePrompt ?? null,
      wish.size.width,
      wish.size.height,
      wish.quality,
      wish.seed ?? null,
      pictures.length === 0 ? wish.references : pictures.map(({ facts }) => facts.hash),
      modelPart,
    ]),
  );
}

/** The row's key: its identity, and which of the equal rows it is (counted from 1). */
export function rowKey(identity: string, occurrence: number): string {
  const own = occurrence === 1 ? identity : hash('sha256', `${identity}#${occurrence}`);
  return own.slice(0, KEY_LENGTH);
}
