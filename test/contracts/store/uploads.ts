import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewClientUpload } from '../../../src/engine/store/upload-store.ts';
import type { Subject } from './subject.ts';

const KEEPING = { keepMs: 3_600_000, mostMs: 7_200_000 };
const ROOM = { mostOpen: 10, mostBytes: 1_000 };
const LEASE_MS = 60_000;
const [FIRST, SECOND] = [
  { holder: 'first', leaseMs: LEASE_MS },
  { holder: 'second', leaseMs: LEASE_MS },
];

function uploadOf(workspace: string, more: Partial<NewClientUpload> = {}): NewClientUpload {
  return {
    id: `up_${randomUUID()}`,
    workspace,
    purpose: 'sheet',
    name: 'prompts.csv',
    mediaType: 'text/csv',
    bytes: 100,
    ...more,
  };
}

export function describeUploads(subject: Subject): void {
  const created = async (more: Partial<NewClientUpload> = {}) => {
    const upload = uploadOf(randomUUID(), more);
    expect(await subject.store.createClientUpload(upload, ROOM, KEEPING)).toBe('created');
    return upload;
  };

  describe('uploads that come piece by piece', () => {
    test('are found by their own workspace only', async () => {
      const { store } = subject;
      const upload = await created({ keyId: 'key_1' });
      expect(await store.findClientUpload(upload.id, upload.workspace)).toEqual({
        ...upload,
        pieceBytes: 0,
        createdAt: expect.any(Number),
        expiresAt: expect.any(Number),
      });
      expect(await store.findClientUpload(upload.id, randomUUID())).toBeUndefined();
    });

    test('are as many and as large together as their workspace may have open', async () => {
      const { store } = subject;
      const workspace = randomUUID();
      const tried = (bytes: number, mostOpen = 2) =>
        store.createClientUpload(uploadOf(workspace, { bytes }), { ...ROOM, mostOpen }, KEEPING);
      expect(await tried(600)).toBe('created');
      expect(await tried(500)).toBe('too-large');
      expect(await tried(400)).toBe('created');
      expect(await tried(0)).toBe('too-many');
      expect(await tried(1, 3)).toBe('too-large');
      const other = uploadOf(randomUUID(), { bytes: 1_000 });
      expect(await store.createClientUpload(other, ROOM, KEEPING)).toBe('created');
      await store.useClientUploads([other.id], 'r1');
      const next = uploadOf(other.workspace, { bytes: 1_000 });
      expect(await store.createClientUpload(next, ROOM, KEEPING)).toBe('created');
    });

    test('are written to by one at a time, who hears that another waits', async () => {
      const { store } = subject;
      const { id } = await created();
      expect(await store.claimClientUpload(id, FIRST, KEEPING)).toBe(true);
      expect(await store.renewClientUpload(id, FIRST)).toBe('kept');
      expect(await store.claimClientUpload(id, SECOND, KEEPING)).toBe(false);
      expect(await store.renewClientUpload(id, FIRST)).toBe('wanted');
      await store.releaseClientUpload(id, SECOND.holder);
      expect(await store.claimClientUpload(id, SECOND, KEEPING)).toBe(false);
      await store.releaseClientUpload(id, FIRST.holder);
      expect(await store.claimClientUpload(id, SECOND, KEEPING)).toBe(true);
      expect(await store.renewClientUpload(id, FIRST)).toBe('lost');
      expect(await store.renewClientUpload(id, SECOND)).toBe('kept');
    });

    test('are taken from a writer whose lease has ended, who enters nothing more', async () => {
      const { store } = subject;
      const { id } = await created();
      const dead = { holder: 'dead', leaseMs: 0 };
      expect(await store.claimClientUpload(id, dead, KEEPING)).toBe(true);
      const piece = { offset: 0, bytes: 40, name: 'a' };
      expect(await store.addUploadPiece(id, 'dead', piece, 10)).toBe('added');
      expect(await store.claimClientUpload(id, SECOND, KEEPING)).toBe(true);
      const late = { offset: 40, bytes: 10, name: 'late' };
      expect(await store.addUploadPiece(id, 'dead', late, 10)).toBe('lost');
      const next = { offset: 40, bytes: 60, name: 'b' };
      expect(await store.addUploadPiece(id, 'second', next, 10)).toBe('added');
      expect(await store.uploadPieces(id)).toEqual([piece, next]);
    });

    test('have pieces one behind the other, within their length, and not too many', async () => {
      const { store } = subject;
      const { id, workspace } = await created();
      expect(await store.claimClientUpload(id, FIRST, KEEPING)).toBe(true);
      const add = (offset: number, bytes: number) =>
        store.addUploadPiece(id, 'first', { offset, bytes, name: `${offset}` }, 2);
      expect(await add(10, 10)).toBe('lost');
      expect(await add(0, 101)).toBe('lost');
      expect(await add(0, 30)).toBe('added');
      expect(await add(0, 30)).toBe('lost');
      expect(await add(30, 30)).toBe('added');
      expect(await add(60, 40)).toBe('too-many');
      expect(await store.findClientUpload(id, workspace)).toMatchObject({ pieceBytes: 60 });
      expect(await store.uploadPieces(id)).toHaveLength(2);
    });

    test('are used once, and forgotten with their pieces', async () => {
      const { store } = subject;
      const { id, workspace } = await created();
      await store.claimClientUpload(id, FIRST, KEEPING);
      await store.addUploadPiece(id, 'first', { offset: 0, bytes: 1, name: 'a' }, 2);
      await store.useClientUploads([id, 'up_none'], 'r1');
      await store.useClientUploads([id], 'r2');
      expect(await store.findClientUpload(id, workspace)).toMatchObject({ usedBy: 'r1' });
      await store.removeClientUpload(id);
      expect(await store.findClientUpload(id, workspace)).toBeUndefined();
      expect(await store.uploadPieces(id)).toEqual([]);
    });

    test('expire after a while without a piece, and at the latest after the longest time', async () => {
      const { store } = subject;
      const upload = uploadOf(randomUUID());
      const over = { keepMs: 0, mostMs: 1 };
      await store.createClientUpload(upload, ROOM, over);
      expect((await store.expiredClientUploads(1_000)).map(({ id }) => id)).toContain(upload.id);
      expect(await store.claimClientUpload(upload.id, FIRST, KEEPING)).toBe(false);
      const { id, workspace } = await created();
      await store.claimClientUpload(id, FIRST, { keepMs: 9_000_000, mostMs: 7_200_000 });
      const kept = (await store.findClientUpload(id, workspace))!;
      expect(kept.expiresAt - kept.createdAt).toBe(7_200_000);
      expect((await store.expiredClientUploads(1_000)).map((each) => each.id)).not.toContain(id);
    });
  });
}
