import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Behaviour, FaultName } from '../../simulators/behaviour.ts';
import {
  hashPrompt,
  readSimulatedMark,
  simulatedFetch,
  type Simulator,
  type SimulatorOptions,
} from '../../simulators/index.ts';
import type { Failure, FailureKind } from '../../src/engine/core/failure.ts';
import type { LaneConfig } from '../../src/engine/vendors/lane-config.ts';
import type {
  Answered,
  BundleLane,
  BundleLine,
  BundlePollAnswer,
  BundleSubmitAnswer,
  Failed,
  LaneBundle,
  LaneRequest,
} from '../../src/engine/vendors/vendor.ts';
import { laneRequest } from '../support/lane-request.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What the contract needs to know of a lane that carries many requests in one call. */
export interface BundleLaneHarness {
  readonly createLane: (config: LaneConfig) => BundleLane;
  readonly createSimulator: (options: SimulatorOptions) => Simulator;
  /** What the vendor's base URL ends in after the host. */
  readonly basePath: string;
  readonly model: string;
  /** Most images of one line. */
  readonly imagesPerRequest: number;
  /** Put under the behaviour of every test. */
  readonly behaviour?: Behaviour;
  /** How the vendor says that it is too much at the moment. */
  readonly pushback: Extract<FailureKind, 'rate-limited' | 'slots-full'>;
  /** What the vendor says of one refused line, before and after painting. */
  readonly refusals: Readonly<Record<'input' | 'output', Partial<Failure>>>;
  /** Whether lines say what they cost; then it is what the vendor bills. */
  readonly tellsDollars: boolean;
  /** Whether `submit` sends a file ahead. */
  readonly sendsFile: boolean;
  /** What one line says when its own making failed; absent: a line cannot fail by itself. */
  readonly lineFailure?: FailureKind;
  /** Makes a bundle that the vendor rejects as a whole; absent: there is none. */
  readonly spoil?: (bundle: LaneBundle) => LaneBundle;
  /** What makes a request of another kind (`kindOf`), where there are kinds. */
  readonly otherKind?: Partial<LaneRequest>;
}

const ORIGIN = 'http://vendor.simulated';
const KEY = 'key-that-nobody-may-see-4711';
const BUNDLE = 'im-bundle-7f3a-1';
const NOBODY_STOPS = { signal: new AbortController().signal };
const PROMPTS = ['a fox', 'a lighthouse at dusk', 'two herons', 'a red bicycle', 'an old mill'];

/** Where a bug would poll for ever: batches of this contract take less than two days of minutes. */
const MOST_POLLS = 3_000;

