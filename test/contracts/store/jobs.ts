import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JobFile, JobOrder } from '../../../src/engine/core/job.ts';
import type { ClaimedOutput, ListedSource, Store } from '../../../src/engine/store/store.ts';
import { collect } from '../../support/store-run.ts';
import type { Subject } from './subject.ts';

const ORDER: JobOrder = {
  sources: { kind: 'files', base: '/shots', paths: ['/shots'] },
  out: '/shots-webp',
  nameTemplate: '{folder}/{stem}.{ext}',
  task: { kind: 'finish', recipe: { outputs: [{ steps: [{ kind: 'encode', format: 'webp' }] }] } },
};

const WORKER = 'w-one';

/** A job of its own that the worker has. */
async function startJob(store: Store): Promise<string> {
  const id = `j${randomUUID()}`;
  await store.putJob({ id, workspace: 'studio', orderKey: id, order: ORDER });
  expect(await store.claimJob(id, WORKER, undefined)).toBe(true);
  return id;
}

function listed(source: string, more: Partial<ListedSource> = {}): ListedSource {
  return { source, name: source, sortKey: source, version: '1', bytes: 100, ...more };
}

async function list(store: Store, job: string, sources: readonly ListedSource[]) {
  const listing = await store.beginListing(job, WORKER);
  if (listing === 'fenced') throw new Error('the job is not ours');
  await store.putSources(job, listing, sources);
  return store.endListing(job, listing);
}

function output(file: string, more: Partial<ClaimedOutput> = {}): ClaimedOutput {
  return {
    file,
    nameKey: file.toLowerCase(),
    bytes: 7,
    sha256: 'a'.repeat(64),
    width: 4,
    height: 3,
    isOurs: true,
    ...more,
  };
}

const states = (files: readonly JobFile[]) =>
  files.map(({ source, number, state }) => `${number} ${source} ${state}`);

