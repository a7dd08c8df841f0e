/** The order of a paid request, seen from the vendor and from the store at once. */
import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requestDeps } from '../../../test/support/request-deps.ts';
import { admit, collect, PRICE, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { continueRequest, type RequestLane, runRequest } from './run-request.ts';
import type { AttemptTicket, Store } from '../store/store.ts';
import type { Answered, LaneRequest, VendorLane } from '../vendors/vendor.ts';

const MARGIN_MS = 600;
const BYTES = Buffer.from('a picture');
const PICTURE: Answered = {
  kind: 'answered',
  images: [{ index: 0, kind: 'image', source: { kind: 'bytes', bytes: BYTES } }],
  usdMicros: 50_000,
};

/** One admitted request, a lane whose calls are noted, and what a worker needs. */
async function openWorld(lane: Partial<VendorLane> = {}) {
  const clock = new VirtualClock();
  const home = await sqliteHome({ clock });
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(store, ['a fox']);
  const calls: string[] = [];
  const keys: string[] = [];
  const noted = (call: string, request: LaneRequest) => {
    calls.push(call);
    keys.push(request.key);
  };
  const vendor: VendorLane = {
    vendor: 'a-vendor',
    account: 'an-account',
    submit: async () => PICTURE,
    ...lane,
  };
  const requestLane: RequestLane = {
    lane: {
      ...vendor,
      submit: (request, context) => {
        noted('submit', request);
        return vendor.submit(request, context);
      },
      ...(vendor.poll && {
        poll: (ref, request, context) => {
          noted(`poll ${ref}`, request);
          return vendor.poll!(ref, request, context);
        },
      }),
    },
    limits: [],
    marginMs: MARGIN_MS,
  };
  const deps = requestDeps({ store, clock });
  return { clock, store, runId, calls, keys, deps, lane: requestLane };
}

async function grant(store: Store, runId: string): Promise<AttemptTicket> {
  const { granted } = await admit(store, runId);
  return granted[0]!;
}

async function stateOf(store: Store, runId: string) {
  const [record] = await collect(store.records(runId));
  return record!;
}

/** Lets time pass until the work is done. */
async function finished<Result>(clock: VirtualClock, work: Promise<Result>): Promise<Result> {
  let ended = false;
  const end = work.finally(() => {
    ended = true;
  });
  end.catch(() => {});
  while (!ended) await clock.step();
  return end;
}

describe('a request', () => {
  test('is sent within the margin after its grant, and given back later than that', async () => {
    for (const [lateMs, sendings] of [
      [MARGIN_MS, 1],
      [MARGIN_MS + 1, 0],
    ] as const) {
      const { clock, store, runId, calls, deps, lane } = await openWorld();
      const admittedAt = clock.now();
      const ticket = await grant(store, runId);
      await clock.advance(lateMs);
      const end = await finished(clock, runRequest(deps, lane, ticket, admittedAt));
      expect(calls).toHaveLength(sendings);
      expect(end.kind).toBe(sendings === 1 ? 'settled' : 'returned');
      const { state } = await stateOf(store, runId);
      expect(state).toBe(sendings === 1 ? 'delivered' : 'waiting');
    }
  });

  test('has its vendor’s id in the store before the task is asked about', async () => {
    const known: unknown[] = [];
    const world = await openWorld({
      submit: async () => ({ kind: 'accepted', ref: 'task-7', pollAfterMs: 1_000 }),
      poll: async () => {
        known.push((await world.store.openAttempts(world.runId))[0]?.ref);
        return PICTURE;
      },
    });
    const { clock, store, runId, calls, deps, lane } = world;
    const ticket = await grant(store, runId);
    const end = await finished(clock, runRequest(deps, lane, ticket, clock.now()));
    expect(end.kind).toBe('settled');
    expect(calls).toEqual(['submit', 'poll task-7']);
    expect(known).toEqual(['task-7']);
  });

  test('is unknown when its task is still not done after its longest time', async () => {
    const { clock, store, runId, deps, lane } = await openWorld({
      submit: async () => ({ kind: 'accepted', ref: 'task-7', pollAfterMs: 1_000 }),
      poll: async () => ({ kind: 'pending', pollAfterMs: 10_000 }),
    });
    const ticket = await grant(store, runId);
    const end = await finished(clock, runRequest(deps, lane, ticket, clock.now()));
    expect(end).toEqual({ kind: 'unknown' });
    expect(clock.now()).toBeGreaterThanOrEqual(ticket.deadlineAt);
  });

  test('has its bytes in the store when it is called delivered', async () => {
    const { clock, store, runId, deps, lane } = await openWorld();
    const ticket = await grant(store, runId);
    await finished(clock, runRequest(deps, lane, ticket, clock.now()));
    const { image } = await stateOf(store, runId);
    expect(image?.hash).toBe(createHash('sha256').update(BYTES).digest('hex'));
    expect(Buffer.from(await deps.blobs.get(image!.hash))).toEqual(BYTES);
  });

  test('that was late waits before it is granted again, longer each time', async () => {
    const { clock, store, runId, calls, deps, lane } = await openWorld();
    const waits: number[] = [];
    for (let stall = 0; stall < 3; stall += 1) {
      const admittedAt = clock.now();
      const ticket = await grant(store, runId);
      await clock.advance(MARGIN_MS + 1);
      await finished(clock, runRequest(deps, lane, ticket, admittedAt));
      const { granted, obstacle, now } = await admit(store, runId);
      expect(granted).toEqual([]);
      waits.push(obstacle!.until! - now);
      await clock.advance(waits.at(-1)!);
    }
    expect(waits.map((waitMs, stall) => waitMs / 2 ** stall > 500)).toEqual([true, true, true]);
    expect(calls).toEqual([]);
  });

  test('goes under the same key each time it is sent', async () => {
    let sendings = 0;
    const { clock, store, runId, keys, deps, lane } = await openWorld({
      submit: async () => {
        sendings += 1;
        return sendings === 1
          ? { kind: 'failed', failure: { kind: 'overloaded', words: 'busy' } }
          : PICTURE;
      },
    });
    await finished(clock, runRequest(deps, lane, await grant(store, runId), clock.now()));
    await clock.advance(120_000);
    await finished(clock, runRequest(deps, lane, await grant(store, runId), clock.now()));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('a picture that was made and cannot be downloaded', () => {
  test('is booked all the same: the vendor bills it', async () => {
    const { clock, store, runId, deps, lane } = await openWorld({
      submit: async () => ({
        kind: 'answered',
        images: [{ index: 0, kind: 'image', source: { kind: 'url', url: 'https://a.example/1' } }],
      }),
      fetch: async () => ({ kind: 'forbidden', words: 'another host' }),
    });
    const ticket = await grant(store, runId);
    await finished(clock, runRequest(deps, lane, ticket, clock.now()));
    expect(await stateOf(store, runId)).toMatchObject({
      state: 'failed',
      usdMicros: PRICE.usdMicros,
      creditMicros: 0,
    });
  });
});

describe('a request that a dead process was sending', () => {
  test('stays unknown where the vendor cannot be asked, and is not sent', async () => {
    const { clock, store, runId, calls, deps, lane } = await openWorld();
    const ticket = await grant(store, runId);
    const end = await finished(clock, continueRequest(deps, lane, ticket));
    expect(end).toEqual({ kind: 'unknown' });
    expect(calls).toEqual([]);
    expect(await stateOf(store, runId)).toMatchObject({ state: 'unknown' });
    expect((await admit(store, runId)).granted).toEqual([]);
  });

  test('is polled on where its id is known, and not sent', async () => {
    const { clock, store, runId, calls, deps, lane } = await openWorld({
      poll: async () => PICTURE,
    });
    const ticket = await grant(store, runId);
    await store.accepted(ticket.attemptId, 'worker', { ref: 'task-7' });
    const [open] = await store.openAttempts(runId);
    const end = await finished(clock, continueRequest(deps, lane, open!));
    expect(end.kind).toBe('settled');
    expect(calls).toEqual(['poll task-7']);
    expect(await stateOf(store, runId)).toMatchObject({ state: 'delivered' });
  });
});