/** How a bundle ended: its lines, or why there are none. */
type Ended =
  | { readonly kind: 'lines'; readonly lines: readonly BundleLine[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * What the engine relies on in every lane that carries bundles: each line comes back once, by its key,
 * with its own picture; what is said not to be made is not billed; and a bundle whose answer was lost
 * is found again instead of being bought twice.
 */
export function describeBundleLane(name: string, harness: BundleLaneHarness): void {
  function createWorld(behaviour: Behaviour = {}, apiKey = KEY) {
    const clock = new VirtualClock();
    const simulator = harness.createSimulator({
      clock,
      apiKey: KEY,
      ...harness.behaviour,
      ...behaviour,
    });
    const createLane = () =>
      harness.createLane({
        apiKey,
        baseUrl: `${ORIGIN}${harness.basePath}`,
        fetch: simulatedFetch({ [ORIGIN]: simulator }),
        clock,
      });
    const orders = () =>
      simulator.log.entries.filter(({ operation }) => ['submit', 'batch'].includes(operation));
    return { clock, simulator, lane: createLane(), createLane, orders };
  }
  type World = ReturnType<typeof createWorld>;

  function bundleOf(prompts: readonly string[], given: Partial<LaneRequest> = {}): LaneBundle {
    const requests = prompts.map((prompt, index) =>
      laneRequest({ model: harness.model, prompt, key: `run-7f3a-row-${index}`, ...given }),
    );
    return { key: BUNDLE, model: harness.model, requests };
  }

  async function submitOne(behaviour: Behaviour = {}, bundle = bundleOf(PROMPTS)) {
    const world = createWorld(behaviour);
    const submitted = await world.lane.submit(bundle, NOBODY_STOPS);
    expect(world.orders().length).toBeLessThanOrEqual(1);
    expect(JSON.stringify(submitted)).not.toContain(KEY);
    return { ...world, bundle, submitted };
  }

  async function carry(behaviour: Behaviour = {}, bundle = bundleOf(PROMPTS)) {
    const world = await submitOne(behaviour, bundle);
    const ended = await finish(world, world.submitted, bundle.requests);
    expect(JSON.stringify(ended)).not.toContain(KEY);
    return { ...world, ended };
  }

  const faulty = (fault: FaultName): Behaviour => ({ faults: { [fault]: 1 }, billedShare: 1 });

  describe(`the lane of bundles to ${name}`, () => {
    test('brings each line back once, by its key, with the picture of its own prompt', async () => {
      const { lane, ended, orders } = await carry();
      const lines = linesOf(ended);
      expect(lines.map(({ key }) => key).toSorted()).toEqual(
        PROMPTS.map((_prompt, index) => `run-7f3a-row-${index}`),
      );
      for (const { key, answer } of lines) {
        const [bytes, ...more] = await downloadAll(lane, answer);
        expect(more).toEqual([]);
        expect(await sharp(bytes).metadata()).toMatchObject({ width: 1024, height: 1024 });
        expect(readSimulatedMark(bytes!)?.promptHash).toBe(
          hashPrompt(PROMPTS[Number(key.split('-').at(-1))]!),
        );
      }
      expect(orders()).toHaveLength(1);
    });

    test.runIf(harness.imagesPerRequest > 1)('brings several pictures of one line', async () => {
      const bundle = bundleOf(['a fox', 'a mill'], { count: 2 });
      const { lane, ended, simulator } = await carry({}, bundle);
      const all = await Promise.all(linesOf(ended).map(({ answer }) => downloadAll(lane, answer)));
      const ids = all.flat().map((bytes) => readSimulatedMark(bytes)?.imageId);
      expect(all.map((pictures) => pictures.length)).toEqual([2, 2]);
      expect(new Set(ids).size).toBe(4);
      expect(simulator.bill.images).toBe(4);
    });

    test.runIf(harness.tellsDollars)('tells the dollars that the vendor bills', async () => {
      const { ended, simulator } = await carry();
      expect(usdOf(linesOf(ended))).toBe(simulator.bill.usdMicros);
      expect(simulator.bill.usdMicros).toBeGreaterThan(0);
    });

    test.each(['input', 'output'] as const)(
      'keeps a refusal of the %s to its own line',
      async (stage) => {
        const { lane, ended, simulator } = await carry({ refusals: { pattern: 'herons', stage } });
        const lines = linesOf(ended);
        const refused = lines.filter(({ answer }) => answer.kind === 'failed');
        expect(refused.map(({ key }) => key)).toEqual(['run-7f3a-row-2']);
        expect(failureOf(refused[0]!.answer)).toMatchObject(harness.refusals[stage]);
        expect(failureOf(refused[0]!.answer).words).not.toBe('');
        const made = lines.filter(({ answer }) => answer.kind === 'answered');
        for (const { answer } of made) expect(await downloadAll(lane, answer)).toHaveLength(1);
        expect([made.length, simulator.bill.images]).toEqual([4, 4]);
        if (harness.tellsDollars) expect(usdOf(lines)).toBe(simulator.bill.usdMicros);
      },
    );

    test.runIf(harness.lineFailure !== undefined)(
      'knows lines whose making failed, which are not billed',
      async () => {
        const { ended, simulator } = await carry(faulty('taskFailed'));
        const kinds = linesOf(ended).map(({ answer }) => failureOf(answer).kind);
        expect(kinds).toEqual(PROMPTS.map(() => harness.lineFailure));
        expect(simulator.bill.images).toBe(0);
      },
    );

    test.each(['status429', 'status429bare'] as const)(
      'takes a %s for a pushback, since nothing was made',
      async (fault) => {
        const { submitted, simulator, clock } = await submitOne(faulty(fault));
        expect(failureOf(submitted).kind).toBe(harness.pushback);
        await clock.advance(24 * 60 * 60_000);
        expect(simulator.bill.images).toBe(0);
      },
    );

    test('takes a 503 of the vendor for overload, since nothing was made', async () => {
      const { submitted, simulator, clock } = await submitOne(faulty('status503'));
      expect(failureOf(submitted).kind).toBe('overloaded');
      await clock.advance(24 * 60 * 60_000);
      expect(simulator.bill.images).toBe(0);
    });

    test.each(['replyLost', 'truncated', 'status500', 'status502', 'status504'] as const)(
      'calls the outcome unknown after %s, since it may be made',
      async (fault) => {
        const { submitted, simulator, clock } = await submitOne(faulty(fault));
        expect(failureOf(submitted).kind).toBe('unknown');
        await clock.advance(24 * 60 * 60_000);
        expect(simulator.bill.images).toBe(PROMPTS.length);
      },
    );

    test('calls the outcome unknown when it stops waiting for the answer', async () => {
      const { lane, clock, orders } = createWorld(faulty('hang'));
      const stop = new AbortController();
      const submitting = lane.submit(bundleOf(PROMPTS), { signal: stop.signal });
      await expect.poll(() => orders().length).toBe(1);
      await clock.settle();
      stop.abort();
      expect(failureOf(await submitting).kind).toBe('unknown');
      expect(orders()).toHaveLength(1);
    });

    test('knows that nothing was sent when nobody listens', async () => {
      const clock = new VirtualClock();
      const fetch = simulatedFetch({});
      const lane = harness.createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch, clock });
      const submitted = await lane.submit(bundleOf(PROMPTS), NOBODY_STOPS);
      expect(failureOf(submitted).kind).toBe('not-sent');
    });

    test('does not send a bundle that is not allowed to start', async () => {
      const { lane, simulator } = createWorld();
      const submitted = await lane.submit(bundleOf(PROMPTS), { signal: AbortSignal.abort() });
      expect(failureOf(submitted).kind).toBe('not-sent');
      expect(simulator.log.entries).toHaveLength(0);
    });

    test('knows an account that is used up', async () => {
      const { ended, simulator } = await carry({ accountImages: 0 });
      expect(rejectionOf(ended).kind).toBe('account-exhausted');
      expect(simulator.bill.images).toBe(0);
    });

    test('knows a key that is not accepted, and repeats it nowhere', async () => {
      const wrongKey = 'wrong-key-that-nobody-may-see';
      const { lane } = createWorld({}, wrongKey);
      const submitted = await lane.submit(bundleOf(PROMPTS), NOBODY_STOPS);
      expect(failureOf(submitted).kind).toBe('key-unusable');
      expect(JSON.stringify(submitted)).not.toContain(wrongKey);
    });

    test('has poll and results where it answers with a task', async () => {
      const { lane, submitted } = await submitOne();
      const isTask = submitted.kind === 'accepted';
      expect([lane.poll !== undefined, lane.results !== undefined]).toEqual([isTask, isTask]);
    });

    test.runIf(harness.spoil !== undefined)(
      'knows a bundle that is rejected as a whole, of which nothing is made',
      async () => {
        const { ended, simulator } = await carry({}, harness.spoil!(bundleOf(PROMPTS)));
        expect(rejectionOf(ended).kind).toBe('invalid-request');
        expect(rejectionOf(ended).words).not.toBe('');
        expect(simulator.bill.images).toBe(0);
      },
    );

    describe.runIf(harness.otherKind !== undefined)('with kinds of requests', () => {
      test('takes a bundle of each kind', async () => {
        const { ended, simulator } = await carry({}, bundleOf(PROMPTS, harness.otherKind));
        expect(linesOf(ended).every(({ answer }) => answer.kind === 'answered')).toBe(true);
        expect(simulator.bill.images).toBe(PROMPTS.length);
      });

      test('sends nothing of a bundle in which they are mixed', async () => {
        const { lane, simulator } = createWorld();
        const [first, second] = bundleOf(PROMPTS).requests;
        const other = { ...second!, ...harness.otherKind };
        expect(lane.kindOf!(first!)).not.toBe(lane.kindOf!(other));
        const mixed = { key: BUNDLE, model: harness.model, requests: [first!, other] };
        const submitted = await lane.submit(mixed, NOBODY_STOPS);
        expect(failureOf(submitted).kind).toBe('invalid-request');
        expect(simulator.log.entries).toHaveLength(0);
      });
    });

    describe.runIf(hasUploads(harness))('as a lane that keeps references', () => {
      test('refers to a picture that was uploaded once', async () => {
        const { lane, simulator, ...world } = createWorld();
        const bytes = await redSquare();
        const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
        const kept = await lane.uploadReference!(reference, NOBODY_STOPS);
        if (kept.kind === 'failed') throw new Error(kept.failure.words);
        expect(kept.expiresAt ?? Infinity).toBeGreaterThan(world.clock.now());
        const bundle = bundleOf(PROMPTS, {
          references: [{ kind: 'uploaded', handle: kept.handle, mediaType: 'image/png' }],
        });
        const submitted = await lane.submit(bundle, NOBODY_STOPS);
        const ended = await finish({ lane, ...world }, submitted, bundle.requests);
        expect(linesOf(ended).every(({ answer }) => answer.kind === 'answered')).toBe(true);
        expect(simulator.bill.images).toBe(PROMPTS.length);
      });

      test('says when a picture could not be uploaded', async () => {
        const { lane } = createWorld({}, 'wrong-key-that-nobody-may-see');
        const bytes = await redSquare();
        const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
        const kept = await lane.uploadReference!(reference, NOBODY_STOPS);
        expect(failureOf(kept).kind).toBe('key-unusable');
      });
    });

    test.runIf(harness.sendsFile)(
      'says that nothing was made when the file that is sent ahead is lost',
      async () => {
        const { submitted, simulator, clock } = await submitOne({ batch: { uploadLost: 1 } });
        expect(failureOf(submitted).kind).toBe('overloaded');
        await clock.advance(24 * 60 * 60_000);
        expect(simulator.bill.images).toBe(0);
      },
    );

    describe.runIf(isTaskLane(harness))('as a lane of tasks', () => {
      test('can be polled on and read by another process that has the ref only', async () => {
        const { createLane, submitted, bundle, clock, simulator } = await submitOne();
        const other = createLane();
        expect((await other.poll!(refOf(submitted), NOBODY_STOPS)).kind).toBe('pending');
        await clock.advance(60_000);
        expect(await other.poll!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'ended' });
        const lines = await readAll(other, refOf(submitted), bundle.requests);
        expect(lines).toHaveLength(PROMPTS.length);
        expect(simulator.bill.images).toBe(PROMPTS.length);
      });

      test('never says that more are completed than there are', async () => {
        const { lane, submitted, clock } = await submitOne();
        const told: number[] = [];
        for (let polls = 0; polls < MOST_POLLS; polls += 1) {
          const polled = await lane.poll!(refOf(submitted), NOBODY_STOPS);
          if (polled.kind !== 'pending') break;
          told.push(polled.completed ?? 0);
          expect(polled.pollAfterMs).toBeGreaterThan(0);
          await clock.advance(5_000);
        }
        expect(told).toEqual(told.toSorted((one, other) => one - other));
        expect(told.length).toBeGreaterThan(5);
        expect(told.at(-1)).toBeLessThanOrEqual(PROMPTS.length);
      });

      test('takes a poll that fails for a failed question', async () => {
        const { lane, submitted, clock } = await submitOne({ pollError: 1 });
        await clock.advance(60_000);
        const polled = await lane.poll!(refOf(submitted), NOBODY_STOPS);
        expect(['overloaded', 'unknown']).toContain(failureOf(polled).kind);
      });

      test('says nothing about a batch that the vendor does not know', async () => {
        const { lane } = createWorld();
        const polled = await lane.poll!('batch_unheard-of', NOBODY_STOPS);
        expect(failureOf(polled).kind).toBe('unknown');
      });

      test('reads the results as often as it is asked, and only what is of interest', async () => {
        const { lane, submitted, bundle, ended } = await carry();
        const again = await readAll(lane, refOf(submitted), bundle.requests);
        expect(again).toEqual(linesOf(ended));
        const some = bundle.requests.slice(1, 3);
        const rest = await readAll(lane, refOf(submitted), some);
        expect(rest.map(({ key }) => key).toSorted()).toEqual(some.map(({ key }) => key));
      });

      test('throws when the reading breaks off, after lines that are right', async () => {
        const { lane, submitted, bundle, clock, simulator } = await submitOne({
          batch: { resultsCut: 1 },
        });
        await clock.advance(60_000);
        const read: BundleLine[] = [];
        const reading = async () => {
          const lines = lane.results!(refOf(submitted), bundle.requests, NOBODY_STOPS);
          for await (const line of lines) read.push(line);
        };
        await expect(reading()).rejects.toThrow();
        expect(read.length).toBeLessThan(PROMPTS.length);
        simulator.change({ batch: { resultsCut: null } });
        const whole = await readAll(lane, refOf(submitted), bundle.requests);
        expect(whole.slice(0, read.length)).toEqual(read);
        expect(whole).toHaveLength(PROMPTS.length);
        expect(simulator.bill.images).toBe(PROMPTS.length);
      });

      test('ends a reading that is stopped', async () => {
        const { lane, submitted, bundle, clock } = await submitOne();
        await clock.advance(60_000);
        const context = { signal: AbortSignal.abort() };
        const reading = Array.fromAsync(lane.results!(refOf(submitted), bundle.requests, context));
        await expect(reading).rejects.toThrow();
      });

      test.each([0, 0.4, 1])('brings the share %d of a batch that expired', async (share) => {
        const batch = { durationMs: 100_000, expireAfterMs: 50_000, finishedShare: share };
        const { ended, simulator } = await carry({ batch });
        expectPart(linesOf(ended), simulator, share * PROMPTS.length);
      });

      test.runIf(canCancel(harness))('brings the made part of a cancelled batch', async () => {
        const world = await submitOne({ batch: { finishedShare: 0.4 } });
        await world.clock.advance(10_000);
        const ref = refOf(world.submitted);
        expect(await world.lane.cancel!(ref, NOBODY_STOPS)).toEqual({ kind: 'cancelling' });
        const ended = await finish(world, world.submitted, world.bundle.requests);
        expectPart(linesOf(ended), world.simulator, 2);
      });

      test.runIf(canCancel(harness))('cancels what has ended without any effect', async () => {
        const { lane, submitted, simulator } = await carry();
        expect(await lane.cancel!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'cancelling' });
        expect(await lane.poll!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'ended' });
        expect(simulator.bill.images).toBe(PROMPTS.length);
      });
    });

    describe.runIf(canFind(harness))('as a lane that finds by our own key', () => {
      test.each(['replyLost', 'truncated', 'status500'] as const)(
        'finds what was taken before %s, and pays once',
        async (fault) => {
          const world = await submitOne(faulty(fault));
          const found = await world.lane.find!(BUNDLE, NOBODY_STOPS);
          if (found.kind !== 'accepted') throw new Error(`It was not found: ${found.kind}`);
          const ended = await finish(world, found, world.bundle.requests);
          expect(linesOf(ended)).toHaveLength(PROMPTS.length);
          expect(world.simulator.bill.images).toBe(PROMPTS.length);
          expect(world.orders()).toHaveLength(1);
        },
      );

      test('finds its own among many others, by another process', async () => {
        const { lane, createLane } = createWorld();
        for (let other = 0; other < 120; other += 1) {
          const bundle = { ...bundleOf(['a fox']), key: `im-other-${other}` };
          await lane.submit(bundle, NOBODY_STOPS);
        }
        const found = await createLane().find!('im-other-3', NOBODY_STOPS);
        expect(found.kind).toBe('accepted');
        expect(await createLane().find!('im-other-1000', NOBODY_STOPS)).toEqual({
          kind: 'nothing',
        });
      });

      test('says nothing where nothing arrived', async () => {
        const { lane } = createWorld();
        expect(await lane.find!(BUNDLE, NOBODY_STOPS)).toEqual({ kind: 'nothing' });
      });

      test('says nothing after a refusal at the door', async () => {
        const { lane } = await submitOne(faulty('status503'));
        expect(await lane.find!(BUNDLE, NOBODY_STOPS)).toEqual({ kind: 'nothing' });
      });

      test('never takes a question that failed for a no', async () => {
        const { lane } = createWorld({}, 'wrong-key-that-nobody-may-see');
        expect((await lane.find!(BUNDLE, NOBODY_STOPS)).kind).toBe('failed');
      });
    });

    /** Some were made, and of the others nothing: by the lines and by the bill. */
    function expectPart(lines: readonly BundleLine[], simulator: Simulator, made: number): void {
      const kinds = lines.map(({ answer }) =>
        answer.kind === 'answered' ? 'made' : answer.failure.kind,
      );
      expect(kinds.filter((kind) => kind === 'made')).toHaveLength(made);
      expect(kinds.filter((kind) => kind === 'overloaded')).toHaveLength(PROMPTS.length - made);
      expect(simulator.bill.images).toBe(made);
      if (harness.tellsDollars) expect(usdOf(lines)).toBe(simulator.bill.usdMicros);
    }
  });

  /** Polls a task until it ends, as far apart as it asks for, and reads its lines. */
  async function finish(
    { lane, clock }: Pick<World, 'lane' | 'clock'>,
    submitted: BundleSubmitAnswer,
    requests: readonly LaneRequest[],
  ): Promise<Ended> {
    if (submitted.kind === 'answered') return { kind: 'lines', lines: submitted.lines };
    if (submitted.kind === 'failed') return submitted;
    await clock.advance(submitted.pollAfterMs);
    for (let polls = 0; polls < MOST_POLLS; polls += 1) {
      const polled: BundlePollAnswer = await lane.poll!(submitted.ref, NOBODY_STOPS);
      if (polled.kind === 'failed') return polled;
      if (polled.kind === 'ended') {
        return { kind: 'lines', lines: await readAll(lane, submitted.ref, requests) };
      }
      await clock.advance(polled.pollAfterMs);
    }
    throw new Error(`The bundle had not ended after ${MOST_POLLS} polls.`);
  }
}

