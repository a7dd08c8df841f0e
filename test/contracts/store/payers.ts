import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Limit } from '../../../src/engine/core/limit.ts';
import { shareOf, workspaceLimitKey } from '../../../src/engine/core/limit.ts';
import type { RunSettings } from '../../../src/engine/core/settings.ts';
import type { NewApiKey, NewWorkspace, Store } from '../../../src/engine/store/store.ts';
import { admit, PRICE, startRun, windowLimit } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

const ONE = PRICE.creditMicros;
const HOUR_MS = 3_600_000;

/** Who pays for a run beside its own budget: the workspace's balance, the key's budget, the ceiling. */
export function describePayers(subject: Subject): void {
  const workspaceOf = async (given: Partial<NewWorkspace> = {}): Promise<string> => {
    const id = `w-${randomUUID()}`;
    await subject.store.createWorkspace({ id, name: 'A workspace', ...given });
    return id;
  };
  const keyOf = async (workspace: string, given: Partial<NewApiKey> = {}): Promise<string> => {
    const id = `key-${randomUUID()}`;
    const hash = randomUUID();
    const key = { id, workspace, name: 'ci', hash, hint: 'abcd', role: 'member' } as const;
    await subject.store.createApiKey({ ...key, ...given });
    return id;
  };
  const numbered = (length: number) => Array.from({ length }, (_, place) => `picture ${place}`);
  const money = async (id: string) => {
    const { availableCreditMicros, heldCreditMicros, postedCreditMicros } =
      (await subject.store.findWorkspace(id))!;
    return [availableCreditMicros, heldCreditMicros, postedCreditMicros];
  };
  const end = async (attemptId: string, letters: string) =>
    subject.store.settle(settlement(attemptId, letters));

  describe('who pays', () => {
    test('a balance is held, posted and returned with each request', async () => {
      const workspace = await workspaceOf({ availableCreditMicros: 10 * ONE });
      const keyId = await keyOf(workspace);
      const id = await startRun(subject.store, [{ prompt: 'a fox', count: 3 }], {
        payer: { workspace, keyId },
      });
      const [ticket] = (await admit(subject.store, id)).granted;
      expect(await money(workspace)).toEqual([7 * ONE, 3 * ONE, 0]);
      await end(ticket!.attemptId, 'drd');
      expect(await money(workspace)).toEqual([8 * ONE, 0, 2 * ONE]);
      expect(await subject.store.findApiKey(keyId)).toMatchObject({
        heldCreditMicros: 0,
        postedCreditMicros: 2 * ONE,
      });
    });

    test('nothing is sent that the balance does not reach, and whose balance it is is told', async () => {
      const workspace = await workspaceOf({ availableCreditMicros: 2 * ONE });
      const id = await startRun(subject.store, numbered(5), { payer: { workspace } });
      const answer = await admit(subject.store, id);
      expect(answer.granted).toHaveLength(2);
      const next = await admit(subject.store, id);
      expect(next).toMatchObject({ granted: [], empty: false, budgetOf: 'workspace' });
      expect(next.budget).toContain('0 credits left');
    });

    test('what other runs hold is waited for, since it may come back', async () => {
      const workspace = await workspaceOf({ availableCreditMicros: ONE });
      const first = await startRun(subject.store, ['a fox'], { payer: { workspace } });
      const second = await startRun(subject.store, ['an owl'], { payer: { workspace } });
      const [ticket] = (await admit(subject.store, first)).granted;
      const waiting = await admit(subject.store, second);
      expect(waiting).toMatchObject({
        granted: [],
        obstacle: { limit: 'credits', endsEarly: true },
      });
      await end(ticket!.attemptId, 'r');
      expect((await admit(subject.store, second)).granted).toHaveLength(1);
      const third = await startRun(subject.store, ['a lynx'], { payer: { workspace } });
      await subject.store.settle(
        settlement((await subject.store.openAttempts(second))[0]!.attemptId, 'd'),
      );
      expect(await admit(subject.store, third)).toMatchObject({ budgetOf: 'workspace' });
    });

    test('runs that ask at the same time never hold more than there is', async () => {
      const workspace = await workspaceOf({ availableCreditMicros: 7 * ONE });
      const runs: string[] = [];
      for (let place = 0; place < 6; place += 1) {
        runs.push(await startRun(subject.store, numbered(4), { payer: { workspace } }));
      }
      const stores = [subject.store, ...subject.others];
      const answers = await Promise.all(
        runs.map((id, place) => admit(stores[place % stores.length]!, id)),
      );
      expect(answers.flatMap(({ granted }) => granted)).toHaveLength(7);
      expect(await money(workspace)).toEqual([0, 7 * ONE, 0]);
    });

    test('a key’s budget bounds all its runs together', async () => {
      const workspace = await workspaceOf();
      const keyId = await keyOf(workspace, { budgetCreditMicros: 3 * ONE });
      const payer = { workspace, keyId };
      const first = await startRun(subject.store, numbered(2), { payer });
      const second = await startRun(subject.store, numbered(2), { payer });
      const { granted } = await admit(subject.store, first);
      expect((await admit(subject.store, second)).granted).toHaveLength(1);
      for (const { attemptId } of granted) await end(attemptId, 'd');
      const open = await subject.store.openAttempts(second);
      await end(open[0]!.attemptId, 'd');
      const answer = await admit(subject.store, second);
      expect(answer).toMatchObject({ granted: [], budgetOf: 'key' });
      expect(answer.budget).toContain('"ci"');
      const another = await startRun(subject.store, ['a fox'], { payer: { workspace } });
      expect((await admit(subject.store, another)).granted).toHaveLength(1);
    });

    test('a larger budget of the key lets its runs go on, those that have none of their own', async () => {
      const { store } = subject;
      const workspace = await workspaceOf();
      const keyId = await keyOf(workspace, { budgetCreditMicros: 0 });
      const payer = { workspace, keyId, origin: 'api' } as const;
      const stopped = async (budget: Partial<RunSettings> = {}) => {
        const id = await startRun(store, ['a fox'], { payer, ...budget });
        await store.changeRun(id, { state: 'stopped', reason: 'budget', release: true });
        return id;
      };
      const free = await stopped();
      await stopped({ budgetCreditMicros: ONE - 1 });
      expect(await store.reopenRunsOfKey(keyId)).toEqual([]);
      await store.changeApiKey(keyId, { budgetCreditMicros: ONE });
      expect(await store.reopenRunsOfKey(keyId)).toEqual([free]);
      expect(await store.findRun(free)).toMatchObject({ state: 'planned' });
    });

    test('the ceiling that holds is the workspace’s at this moment, or a lower one of the run', async () => {
      const workspace = await workspaceOf({ imagesPerHour: 2 });
      const hour = (max?: number): Limit =>
        windowLimit(max, {
          unit: 'images',
          windowMs: HOUR_MS,
          key: workspaceLimitKey(workspace),
          learnable: false,
        });
      const id = await startRun(subject.store, numbered(9), { payer: { workspace } });
      expect((await admit(subject.store, id, { limits: [hour()] })).granted).toHaveLength(2);
      const lower = await startRun(subject.store, numbered(9), { payer: { workspace } });
      expect(await admit(subject.store, lower, { limits: [hour(1)] })).toMatchObject({
        granted: [],
        obstacle: { limit: workspaceLimitKey(workspace) },
      });
    });

    test('what was given back leaves the workspace’s ceiling, and stays in the vendor’s window', async () => {
      const { store } = subject;
      const workspace = await workspaceOf({ imagesPerHour: 2 });
      const key = workspaceLimitKey(workspace);
      const hour = windowLimit(undefined, {
        unit: 'images',
        windowMs: HOUR_MS,
        key,
        learnable: false,
      });
      const vendor = windowLimit(3, { unit: 'images', windowMs: HOUR_MS });
      const id = await startRun(store, numbered(9), { payer: { workspace } });
      const admitted = () => admit(store, id, { limits: [vendor, hour], most: 9 });
      const giveBack = (attemptId: string) =>
        store.returned({
          attemptId,
          workerId: 'worker',
          reason: 'stalled before sending',
          notBeforeMs: 0,
          countsAttempt: false,
        });
      const [first] = (await admitted()).granted;
      expect(await admitted()).toMatchObject({ granted: [], obstacle: { limit: key } });
      await giveBack(first!.attemptId);
      const [again] = (await admitted()).granted;
      expect(again).toBeDefined();
      await giveBack(again!.attemptId);
      expect(await admitted()).toMatchObject({ granted: [], obstacle: { limit: vendor.key } });
    });

    test('nothing of a suspended workspace is sent, and nothing is waited for', async () => {
      const workspace = await workspaceOf();
      const id = await startRun(subject.store, ['a fox'], { payer: { workspace } });
      await suspend(subject.store, workspace);
      expect(await admit(subject.store, id)).toMatchObject({
        granted: [],
        budget: 'the workspace is suspended',
        budgetOf: 'workspace',
      });
    });

    test('a share of a limit follows the figure of the whole', async () => {
      const whole = windowLimit(9);
      const share: Limit = {
        ...whole,
        max: shareOf(whole.max, 0.5),
        key: `${whole.key}@agency`,
        shareOf: { key: whole.key, part: 0.5 },
        learnable: false,
      };
      const agency = await startRun(subject.store, numbered(20));
      expect((await admit(subject.store, agency, { limits: [whole, share] })).granted).toHaveLength(
        4,
      );
      const other = await startRun(subject.store, numbered(20));
      expect((await admit(subject.store, other, { limits: [whole] })).granted).toHaveLength(5);
    });
  });
}

async function suspend(store: Store, workspace: string): Promise<void> {
  await store.changeWorkspace(workspace, { state: 'suspended' });
}
