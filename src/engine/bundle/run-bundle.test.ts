/** The order of a bundle, seen from the vendor and from the store at once. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { requestDeps } from '../../../test/support/request-deps.ts';
import { admit, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { BundleWork } from './bundle-work.ts';
import { BUNDLE_SUBMIT_MS, continueBundle, runBundle } from './run-bundle.ts';
import type { AttemptTicket } from '../store/store.ts';
import type { BundleLane, BundleLine, LaneRequest } from '../vendors/vendor.ts';

const PROMPTS = ['a fox', 'an owl', 'a hare'];
const LANE = 'a-model:batch';
const ACCEPTED = { kind: 'accepted', ref: 'batch-1', pollAfterMs: 1_000 } as const;

function lineOf({ key, prompt }: LaneRequest): BundleLine {
  const source = { kind: 'bytes', bytes: Buffer.from(`a picture of ${prompt}`) } as const;
  const image = { index: 0, kind: 'image', source } as const;
  return { key, answer: { kind: 'answered', images: [image], usdMicros: 30_000 } };
}

async function* linesOf(requests: readonly LaneRequest[]): AsyncGenerator<BundleLine> {
  for (const request of requests) yield lineOf(request);
}

/** An admitted bundle of three rows, a lane whose calls are noted, and what a worker needs. */
async function openWorld(lane: Partial<BundleLane> = {}, references: readonly string[] = []) {
  const clock = new VirtualClock({ settleTurns: 30 });
  const home = await sqliteHome({ clock });
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(
    store,
    PROMPTS.map((prompt) => ({ prompt, references, byBatch: true as const })),
  );
  const calls: string[] = [];
  const vendor: BundleLane = {
    vendor: 'a-vendor',
    account: 'an-account',
    submit: async () => ACCEPTED,
    poll: async () => ({ kind: 'ended' }),
    results: (_ref, requests) => linesOf(requests),
    ...lane,
  };
  const noted = new Proxy(vendor, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...rest: unknown[]) => {
        calls.push(String(name));
        return Reflect.apply(member, target, rest) as unknown;
      };
    },
  });
  const ends: string[] = [];
  const drain = new AbortController();
  const leave = new AbortController();
  const plain = requestDeps({ store, clock });
  const work: BundleWork = {
    deps: {
      ...plain,
      references: {
        ...plain.references,
        forRequest: async ({ row }) => ({
          references: row.references.map((url) => ({ kind: 'url', url })),
          changes: [],
        }),
      },
    },
    lane: { lane: noted, limits: [], marginMs: 60_000 },
    onEnd: async (ticket, end) => {
      ends.push(`${ticket.row.prompt}: ${end.kind}`);
    },
    drain: drain.signal,
    leave: leave.signal,
  };
  const { granted } = await admit(store, runId, {
    lane: LANE,
    bundle: { mostRequests: 10, refusesWhole: false },
    longestCallMs: { low: 86_400_000, medium: 86_400_000, high: 86_400_000 },
  });
  return { clock, store, runId, calls, ends, work, granted, drain, leave };
}

type OpenWorld = Awaited<ReturnType<typeof openWorld>>;

/** Lets time pass until the bundle's requests have ended. */
async function carried({ clock, work, granted }: OpenWorld, tickets = granted): Promise<void> {
  await finished(clock, runBundle(work, tickets, clock.now()));
}

async function finished(clock: VirtualClock, work: Promise<void>): Promise<void> {
  let ended = false;
  const end = work.finally(() => {
    ended = true;
  });
  end.catch(() => {});
  while (!ended) await clock.step();
  await end;
}

async function openTickets({ store, runId }: OpenWorld): Promise<AttemptTicket[]> {
  return store.openAttempts(runId);
}