async function readAll(
  lane: BundleLane,
  ref: string,
  requests: readonly LaneRequest[],
): Promise<readonly BundleLine[]> {
  return await Array.fromAsync(lane.results!(ref, requests, NOBODY_STOPS));
}

async function downloadAll(
  lane: BundleLane,
  answer: Answered | Failed,
): Promise<readonly Buffer[]> {
  if (answer.kind === 'failed') throw new Error(`${answer.failure.kind}: ${answer.failure.words}`);
  return Promise.all(
    answer.images.map(async (image) => {
      if (image.kind !== 'image') throw new Error(`Image ${image.index} is ${image.kind}.`);
      if (image.source.kind === 'bytes') return Buffer.from(image.source.bytes);
      const fetched = await lane.fetch!(image.source.url, NOBODY_STOPS);
      if (fetched.kind !== 'fetched') throw new Error(`${fetched.kind}: ${fetched.words}`);
      return Buffer.from(fetched.bytes);
    }),
  );
}

function linesOf(ended: Ended): readonly BundleLine[] {
  if (ended.kind === 'lines') return ended.lines;
  throw new Error(`It failed: ${ended.failure.kind}, ${ended.failure.words}`);
}

function rejectionOf(ended: Ended): Failure {
  if (ended.kind === 'failed') return ended.failure;
  throw new Error(`It was not rejected: ${ended.lines.length} lines came.`);
}

