import { describe, expect, test } from 'vitest';
import type { ReferenceChange } from '../../../src/engine/core/reference.ts';
import { admit, collect, startRun } from '../../support/store-run.ts';
import type { Subject } from './subject.ts';

const HERO = {
  name: 'hero',
  hash: 'a'.repeat(64),
  mediaType: 'image/jpeg',
  width: 800,
  height: 600,
  bytes: 104_857_600,
  source: '/pictures/hero.jpg',
};

const CHANGE: ReferenceChange = {
  reference: 'hero.jpg',
  steps: ['turned', 'scaled'],
  from: { width: 800, height: 600, bytes: 9_000, mediaType: 'image/jpeg' },
  to: { width: 300, height: 400, bytes: 4_000, mediaType: 'image/jpeg' },
};

export function describeReferences(subject: Subject): void {
  describe('references', () => {
    test('are known by name within a workspace, and a name can be given another picture', async () => {
      const { store } = subject;
      await store.putNamedReference('studio', HERO);
      await store.putNamedReference('studio', { ...HERO, name: 'castle' });
      await store.putNamedReference('other', { ...HERO, source: '/theirs.jpg' });
      const names = async () => (await store.namedReferences('studio')).map(({ name }) => name);
      expect(await names()).toEqual(['castle', 'hero']);
      expect(await store.findNamedReference('studio', 'hero')).toEqual({
        ...HERO,
        addedAt: expect.any(Number) as number,
      });
      await store.putNamedReference('studio', { ...HERO, hash: 'b'.repeat(64), width: 900 });
      expect(await store.findNamedReference('studio', 'hero')).toMatchObject({
        hash: 'b'.repeat(64),
        width: 900,
      });
      expect(await store.removeNamedReference('studio', 'hero')).toBe(true);
      expect(await store.removeNamedReference('studio', 'hero')).toBe(false);
      expect(await store.findNamedReference('studio', 'hero')).toBeUndefined();
      expect(await store.findNamedReference('other', 'hero')).toMatchObject({
        source: '/theirs.jpg',
      });
    });

    test('that were removed come back within a day, unless the name has another picture', async () => {
      const { store, kind } = subject;
      await store.putNamedReference('attic', HERO);
      await store.removeNamedReference('attic', 'hero');
      expect(await store.restoreNamedReference('other', 'castle')).toBe(false);
      expect(await store.restoreNamedReference('attic', 'hero')).toBe(true);
      expect(await store.restoreNamedReference('attic', 'hero')).toBe(false);
      expect(await store.findNamedReference('attic', 'hero')).toMatchObject({ hash: HERO.hash });
      await store.removeNamedReference('attic', 'hero');
      await store.putNamedReference('attic', { ...HERO, hash: 'c'.repeat(64) });
      expect(await store.restoreNamedReference('attic', 'hero')).toBe(false);
      expect(await store.findNamedReference('attic', 'hero')).toMatchObject({
        hash: 'c'.repeat(64),
      });
      await store.removeNamedReference('attic', 'hero');
      if (kind.advance === undefined) return;
      await kind.advance(24 * 60 * 60_000 + 1);
      expect(await store.restoreNamedReference('attic', 'hero')).toBe(false);
    });

    test('are given another name, which is nobody else’s', async () => {
      const { store, others } = subject;
      const rename = (from: string, to: string) => store.renameNamedReference('names', from, to);
      for (const name of ['one', 'two', 'gone']) {
        await store.putNamedReference('names', { ...HERO, name });
      }
      await store.removeNamedReference('names', 'gone');
      expect(await rename('gone', 'three')).toBe('missing');
      expect(await rename('one', 'two')).toBe('taken');
      expect(await rename('one', 'one')).toBe('renamed');
      expect(await rename('one', 'gone')).toBe('renamed');
      const renamed = await store.findNamedReference('names', 'gone');
      expect(renamed).toMatchObject({ name: 'gone', hash: HERO.hash, source: HERO.source });
      expect(await store.findNamedReference('names', 'one')).toBeUndefined();
      expect(await store.restoreNamedReference('names', 'one')).toBe(false);
      const rival = others[0] ?? store;
      const ways = await Promise.all([
        rename('two', 'wanted'),
        rival.renameNamedReference('names', 'gone', 'wanted'),
      ]);
      expect(ways.toSorted()).toEqual(['renamed', 'taken']);
      const left = await store.namedReferences('names');
      expect(left.map(({ name }) => name)).toContain('wanted');
      expect(left).toHaveLength(2);
    });

    test('that a vendor keeps are found by account and bytes, the newest upload counting', async () => {
      const { store } = subject;
      await store.putUpload('openai:1', HERO.hash, { handle: 'file-1', uploadedAt: 1 });
      expect(await store.findUpload('openai:1', HERO.hash)).toEqual({
        handle: 'file-1',
        uploadedAt: 1,
      });
      expect(await store.findUpload('openai:2', HERO.hash)).toBeUndefined();
      const newer = { handle: 'file-2', uploadedAt: 2, expiresAt: 1_800_000_000_000 };
      await store.putUpload('openai:1', HERO.hash, newer);
      expect(await store.findUpload('openai:1', HERO.hash)).toEqual(newer);
      await store.forgetUploads('openai:1', []);
      await store.forgetUploads('openai:1', ['file-1']);
      expect(await store.findUpload('openai:1', HERO.hash)).toEqual(newer);
      await store.forgetUploads('openai:1', ['file-2']);
      expect(await store.findUpload('openai:1', HERO.hash)).toBeUndefined();
    });

    test('show on each image of the request what was done to them', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 2 }, 'an owl']);
      const { granted } = await admit(store, id, { most: 1 });
      await store.noteReferenceChanges(granted[0]!.requestId, [CHANGE]);
      const changes = async () =>
        (await collect(store.records(id))).map((record) => record.referenceChanges);
      expect(await changes()).toEqual([[CHANGE], [CHANGE], undefined]);
      await store.noteReferenceChanges(granted[0]!.requestId, []);
      expect(await changes()).toEqual([undefined, undefined, undefined]);
    });

    test('of the next requests of a lane can be seen before they are admitted', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', { prompt: 'a lynx', model: 'other' }], {
        proofOf: ['an owl'],
      });
      const prompts = async (most: number) =>
        (await store.nextRows(id, 'a-model', most)).map(({ prompt }) => prompt);
      expect(await prompts(9)).toEqual(['an owl']);
      await store.changeRun(id, { state: 'running', phase: 'main' });
      expect(await prompts(9)).toEqual(['a fox', 'an owl']);
      expect(await prompts(1)).toEqual(['a fox']);
      await admit(store, id, { most: 1 });
      expect(await prompts(9)).toEqual(['an owl']);
    });
  });
}
