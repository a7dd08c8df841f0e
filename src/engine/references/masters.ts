/** What the references need of the blob store (`store/blob-store.ts`): bytes named by their hash. */
export interface Masters {
  put(bytes: Uint8Array): Promise<{ readonly hash: string }>;
  /** Throws `StorageError` when they are not there, or damaged. */
  get(hash: string): Promise<Uint8Array>;
  has(hash: string): Promise<boolean>;
}