function failureOf(answer: { readonly kind: string } | Failed): Failure {
  if ('failure' in answer) return answer.failure;
  throw new Error(`It did not fail: ${answer.kind}`);
}

function refOf(submitted: BundleSubmitAnswer): string {
  if (submitted.kind === 'accepted') return submitted.ref;
  throw new Error(`It was not accepted: ${submitted.kind}`);
}

function usdOf(lines: readonly BundleLine[]): number {
  return lines.reduce((sum, { answer }) => sum + (answer.usdMicros ?? 0), 0);
}

function redSquare(): Promise<Buffer> {
  const create = { width: 64, height: 64, channels: 3, background: 'red' } as const;
  return sharp({ create }).png().toBuffer();
}

function isTaskLane(harness: BundleLaneHarness): boolean {
  return anyLane(harness).poll !== undefined;
}

function canFind(harness: BundleLaneHarness): boolean {
  return anyLane(harness).find !== undefined;
}

function canCancel(harness: BundleLaneHarness): boolean {
  return anyLane(harness).cancel !== undefined;
}

function hasUploads(harness: BundleLaneHarness): boolean {
  return anyLane(harness).uploadReference !== undefined;
}

function anyLane({ createLane }: BundleLaneHarness): BundleLane {
  const clock = new VirtualClock();
  return createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch: simulatedFetch({}), clock });
}
