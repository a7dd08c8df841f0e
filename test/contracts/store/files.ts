import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewOpenaiBatch, NewStoredFile } from '../../../src/engine/store/file-store.ts';
import type { Subject } from './subject.ts';

const LEASE_MS = 30_000;

function fileOf(workspace: string, more: Partial<NewStoredFile> = {}): NewStoredFile {
  return {
    id: `file-${randomUUID().replaceAll('-', '')}`,
    workspace,
    purpose: 'batch',
    name: 'rows.jsonl',
    mediaType: 'application/jsonl',
    bytes: 7,
    sha256: 'a'.repeat(64),
    ...more,
  };
}

function batchOf(workspace: string, more: Partial<NewOpenaiBatch> = {}): NewOpenaiBatch {
  return {
    id: `batch_${randomUUID()}`,
    workspace,
    runId: `r${randomUUID()}`,
    inputFile: 'file-1',
    endpoint: '/v1/images/generations',
    completionWindow: '24h',
    expiresAt: 2_000_000_000_000,
    ...more,
  };
}

export function describeFiles(subject: Subject): void {
  describe('files of clients', () => {
    test('are found by their own workspace only, until they expire or are deleted', async () => {
      const { store } = subject;
      const [own, foreign] = [randomUUID(), randomUUID()];
      const now = await store.now();
      const file = fileOf(own, { keyId: 'key_1', expiresAt: now + 3_600_000 });
      const old = fileOf(own, { expiresAt: now });
      await store.createStoredFile(file);
      await store.createStoredFile(old);
      expect(await store.findStoredFile(own, file.id)).toEqual({
        ...file,
        createdAt: expect.any(Number),
      });
      expect(await store.findStoredFile(foreign, file.id)).toBeUndefined();
      expect(await store.findStoredFile(own, old.id)).toBeUndefined();
      const expired = await store.expiredStoredFiles(1_000);
      expect(expired.map(({ id }) => id)).toContain(old.id);
      expect(expired.map(({ id }) => id)).not.toContain(file.id);
      expect(await store.deleteStoredFile(foreign, file.id)).toBe(false);
      expect(await store.deleteStoredFile(own, file.id)).toBe(true);
      expect(await store.findStoredFile(own, file.id)).toBeUndefined();
    });

    test('a file of an id that is there is left as it is', async () => {
      const { store } = subject;
      const file = fileOf(randomUUID());
      await store.createStoredFile(file);
      await store.createStoredFile({ ...file, bytes: 8 });
      expect((await store.findStoredFile(file.workspace, file.id))?.bytes).toBe(7);
    });

    test('are listed page by page, each once, from either end', async () => {
      const { store, later } = subject;
      const workspace = randomUUID();
      const files = Array.from({ length: 7 }, (_, at) =>
        fileOf(workspace, { purpose: at === 3 ? 'vision' : 'batch' }),
      );
      for (const [at, file] of files.entries()) {
        await store.createStoredFile(file);
        // Some are of the same millisecond.
        if (at % 3 === 0) await later();
      }
      for (const isOldestFirst of [true, false]) {
        const seen: string[] = [];
        for (;;) {
          const after = seen.at(-1);
          const page = { most: 3, isOldestFirst, ...(after !== undefined && { after }) };
          const found = await store.listStoredFiles(workspace, page);
          seen.push(...found.map(({ id }) => id));
          if (found.length < 3) break;
        }
        expect(seen.toSorted()).toEqual(files.map(({ id }) => id).toSorted());
        const first = isOldestFirst ? seen[0] : seen.at(-1);
        expect(first).toBe(files[0]!.id);
      }
      const pictures = await store.listStoredFiles(workspace, { most: 9, purpose: 'vision' });
      expect(pictures.map(({ id }) => id)).toEqual([files[3]!.id]);
    });
  });

  describe('batches of files', () => {
    test('change only from the states that are named', async () => {
      const { store } = subject;
      const batch = batchOf(randomUUID(), { metadata: { team: 'posters' }, outputSeconds: 3_600 });
      await store.createOpenaiBatch(batch);
      expect(await store.findOpenaiBatch(batch.id)).toEqual({
        ...batch,
        state: 'validating',
        problems: [],
        createdAt: expect.any(Number),
      });
      expect(await store.findOpenaiBatch(batch.id, randomUUID())).toBeUndefined();
      const { id } = batch;
      expect(await store.changeOpenaiBatch(id, ['in_progress'], { state: 'finalizing' })).toBe(
        false,
      );
      expect(await store.changeOpenaiBatch(id, ['validating'], { state: 'in_progress' })).toBe(
        true,
      );
      const counts = { total: 2, completed: 1, failed: 1 };
      const end = {
        state: 'completed',
        outputFile: 'file-2',
        errorFile: 'file-3',
        counts,
      } as const;
      expect(await store.changeOpenaiBatch(id, ['in_progress', 'finalizing'], end)).toBe(true);
      expect(await store.findOpenaiBatch(id, batch.workspace)).toMatchObject({
        ...end,
        startedAt: expect.any(Number),
        endedAt: expect.any(Number),
      });
    });

    test('belong to one process at a time, until it gives them up or its lease ends', async () => {
      const { store, kind } = subject;
      const batch = batchOf(randomUUID());
      await store.createOpenaiBatch(batch);
      expect(await store.openOpenaiBatches(1_000)).toContain(batch.id);
      const claims = await Promise.all(
        [store, ...subject.others].map((each, at) =>
          each.claimOpenaiBatch(batch.id, `owner-${at}`, LEASE_MS),
        ),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const owner = `owner-${claims.indexOf(true)}`;
      expect(await store.openOpenaiBatches(1_000)).not.toContain(batch.id);
      expect(await store.claimOpenaiBatch(batch.id, owner, LEASE_MS)).toBe(true);
      await store.releaseOpenaiBatch(batch.id, 'somebody else');
      expect(await store.claimOpenaiBatch(batch.id, 'next', LEASE_MS)).toBe(false);
      await store.releaseOpenaiBatch(batch.id, owner);
      expect(await store.claimOpenaiBatch(batch.id, 'next', LEASE_MS)).toBe(true);
      if (kind.advance === undefined) return;
      await kind.advance(LEASE_MS);
      expect(await store.claimOpenaiBatch(batch.id, 'last', LEASE_MS)).toBe(true);
    });

    test('are open until they have ended, and listed newest first', async () => {
      const { store, later } = subject;
      const workspace = randomUUID();
      const batches = Array.from({ length: 4 }, () => batchOf(workspace));
      for (const batch of batches) {
        await store.createOpenaiBatch(batch);
        await later();
      }
      const [first, second] = batches;
      await store.changeOpenaiBatch(first!.id, ['validating'], { state: 'failed' });
      const open = await store.openOpenaiBatches(1_000);
      expect(open).not.toContain(first!.id);
      expect(open).toContain(second!.id);
      const page = await store.listOpenaiBatches(workspace, { most: 3 });
      const rest = await store.listOpenaiBatches(workspace, { most: 3, after: page.at(-1)!.id });
      expect([...page, ...rest].map(({ id }) => id)).toEqual(
        batches.map(({ id }) => id).toReversed(),
      );
    });

    test('a run that is not there has no rows', async () => {
      const counts = await subject.store.rowOutcomes(`r${randomUUID()}`);
      expect(counts).toEqual({ total: 0, completed: 0, failed: 0 });
    });
  });
}
