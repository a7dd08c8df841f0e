import { createHash } from 'node:crypto';
import { StorageError } from '../../src/engine/core/errors.ts';
import type { BlobStore } from '../../src/engine/store/blob-store.ts';

/**
 * Blobs in memory, for the deterministic simulation: every promise is settled when it is made, so that
 * only microtasks pass and a seed always gives the same journal. What is in it outlives a simulated
 * kill, as files would.
 */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    put: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (!blobs.has(hash)) blobs.set(hash, Uint8Array.from(bytes));
      return { hash, bytes: bytes.length };
    },
    get: async (hash) => {
      const bytes = blobs.get(hash);
      if (bytes === undefined) throw new StorageError('missing', `memory:${hash}`);
      return Uint8Array.from(bytes);
    },
    has: async (hash) => blobs.has(hash),
    freeBytes: async () => Number.MAX_SAFE_INTEGER,
  };
}
