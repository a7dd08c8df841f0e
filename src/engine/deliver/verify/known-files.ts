import { createHash } from 'node:crypto';

/**
 * Which names are known, and with which hash, in about 50 bytes a name however long it is: of each only
 * 52 bits of its SHA-256 are kept. Of a million names two are taken for the same once in 9,000 times;
 * then an extra file goes unlisted, or a file is checked a second time.
 */
export class KnownFiles {
  readonly #hashes = new Map<number, number>();

  /** `sha256`: hex; absent: none is known. */
  add(file: string, sha256: string | undefined): void {
    this.#hashes.set(keyOf(file), sha256 === undefined ? -1 : firstBits(sha256));
  }

  has(file: string): boolean {
    return this.#hashes.has(keyOf(file));
  }

  /** Whether a name is known with this hash. */
  hasSame(file: string, sha256: string): boolean {
    return this.#hashes.get(keyOf(file)) === firstBits(sha256);
  }
}

function keyOf(file: string): number {
  return firstBits(createHash('sha256').update(file.normalize('NFC')).digest('hex'));
}

/** 52 bits: a number holds them exactly. */
function firstBits(hex: string): number {
  return Number.parseInt(hex.slice(0, 13), 16);
}
