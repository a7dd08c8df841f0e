/** What is stored of a put: its name and length. */
export interface StoredBlob {
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  readonly bytes: number;
}

/** Bytes named by their hash. Every implementation runs the same contract test. */
export interface BlobStore {
  /**
   * Stores bytes; they are durable once it resolves. Repeating it changes nothing, and heals a copy
   * that was damaged. Throws `StorageError`.
   */
  put(bytes: Uint8Array): Promise<StoredBlob>;
  /** The bytes, checked against their hash. Throws `StorageError` (`missing`, `damaged`, …). */
  get(hash: string): Promise<Uint8Array>;
  /** Whether the bytes are there; does not read them. */
  has(hash: string): Promise<boolean>;
  /** Where they are on this machine's disk, where there is such a place. */
  path?(hash: string): string;
  /** A WebP of a picture with this longest side, where one was made before; it is given away. */
  thumbnail?(hash: string, side: number): Uint8Array | undefined;
  /** Bytes that can still be stored. */
  freeBytes(): Promise<number>;
}
