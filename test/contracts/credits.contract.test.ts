import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_CEILINGS } from '../../src/engine/core/ceiling.ts';
import { MICROS } from '../../src/engine/core/credits.ts';
import type { EntryKind, NewCreditEntry } from '../../src/engine/core/credit-entry.ts';
import type { Pack, PaymentFact } from '../../src/engine/core/payment.ts';
import { countEarlierUse } from '../../src/engine/store/migrations/0004-credits.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { auditCredits } from '../support/audit-credits.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { admit, collect, outcomes, PRICE, startRun } from '../support/store-run.ts';
import { postgresHome, type StoreHome, sqliteHome, type TestStore } from '../support/stores.ts';

const ceilings = DEFAULT_CEILINGS;

describe.each([
  { name: 'SQLite', createHome: () => sqliteHome(), connections: 1 },
  { name: 'PostgreSQL', createHome: postgresHome, connections: 6 },
])('credits on $name', ({ createHome, connections }) => {
  let home: StoreHome;
  let opened: TestStore;
  const others: Store[] = [];
  beforeAll(async () => {
    home = await createHome();
    opened = await home.open();
    while (others.length < connections - 1) others.push((await home.open()).store);
  });
  afterAll(() => home[Symbol.asyncDispose]());
  afterEach(() => auditCredits(opened.database));

  /** The store of one of the connections, in turn. */
  const storeOf = (place: number) => [opened.store, ...others][place % connections]!;

  async function workspace(balance: 'kept' | 'none' = 'kept'): Promise<string> {
    const id = `w-${randomUUID().slice(0, 18)}`;
    const made = await opened.store.createWorkspace({
      id,
      name: id,
      imagesPerHour: 200,
      ...(balance === 'kept' && { availableCreditMicros: 0 }),
    });
    expect(made).toBe(true);
    return id;
  }

  async function apiKey(of: string, budgetCreditMicros?: number): Promise<string> {
    const id = `key_${randomUUID()}`;
    await opened.store.createApiKey({
      id,
      workspace: of,
      name: 'a key',
      hash: id,
      hint: 'abcd',
      role: 'member',
      ...(budgetCreditMicros !== undefined && { budgetCreditMicros }),
    });
    return id;
  }

  function enter(
    of: string,
    kind: EntryKind,
    credits: number,
    more: Partial<NewCreditEntry> & { beginsBalance?: boolean; store?: Store } = {},
  ) {
    const { beginsBalance = false, store = opened.store, ...words } = more;
    return store.writeCreditEntry({
      entry: {
        id: `entry_${randomUUID()}`,
        workspace: of,
        kind,
        creditMicros: credits * MICROS,
        reason: 'a reason',
        ...words,
      },
      ceilings,
      withoutBalance: beginsBalance ? 'begin' : 'refuse',
    });
  }

  const found = async (id: string) => (await opened.store.findWorkspace(id))!;
  const eventsOf = async (id: string) =>
    (await opened.store.workspaceEvents(id, 0, 100)).map(({ type, data }) => ({ type, data }));

  test('an entry is in the ledger, the balance and the events, at once', async () => {
    const id = await workspace();
    const answer = await enter(id, 'grant', 250, { reason: 'welcome' });
    expect(answer).toMatchObject({ kind: 'written', availableCreditMicros: 250 * MICROS });
    const lines = await opened.store.workspaceLedger(id, { order: 'oldest' }, { most: 10 });
    expect(
      lines.map(({ account, creditMicros, reason }) => [account, creditMicros, reason]),
    ).toEqual([
      ['available', 250 * MICROS, 'welcome'],
      ['issued', -250 * MICROS, 'welcome'],
    ]);
    expect(await eventsOf(id)).toMatchObject([
      { type: 'credits.granted', data: { credits: 250, balance: 250, reason: 'welcome' } },
    ]);
  });

  test('what was bought decides the ceiling, and a refund lowers it again', async () => {
    const id = await workspace();
    const ceiling = async () => (await found(id)).imagesPerHour;
    await enter(id, 'grant', 50_000);
    expect(await ceiling()).toBe(200);
    await enter(id, 'purchase', 1_000);
    expect(await ceiling()).toBe(500);
    await enter(id, 'purchase', 19_000);
    expect(await ceiling()).toBeUndefined();
    await enter(id, 'refund', -1);
    expect(await ceiling()).toBe(2_000);
    expect((await found(id)).boughtCreditMicros).toBe(19_999 * MICROS);
  });

  test('a ceiling that was set by hand stays', async () => {
    const id = await workspace();
    const byHand = { imagesPerHour: 7, isFixed: true };
    await opened.store.changeWorkspace(id, { ceiling: byHand });
    await enter(id, 'purchase', 20_000);
    await opened.store.applyCeilings(ceilings);
    expect((await found(id)).imagesPerHour).toBe(7);
  });

  test('a changed configuration moves the ceilings of all', async () => {
    const [none, some] = [await workspace(), await workspace()];
    await enter(some, 'purchase', 5_000);
    const steps = [
      { boughtCreditMicros: 0, imagesPerHour: 33 },
      { boughtCreditMicros: 5_000 * MICROS },
    ];
    expect(await opened.store.applyCeilings(steps)).toBeGreaterThanOrEqual(2);
    expect((await found(none)).imagesPerHour).toBe(33);
    expect((await found(some)).imagesPerHour).toBeUndefined();
    expect(await opened.store.applyCeilings(steps)).toBe(0);
    await opened.store.applyCeilings(ceilings);
    expect((await found(none)).imagesPerHour).toBe(200);
    expect((await found(some)).imagesPerHour).toBe(1_000);
  });

  test('a purchase with the same reference is written once, whoever writes it', async () => {
    const id = await workspace();
    const reference = `invoice-${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, place) =>
        enter(id, 'purchase', 100, { reference, store: storeOf(place) }),
      ),
    );
    expect(answers.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'known')).toHaveLength(23);
    expect((await found(id)).availableCreditMicros).toBe(100 * MICROS);
  });

  test('a reference of two workspaces at once belongs to one of them', async () => {
    const both = [await workspace(), await workspace()];
    const reference = `invoice-${randomUUID()}`;
    const answers = await Promise.all(
      both.map((id, place) => enter(id, 'purchase', 100, { reference, store: storeOf(place) })),
    );
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['mismatch', 'written']);
  });

  test('other credits under a known reference are no repetition', async () => {
    const id = await workspace();
    const reference = `invoice-${randomUUID()}`;
    await enter(id, 'purchase', 100, { reference });
    expect(await enter(id, 'purchase', 200, { reference })).toMatchObject({ kind: 'mismatch' });
    expect((await found(id)).availableCreditMicros).toBe(100 * MICROS);
  });

  test('no more is refunded than was bought', async () => {
    const id = await workspace();
    await enter(id, 'grant', 500);
    await enter(id, 'purchase', 100);
    expect(await enter(id, 'refund', -101)).toEqual({
      kind: 'not-bought',
      boughtCreditMicros: 100 * MICROS,
    });
    expect((await found(id)).availableCreditMicros).toBe(600 * MICROS);
  });

  test('where no balance is kept an entry is refused, or begins one at nothing', async () => {
    const id = await workspace('none');
    const run = await startRun(opened.store, ['a fox', 'an owl'], { payer: { workspace: id } });
    const [first] = (await admit(opened.store, run)).granted;
    await settle(opened.store, first!.attemptId, 'd');
    expect(await enter(id, 'grant', 10)).toEqual({ kind: 'no-balance' });
    expect((await found(id)).availableCreditMicros).toBeUndefined();
    const answer = await enter(id, 'grant', 10, { beginsBalance: true });
    expect(answer).toMatchObject({ kind: 'written', availableCreditMicros: 10 * MICROS });
    expect((await found(id)).postedCreditMicros).toBe(PRICE.creditMicros);
  });

  test('an entry for a workspace that there is not is none', async () => {
    expect(await enter('w-nobody', 'grant', 1)).toEqual({ kind: 'no-workspace' });
  });

  describe('a run that stopped for want of credits', () => {
    async function stopped(of: string, reason: 'credits' | 'budget' = 'credits', origin = true) {
      const payer = { workspace: of, ...(origin && { origin: 'api' as const }) };
      const run = await startRun(opened.store, ['a fox', 'an owl'], { payer });
      expect(await admit(opened.store, run)).toMatchObject({ granted: [], budgetOf: 'workspace' });
      await opened.store.changeRun(run, { state: 'stopped', reason, release: true });
      return run;
    }
    const stateOf = async (run: string) => (await opened.store.findRun(run))?.state;

    test('goes on when credits come that reach for a request', async () => {
      const id = await workspace();
      const run = await stopped(id);
      expect(await enter(id, 'grant', 2)).toMatchObject({ reopened: [] });
      expect(await stateOf(run)).toBe('stopped');
      expect(await enter(id, 'grant', 1)).toMatchObject({ reopened: [run] });
      expect(await opened.store.findRun(run)).toMatchObject({ state: 'planned' });
      expect((await opened.store.findRun(run))?.reason).toBeUndefined();
      expect((await collect(opened.store.journal(run))).at(-1)?.event).toEqual({
        type: 'run-stopped',
        state: 'planned',
      });
      await checkInvariants(opened.database, run);
    });

    test('goes on as well when it stopped after they had come', async () => {
      const id = await workspace();
      const run = await startRun(opened.store, ['a fox'], {
        payer: { workspace: id, origin: 'api' },
      });
      expect(await admit(opened.store, run)).toMatchObject({ budgetOf: 'workspace' });
      expect(await enter(id, 'grant', 100)).toMatchObject({ reopened: [] });
      await opened.store.changeRun(run, { state: 'stopped', reason: 'credits', release: true });
      expect(await opened.store.reopenRuns()).toContain(run);
      expect(await opened.store.reopenRuns()).not.toContain(run);
    });

    test('stays when it is of the command line, stopped for something else, or suspended', async () => {
      const id = await workspace();
      const runs = [await stopped(id, 'credits', false), await stopped(id, 'budget')];
      const suspended = await workspace();
      const third = await stopped(suspended);
      await opened.store.changeWorkspace(suspended, { state: 'suspended' });
      expect(await enter(id, 'grant', 100)).toMatchObject({ reopened: [] });
      expect(await enter(suspended, 'grant', 100)).toMatchObject({ reopened: [] });
      for (const run of [...runs, third]) expect(await stateOf(run)).toBe('stopped');
    });

    test('admits and enters from everywhere at once without a conflict', async () => {
      const id = await workspace();
      const payer = { workspace: id, origin: 'api' as const };
      const runs = await Promise.all(
        [1, 2, 3].map(() => startRun(opened.store, ['a fox', 'an owl', 'a lynx'], { payer })),
      );
      const work = async (run: string, place: number) => {
        const store = storeOf(place);
        for (const ticket of (await admit(store, run)).granted) {
          await settle(store, ticket.attemptId, 'd');
        }
        await store.changeRun(run, { state: 'stopped', reason: 'credits' });
        await store.reopenRuns(id);
        await store.changeRun(run, { state: 'running' });
      };
      await Promise.all(
        runs.flatMap((run, place) => [
          work(run, place),
          enter(id, 'grant', 1, { store: storeOf(place + 1) }),
          enter(id, 'purchase', 2, { store: storeOf(place + 2) }),
          storeOf(place).tellLowBalances(100 * MICROS),
        ]),
      );
      expect((await found(id)).availableCreditMicros).toBeGreaterThanOrEqual(0);
    });
  });

  test('a low balance is told once, and again after it was high', async () => {
    const id = await workspace();
    const tell = () => opened.store.tellLowBalances(50 * MICROS);
    expect(await tell()).not.toContain(id);
    await enter(id, 'grant', 60);
    expect(await tell()).not.toContain(id);
    await enter(id, 'correction', -20);
    expect(await tell()).toContain(id);
    expect(await tell()).not.toContain(id);
    expect((await eventsOf(id)).at(-1)).toEqual({
      type: 'credits.low',
      data: { balance: 40, below: 50 },
    });
    await enter(id, 'grant', 60);
    await tell();
    await enter(id, 'correction', -60);
    expect(await tell()).toContain(id);
  });

  describe('an order of a pack', () => {
    const pack: Pack = {
      id: 'small',
      title: '1,000 credits',
      creditMicros: 1_000 * MICROS,
      amount: 3_000,
      currency: 'usd',
    };

    async function ordered(of: string): Promise<(fact: PaymentFact, store?: Store) => unknown> {
      const orderId = `order_${randomUUID()}`;
      await opened.store.createPaymentOrder({ id: orderId, workspace: of, pack });
      const newId = () => `entry_${randomUUID()}`;
      return (fact, store = opened.store) => store.notePayment({ orderId, fact, ceilings, newId });
    }
    const paid = (payment: string): PaymentFact => ({ kind: 'paid', session: 'cs_1', payment });
    const refunded = (payment: string, amount: number): PaymentFact => ({
      kind: 'refunded',
      payment,
      amount,
    });
    const disputed = (payment: string, returned: boolean, amount = 3_000): PaymentFact => ({
      kind: 'disputed',
      payment,
      dispute: 'dp_1',
      amount,
      returned,
    });
    const balance = async (id: string) => (await found(id)).availableCreditMicros! / MICROS;

    test('is credited once, whoever is told of its payment how often', async () => {
      const id = await workspace();
      const note = await ordered(id);
      const payment = randomUUID();
      await Promise.all(Array.from({ length: 12 }, (_, n) => note(paid(payment), storeOf(n))));
      expect(await balance(id)).toBe(1_000);
      expect(await found(id)).toMatchObject({ imagesPerHour: 500 });
    });

    test('gives the same share of the credits back as of the money, once', async () => {
      const id = await workspace();
      const note = await ordered(id);
      const payment = randomUUID();
      await note(paid(payment));
      await note(refunded(payment, 1_000));
      expect(await found(id)).toMatchObject({ availableCreditMicros: 666_666_667 });
      await note(refunded(payment, 3_000));
      await note(refunded(payment, 1_000));
      await note(refunded(payment, 3_000));
      expect(await balance(id)).toBe(0);
      expect(await found(id)).toMatchObject({ boughtCreditMicros: 0, imagesPerHour: 200 });
    });

    test('comes to the same in whatever order the news come', async () => {
      const facts = (payment: string) => [
        paid(payment),
        refunded(payment, 600),
        refunded(payment, 1_500),
        disputed(payment, false, 900),
        paid(payment),
      ];
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
          const id = await workspace();
          const note = await ordered(id);
          const payment = randomUUID();
          for (const place of order) await note(facts(payment)[place]!);
          expect(await balance(id)).toBe(1_000 - 500 - 300);
        }),
        { numRuns: 12 },
      );
    });

    test('is taken back while it is disputed, and given again when that ends well', async () => {
      const id = await workspace();
      const note = await ordered(id);
      const payment = randomUUID();
      await note(paid(payment));
      await note(disputed(payment, false));
      expect(await balance(id)).toBe(0);
      await note(disputed(payment, true));
      // Late news of the beginning.
      await note(disputed(payment, false));
      expect(await balance(id)).toBe(1_000);
      const types = (await eventsOf(id)).map(({ type }) => type);
      expect(types).toEqual(['credits.purchased', 'credits.corrected', 'credits.corrected']);
    });

    test("takes nothing from another order's payment", async () => {
      const id = await workspace();
      const note = await ordered(id);
      await note(paid(randomUUID()));
      expect(await note(refunded('pi_of_another', 3_000))).toEqual({ kind: 'foreign' });
      expect(await note({ kind: 'paid', session: 'cs_other' })).toEqual({ kind: 'foreign' });
      expect(await balance(id)).toBe(1_000);
    });

    test('may leave a balance below nothing when it was spent', async () => {
      const id = await workspace();
      const note = await ordered(id);
      const payment = randomUUID();
      await note(paid(payment));
      await enter(id, 'correction', -900);
      await note(refunded(payment, 3_000));
      expect(await balance(id)).toBe(-900);
      const run = await startRun(opened.store, ['a fox'], { payer: { workspace: id } });
      expect(await admit(opened.store, run)).toMatchObject({ granted: [], budgetOf: 'workspace' });
    });

    test('is credited where no balance is kept, without beginning one', async () => {
      const id = await workspace('none');
      const note = await ordered(id);
      await note(paid(randomUUID()));
      expect(await found(id)).toMatchObject({ boughtCreditMicros: 1_000 * MICROS });
      expect((await found(id)).availableCreditMicros).toBeUndefined();
    });
  });

  test('pages of the ledger have every line once, with its run, key and items', async () => {
    const id = await workspace();
    const keyId = await apiKey(id);
    await enter(id, 'grant', 100, { reference: `paper-${id}`, byKey: keyId });
    const payer = { workspace: id, keyId, origin: 'api' as const };
    const run = await startRun(opened.store, [{ prompt: 'a fox', count: 2 }, 'an owl'], { payer });
    for (const { attemptId, indexes } of (await admit(opened.store, run)).granted) {
      await settle(opened.store, attemptId, 'dr'.slice(0, indexes.length));
    }
    const items = (await collect(opened.store.records(run))).map(({ itemId }) => itemId);
    const all = await opened.store.workspaceLedger(id, { order: 'newest' }, { most: 100 });
    // An entry, and of each request a hold, what was posted and what was voided.
    expect(all).toHaveLength(2 + 2 * 6);
    const paged = [];
    let after = undefined as (typeof all)[number] | undefined;
    do {
      const page = await opened.store.workspaceLedger(
        id,
        { order: 'newest' },
        { most: 3, ...(after && { after }) },
      );
      paged.push(...page);
      after = page.at(-1);
    } while (after !== undefined);
    expect(paged).toEqual(all);
    expect(await opened.store.workspaceLedger(id, { order: 'oldest' }, { most: 100 })).toEqual(
      all.toReversed(),
    );
    const posted = all.filter((line) => line.kind === 'post' && line.account === 'spent');
    expect(posted.map(({ runId }) => runId)).toEqual([run, run]);
    expect(posted.map((line) => line.keyId)).toEqual([keyId, keyId]);
    expect(posted.flatMap(({ itemIds }) => itemIds).toSorted()).toEqual(items.toSorted());
    const entry = all.find(({ kind }) => kind === 'grant');
    expect(entry).toMatchObject({ reference: `paper-${id}`, reason: 'a reason', keyId });
    expect(entry).not.toHaveProperty('runId');
  });

  test('what was used before it was added up is added up from the ledger', async () => {
    const id = await workspace('none');
    const payer = { workspace: id };
    const sheet = ['a fox', 'an owl', { prompt: 'a lynx', count: 3, byBatch: true as const }];
    const run = await startRun(opened.store, sheet, { payer });
    const lanes = ['a-model', 'a-model:batch'];
    for (const lane of lanes) {
      for (const { attemptId, indexes } of (await admit(opened.store, run, { lane })).granted) {
        await settle(opened.store, attemptId, 'drf'.slice(0, indexes.length));
      }
    }
    await opened.store.retry(run, 'failed');
    const read = () =>
      opened.database
        .selectFrom('usage_quarters')
        .selectAll()
        .orderBy('workspace')
        .orderBy('at')
        .orderBy('run_id')
        .orderBy('lane')
        .execute();
    const addedUp = await read();
    expect(addedUp.filter((row) => row.run_id === run)).toMatchObject([
      { lane: 'a-model', delivered: 2, refused: 0, failed: 0 },
      { lane: 'a-model:batch', delivered: 1, refused: 1, failed: 1 },
    ]);
    await opened.database.deleteFrom('usage_quarters').execute();
    await countEarlierUse(opened.database as never);
    expect(await read()).toEqual(addedUp);
  });

  test('whatever happens, the ledger alone tells every balance', async () => {
    const operation = fc.oneof(
      fc.record({
        do: fc.constantFrom('grant' as const, 'purchase' as const, 'refund' as const),
        credits: fc.integer({ min: 1, max: 30 }),
        reference: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      }),
      fc.record({
        do: fc.constant('correction' as const),
        credits: fc.integer({ min: -30, max: 30 }).filter((credits) => credits !== 0),
        reference: fc.constant(undefined),
      }),
      fc.record({ do: fc.constant('send' as const), most: fc.integer({ min: 1, max: 4 }) }),
      fc.record({
        do: fc.constantFrom('settle' as const, 'return' as const, 'lose' as const),
        letters: fc.stringMatching(/^[drf]{3}$/),
      }),
      fc.record({ do: fc.constant('decide' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (operations) => {
        const id = await workspace();
        const keyId = await apiKey(id, 60 * MICROS);
        const payer = { workspace: id, keyId, origin: 'api' as const };
        const sheet = Array.from({ length: 8 }, (_, n) => ({ prompt: `${n}`, count: 1 + (n % 3) }));
        const run = await startRun(opened.store, sheet, { payer });
        const open: { attemptId: string; images: number }[] = [];
        for (const each of operations) {
          const { availableCreditMicros: before = 0 } = await found(id);
          if (each.do === 'send') {
            const { granted } = await admit(opened.store, run, { most: each.most });
            for (const { attemptId, indexes } of granted) {
              open.push({ attemptId, images: indexes.length });
            }
          } else if (each.do === 'decide') await opened.store.decideUnknown(run);
          else if ('credits' in each) {
            const { reference, credits } = each;
            const signed = each.do === 'refund' ? -credits : credits;
            const more = reference === undefined ? {} : { reference: `${id}-${reference}` };
            await enter(id, each.do, signed, more);
          } else {
            const attempt = open.shift();
            if (attempt === undefined) continue;
            const { attemptId, images } = attempt;
            if (each.do === 'settle') {
              await settle(opened.store, attemptId, each.letters.slice(0, images));
            } else if (each.do === 'lose') {
              await opened.store.markUnknown(attemptId, 'worker', 'time-out');
            } else {
              await opened.store.returned({
                attemptId,
                workerId: 'worker',
                reason: 'overloaded',
                notBeforeMs: 0,
                countsAttempt: false,
              });
            }
          }
          const { availableCreditMicros: after = 0 } = await found(id);
          // Only who takes credits back may bring a balance below nothing, never who spends.
          if (each.do === 'send') expect(after).toBeGreaterThanOrEqual(Math.min(0, before));
          const key = (await opened.store.findApiKey(keyId))!;
          expect(key.postedCreditMicros + key.heldCreditMicros).toBeLessThanOrEqual(60 * MICROS);
        }
        await auditCredits(opened.database);
        await checkInvariants(opened.database, run);
      }),
      { numRuns: 25 },
    );
  });
});

async function settle(store: Store, attemptId: string, letters: string): Promise<void> {
  await store.settle({
    attemptId,
    workerId: 'worker',
    outcomes: outcomes(letters),
    usdMicros: letters.length * PRICE.usdMicros,
  });
}