export function describeJobs(subject: Subject): void {
  describe('jobs', () => {
    test('the same order is the same job, also when two processes give it at once', async () => {
      const { store, others } = subject;
      const orderKey = randomUUID();
      const all = await Promise.all(
        [store, ...others].map((each, at) =>
          each.putJob({ id: `${orderKey}-${at}`, workspace: 'studio', orderKey, order: ORDER }),
        ),
      );
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      const job = all[0]!;
      expect(job).toMatchObject({ order: ORDER, state: 'running', workspace: 'studio' });
      expect(await store.findJob(job.id)).toEqual(job);
      expect(await store.jobWithKey('studio', orderKey)).toEqual(job);
      expect(await store.jobWithKey('other', orderKey)).toBeUndefined();
      const elsewhere = { id: `${orderKey}-x`, workspace: 'other', orderKey, order: ORDER };
      expect((await store.putJob(elsewhere)).id).toBe(`${orderKey}-x`);
      expect((await store.listJobs('other')).map(({ id }) => id)).toContain(`${orderKey}-x`);
    });

    test('the newest job is listed first', async () => {
      const { store } = subject;
      const older = await startJob(store);
      await subject.later();
      const newer = await startJob(store);
      const ids = (await store.listJobs('studio')).map(({ id }) => id);
      expect(ids.indexOf(newer)).toBeLessThan(ids.indexOf(older));
    });

    test('one worker has a job at a time; it can be given up and taken over', async () => {
      const { store } = subject;
      const job = await startJob(store);
      expect(await store.claimJob(job, 'w-two', undefined)).toBe(false);
      expect(await store.claimJob(job, 'w-two', 'w-three')).toBe(false);
      expect(await store.claimJob(job, 'w-two', WORKER)).toBe(true);
      expect(await store.releaseJob(job, WORKER, 'done')).toBe('fenced');
      expect(await store.releaseJob(job, 'w-two', 'done')).toBe('done');
      const free = await store.findJob(job);
      expect(free?.state).toBe('done');
      expect(free?.workerId).toBeUndefined();
      expect(await store.claimJob(job, WORKER, undefined)).toBe(true);
      expect((await store.findJob(job))?.state).toBe('running');
    });

    test('pictures are numbered in their order, and new ones after those that were there', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(store, job, [listed('c.png'), listed('a.png'), listed('b.png', { sortKey: 'z' })]);
      expect(states(await collect(store.jobFiles(job)))).toEqual([
        '1 a.png waiting',
        '2 c.png waiting',
        '3 b.png waiting',
      ]);
      await list(store, job, [listed('0.png'), listed('a.png'), listed('c.png'), listed('b.png')]);
      expect(states(await collect(store.jobFiles(job)))).toEqual([
        '1 a.png waiting',
        '2 c.png waiting',
        '3 b.png waiting',
        '4 0.png waiting',
      ]);
    });

    test('what is listed again unchanged keeps its outcome; changed, it waits; not listed, it is gone', async () => {
      const { store } = subject;
      const job = await startJob(store);
      const sources = ['done', 'failed', 'changed', 'gone'].map((name) => listed(name));
      await list(store, job, sources);
      for (const { number, source } of await collect(store.jobFiles(job))) {
        const failed = source === 'failed';
        await store.settleJobFile(job, WORKER, {
          number,
          state: failed ? 'failed' : 'done',
          version: '1',
          bytes: 100,
          ...(failed && { reason: 'It is damaged.' }),
          findings: { detail: number },
          outputs: [],
        });
      }
      const again = await list(store, job, [
        listed('done'),
        listed('failed'),
        listed('changed', { version: '2', bytes: 200 }),
        listed('locked', { problem: 'It cannot be read.' }),
      ]);
      expect(again).toEqual({ gone: 1 });
      const files = await collect(store.jobFiles(job));
      const byName = Object.fromEntries(files.map((file) => [file.source, file]));
      expect(byName['done']).toMatchObject({ state: 'done', findings: { detail: 2 } });
      expect(byName['failed']).toMatchObject({ state: 'failed', reason: 'It is damaged.' });
      expect(byName['changed']).toMatchObject({ state: 'waiting', version: '2', bytes: 200 });
      expect(byName['changed']?.findings).toBeUndefined();
      expect(byName['gone']).toMatchObject({ state: 'gone' });
      expect(byName['locked']).toMatchObject({ state: 'failed', reason: 'It cannot be read.' });
      expect(await store.jobCounts(job)).toEqual({ waiting: 1, done: 1, failed: 2, gone: 1 });
      await list(store, job, [listed('gone')]);
      const back = await collect(store.jobFiles(job, ['waiting']));
      expect(back.map(({ source }) => source)).toEqual(['gone']);
    });

    test('what waits is given page by page, in its order', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(
        store,
        job,
        ['a', 'b', 'c', 'd'].map((name) => listed(name)),
      );
      const page = await store.waitingSources(job, 1, 2);
      expect(page.map(({ source }) => source)).toEqual(['b', 'c']);
      expect(page[0]).toEqual({
        source: 'b',
        name: 'b',
        number: 2,
        version: '1',
        bytes: 100,
        claimed: [],
      });
      expect(await store.waitingSources(job, 4, 2)).toEqual([]);
    });

    test('two pictures never have the same name of a file, and nothing is entered where one is taken', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(store, job, [listed('a.jpg'), listed('a.png')]);
      expect(await store.claimOutputs(job, WORKER, 1, [output('a.webp')])).toEqual([]);
      const both = [output('a-thumb.webp'), output('A.webp')];
      expect(await store.claimOutputs(job, WORKER, 2, both)).toEqual(['a.webp']);
      expect(await store.ownNames(job, ['a.webp', 'a-thumb.webp'])).toEqual(new Set(['a.webp']));
      expect(await store.ownNames(job, [])).toEqual(new Set());
      expect(await store.claimOutputs(job, 'w-two', 2, [output('b.webp')])).toBe('fenced');
      // What was entered and never settled is known to whoever goes on.
      const [first] = await store.waitingSources(job, 0, 1);
      expect(first?.claimed).toEqual([output('a.webp')]);
      // A name may be entered again, with other bytes.
      const replacing = output('a.webp', { sha256: 'b'.repeat(64), replaces: 'a'.repeat(64) });
      expect(await store.claimOutputs(job, WORKER, 1, [replacing])).toEqual([]);
      expect((await store.waitingSources(job, 0, 1))[0]?.claimed).toEqual([replacing]);
    });

    test('a settled picture has its files and no others', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(store, job, [listed('a.png')]);
      const main = output('a.webp');
      const thumb = output('a-thumb.webp', { output: 'thumb', isOurs: false });
      await store.claimOutputs(job, WORKER, 1, [output('stale.webp')]);
      await store.claimOutputs(job, WORKER, 1, [main, thumb]);
      // Nothing is told as written before it is.
      expect((await collect(store.jobFiles(job)))[0]?.outputs).toEqual([]);
      const settlement = {
        number: 1,
        state: 'done',
        version: '2',
        bytes: 50,
        outputs: [main, thumb],
      } as const;
      expect(await store.settleJobFile(job, 'w-two', settlement)).toBe('fenced');
      expect((await store.jobCounts(job)).waiting).toBe(1);
      expect(await store.settleJobFile(job, WORKER, settlement)).toBe('done');
      const [file] = await collect(store.jobFiles(job, ['done']));
      const shown = { bytes: 7, sha256: 'a'.repeat(64), width: 4, height: 3 };
      expect(file).toEqual({
        source: 'a.png',
        name: 'a.png',
        number: 1,
        version: '2',
        bytes: 50,
        state: 'done',
        outputs: [
          { file: 'a.webp', ...shown },
          { file: 'a-thumb.webp', output: 'thumb', ...shown },
        ],
      });
      expect(await store.ownNames(job, ['stale.webp'])).toEqual(new Set());
      expect(await store.jobBytes(job)).toEqual({ before: 50, after: 14 });
    });

    test('a picture that fails keeps what is known of its older files', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(store, job, [listed('a.png')]);
      const done = { number: 1, version: '1', bytes: 5, outputs: [output('a.webp')] };
      await store.claimOutputs(job, WORKER, 1, done.outputs);
      await store.settleJobFile(job, WORKER, { ...done, state: 'done' });
      await store.settleJobFile(job, WORKER, {
        ...done,
        state: 'failed',
        reason: 'It is damaged.',
        outputs: [],
      });
      const [file] = await collect(store.jobFiles(job));
      expect(file).toMatchObject({ state: 'failed', reason: 'It is damaged.' });
      expect(await store.jobBytes(job)).toEqual({ before: 0, after: 0 });
      expect(await store.requeueJobFiles(job, 'w-two', 'failed')).toBe(0);
      expect(await store.requeueJobFiles(job, WORKER, 'failed')).toBe(1);
      const [waiting] = await store.waitingSources(job, 0, 9);
      expect(waiting?.claimed).toEqual([output('a.webp')]);
      expect((await collect(store.jobFiles(job)))[0]?.reason).toBeUndefined();
    });

    test('pictures can be put back by their numbers, and findings be written anew', async () => {
      const { store } = subject;
      const job = await startJob(store);
      await list(
        store,
        job,
        ['a', 'b', 'c'].map((name) => listed(name)),
      );
      for (const number of [1, 2, 3]) {
        const settlement = { number, state: 'done', version: '1', bytes: 1, outputs: [] } as const;
        await store.settleJobFile(job, WORKER, settlement);
      }
      expect(await store.requeueJobFiles(job, WORKER, [])).toBe(0);
      expect(await store.requeueJobFiles(job, WORKER, [1, 3])).toBe(2);
      expect(await store.jobCounts(job)).toMatchObject({ waiting: 2, done: 1 });
      const findings = new Map<number, unknown>([[2, { flags: ['blank'] }]]);
      expect(await store.setJobFindings(job, 'w-two', findings)).toBe('fenced');
      expect(await store.setJobFindings(job, WORKER, findings)).toBe('done');
      const [file] = await collect(store.jobFiles(job, ['done']));
      expect(file?.findings).toEqual({ flags: ['blank'] });
    });

    test('a job knows its report, and counts nothing while it has no pictures', async () => {
      const { store } = subject;
      const job = await startJob(store);
      expect(await store.jobCounts(job)).toEqual({ waiting: 0, done: 0, failed: 0, gone: 0 });
      expect(await store.jobBytes(job)).toEqual({ before: 0, after: 0 });
      expect(await store.setJobReport(job, 'w-two', 'x.csv')).toBe('fenced');
      expect(await store.setJobReport(job, WORKER, 'finish-report.csv')).toBe('done');
      expect((await store.findJob(job))?.reportFile).toBe('finish-report.csv');
      expect(await store.beginListing(job, 'w-two')).toBe('fenced');
    });

    test('more pictures than a page are all read', async () => {
      const { store } = subject;
      const job = await startJob(store);
      const names = Array.from({ length: 1_201 }, (_, at) => String(at).padStart(5, '0'));
      await list(
        store,
        job,
        names.map((name) => listed(name)),
      );
      const files = await collect(store.jobFiles(job));
      expect(files.map(({ source }) => source)).toEqual(names);
    });
  });
}