describe('a bundle', () => {
  test('is handed over once, asked about, and read', async () => {
    const world = await openWorld();
    await carried(world);
    expect(world.calls).toEqual(['submit', 'poll', 'results']);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
    expect(world.ends.toSorted()).toEqual(PROMPTS.map((prompt) => `${prompt}: settled`).toSorted());
  });

  test('has its vendor’s id in the store before it is asked about', async () => {
    const known: unknown[] = [];
    const world: OpenWorld = await openWorld({
      poll: async () => {
        known.push((await world.store.openBundles(world.runId))[0]?.ref);
        return { kind: 'ended' };
      },
    });
    await carried(world);
    expect(known).toEqual(['batch-1']);
  });

  test('that is not found proves nothing before the longest handing over has passed', async () => {
    let sentAt = 0;
    const world: OpenWorld = await openWorld({
      submit: async () => ({ kind: 'failed', failure: { kind: 'unknown', words: 'cut' } }),
      // The creation was still on its way: it shows itself late.
      find: async () =>
        world.clock.now() - sentAt < BUNDLE_SUBMIT_MS - 60_000 ? { kind: 'nothing' } : ACCEPTED,
    });
    sentAt = world.clock.now();
    await carried(world);
    expect(world.calls.filter((call) => call === 'submit')).toHaveLength(1);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
  });

  test('that is never found waits again, and is not unknown', async () => {
    const world = await openWorld({
      submit: async () => ({ kind: 'failed', failure: { kind: 'unknown', words: 'cut' } }),
      find: async () => ({ kind: 'nothing' }),
    });
    await carried(world);
    expect(await world.store.counts(world.runId)).toMatchObject({ waiting: 3, unknown: 0 });
    expect(await openTickets(world)).toEqual([]);
  });

  test('is sent again at once where its vendor makes a key once at most', async () => {
    let submits = 0;
    const world: OpenWorld = await openWorld({
      makesKeyOnce: true,
      submit: async () => {
        submits += 1;
        return submits === 1
          ? { kind: 'failed', failure: { kind: 'unknown', words: 'cut' } }
          : ACCEPTED;
      },
      find: async () => ({ kind: 'nothing' }),
    });
    const before = world.clock.now();
    await carried(world);
    expect(world.clock.now() - before).toBeLessThan(60_000);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
  });

  test('is sent again with its references by the process that finds it lost', async () => {
    const sent: string[] = [];
    const world: OpenWorld = await openWorld(
      {
        makesKeyOnce: true,
        find: async () => ({ kind: 'nothing' }),
        submit: async ({ requests }) => {
          sent.push(JSON.stringify(requests.map(({ references }) => references)));
          return ACCEPTED;
        },
      },
      ['http://pictures.example/style.png'],
    );
    await finished(world.clock, continueBundle(world.work, await openTickets(world)));
    const style = [{ kind: 'url', url: 'http://pictures.example/style.png' }];
    expect(sent).toEqual([JSON.stringify(PROMPTS.map(() => style))]);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
  });

  test('is unknown where nobody can be asked', async () => {
    const world = await openWorld({
      submit: async () => ({ kind: 'failed', failure: { kind: 'unknown', words: 'cut' } }),
    });
    await carried(world);
    expect(await world.store.counts(world.runId)).toMatchObject({ unknown: 3 });
  });

  test('is read again for what is left where the reading broke off', async () => {
    const asked: number[] = [];
    const world = await openWorld({
      results: async function* (_ref, requests) {
        asked.push(requests.length);
        yield lineOf(requests[0]!);
        if (asked.length === 1) throw new Error('the connection was reset');
        yield* linesOf(requests.slice(1));
      },
    });
    await carried(world);
    expect(asked).toEqual([3, 2]);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
    expect(await world.store.findRun(world.runId)).toMatchObject({ actualUsdMicros: 90_000 });
  });

  test('calls a line that is missing not returned, and charges nothing for it', async () => {
    const world = await openWorld({
      results: async function* (_ref, requests) {
        yield* linesOf(requests.slice(1));
      },
    });
    await carried(world);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 2, failed: 1 });
  });

  test('puts back together what was never begun of it', async () => {
    const world = await openWorld({
      results: async function* (_ref, requests) {
        yield lineOf(requests[0]!);
        for (const { key } of requests.slice(1)) {
          const failure = { kind: 'overloaded', words: 'expired' } as const;
          yield { key, answer: { kind: 'failed', failure } };
        }
      },
    });
    const order: number[] = [];
    const watched: BundleWork = {
      ...world.work,
      onEnd: async (ticket, end) => {
        if (end.kind !== 'returned') return;
        const { waiting } = await world.store.counts(world.runId);
        order.push(waiting);
      },
    };
    await carried({ ...world, work: watched });
    // When the first is told, the other one waits already: they can travel together.
    expect(order).toEqual([2, 2]);
  });

  test('fails as a whole when its vendor takes nothing of it as it stands', async () => {
    const world = await openWorld({
      poll: async () => ({
        kind: 'failed',
        failure: { kind: 'invalid-request', words: 'line 2 is no JSON' },
      }),
    });
    await carried(world);
    expect(await world.store.counts(world.runId)).toMatchObject({ failed: 3 });
  });

  test('stays at its vendor when the run stops, and is read by the next process', async () => {
    let polls = 0;
    const world: OpenWorld = await openWorld({
      poll: async () => {
        polls += 1;
        if (polls === 1) world.drain.abort();
        return polls < 3 ? { kind: 'pending', pollAfterMs: 60_000 } : { kind: 'ended' };
      },
    });
    await carried(world);
    expect(world.ends).toEqual(PROMPTS.map((prompt) => `${prompt}: left`));
    expect(await world.store.counts(world.runId)).toMatchObject({ sent: 3 });
    const { drain: _stopped, ...next } = world.work;
    await finished(world.clock, continueBundle(next, await openTickets(world)));
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
    expect(world.calls.filter((call) => call === 'submit')).toHaveLength(1);
  });

  test('is left at once by a run that stops while its vendor wants an hour of silence', async () => {
    const world: OpenWorld = await openWorld({
      poll: async () => {
        void world.clock.sleep(1_000).then(() => world.drain.abort());
        const failure = { kind: 'rate-limited', retryAfterMs: 3_600_000, words: 'slow' } as const;
        return { kind: 'failed', failure };
      },
    });
    const before = world.clock.now();
    await carried(world);
    expect(world.clock.now() - before).toBeLessThan(60_000);
    expect(await world.store.counts(world.runId)).toMatchObject({ sent: 3 });
  });

  test('is asked to stop once, when the rest shall go another way', async () => {
    let polls = 0;
    const world: OpenWorld = await openWorld({
      poll: async () => {
        polls += 1;
        if (polls === 2) world.leave.abort();
        return polls < 5 ? { kind: 'pending', pollAfterMs: 60_000 } : { kind: 'ended' };
      },
      cancel: async () => ({ kind: 'cancelling' }),
    });
    await carried(world);
    expect(world.calls.filter((call) => call === 'cancel')).toHaveLength(1);
    expect(await world.store.counts(world.runId)).toMatchObject({ delivered: 3 });
  });

  test('whose reading meets a defect of ours tells it, and loses no line silently', async () => {
    const world: OpenWorld = await openWorld({
      results: async function* (_ref, requests) {
        yield lineOf(requests[0]!);
        // The next line comes when the first has been worked on.
        await world.clock.sleep(1_000);
        yield* linesOf(requests.slice(1));
      },
    });
    const { deps } = world.work;
    let stored = 0;
    const put = (bytes: Uint8Array) => {
      stored += 1;
      return stored === 1 ? Promise.reject(new Error('a defect')) : deps.blobs.put(bytes);
    };
    const blobs = { ...deps.blobs, put };
    const broken: BundleWork = { ...world.work, deps: { ...deps, blobs } };
    await expect(carried({ ...world, work: broken })).rejects.toThrow('a defect');
  });

  test('that its vendor has no room for is not handed over again at once', async () => {
    const world = await openWorld({
      poll: async () => ({
        kind: 'failed',
        failure: { kind: 'slots-full', words: 'too many tokens are enqueued' },
      }),
    });
    await carried(world);
    const bundle = { mostRequests: 10, refusesWhole: false };
    const { granted, obstacle } = await admit(world.store, world.runId, { lane: LANE, bundle });
    expect(granted).toEqual([]);
    expect(obstacle?.until).toBeGreaterThan(world.clock.now());
  });
});
