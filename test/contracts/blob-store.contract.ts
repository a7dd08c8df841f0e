import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StorageError } from '../../src/engine/core/errors.ts';
import type { BlobStore } from '../../src/engine/store/blob-store.ts';

/** What every blob store promises. `open` gives an empty one. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} keeps the blob store's contract`, () => {
    test('names bytes by their SHA-256 and gives them back', async () => {
      const blobs = await open();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
          const stored = await blobs.put(bytes);
          expect(stored).toEqual({
            hash: createHash('sha256').update(bytes).digest('hex'),
            bytes: bytes.length,
          });
          expect(Buffer.from(await blobs.get(stored.hash))).toEqual(Buffer.from(bytes));
        }),
        { numRuns: 25 },
      );
    });

    test('stores the same bytes once, however often and at once they are put', async () => {
      const blobs = await open();
      const bytes = Buffer.from('the same picture');
      const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(bytes)));
      expect(new Set(stored.map(({ hash }) => hash)).size).toBe(1);
      expect(Buffer.from(await blobs.get(stored[0]!.hash))).toEqual(bytes);
    });

    test('is not changed by what the caller does to the bytes afterwards', async () => {
      const blobs = await open();
      const bytes = Buffer.from('a picture');
      const { hash } = await blobs.put(bytes);
      bytes.fill(0);
      expect(Buffer.from(await blobs.get(hash)).toString()).toBe('a picture');
    });

    test('tells what it has, and says "missing" for what it has not', async () => {
      const blobs = await open();
      const absent = createHash('sha256').update('absent').digest('hex');
      const { hash } = await blobs.put(Buffer.from('present'));
      expect(await blobs.has(hash)).toBe(true);
      expect(await blobs.has(absent)).toBe(false);
      const error = await blobs.get(absent).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StorageError);
      expect((error as StorageError).fault).toBe('missing');
    });

    test('knows how many bytes it can still take', async () => {
      expect(await (await open()).freeBytes()).toBeGreaterThan(0);
    });
  });
}
