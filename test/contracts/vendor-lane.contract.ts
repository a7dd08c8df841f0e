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
  Accepted,
  Answered,
  Failed,
  LaneImage,
  LaneRequest,
  SubmitAnswer,
  VendorLane,
} from '../../src/engine/vendors/vendor.ts';
import { laneRequest } from '../support/lane-request.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What most vendors have, and a server of one's own may not. */
export type VendorTrait =
  /** Refuses prompts or pictures by a policy. */
  | 'policy'
  /** Says in its own words that it is too much at the moment. */
  | 'pushback'
  /** Says 503 in its own words. */
  | 'overload'
  /** Has an account that can be used up. */
  | 'account'
  /** Gives pictures inside the answer, or by addresses of tasks only. */
  | 'pictures-inside'
  /** Gives addresses that expire. */
  | 'expiring-addresses'
  /** Lets pictures lie elsewhere, where no key belongs. */
  | 'addresses-elsewhere'
  /** Makes one task at most of an id of ours. */
  | 'single-use-ids';

/** What the contract needs to know of a vendor. */
export interface VendorLaneHarness {
  readonly createLane: (config: LaneConfig) => VendorLane;
  readonly createSimulator: (options: SimulatorOptions) => Simulator;
  /** What the vendor's base URL ends in after the host. */
  readonly basePath: '' | '/v1';
  readonly model: string;
  /** Most images of one request; packs are tested where it is above 1. */
  readonly imagesPerRequest: number;
  /** How the vendor says that it is too much at the moment. */
  readonly pushback?: Extract<FailureKind, 'rate-limited' | 'slots-full'>;
  /** Whether its answers say what it billed (true); where they do not, the catalog's price is taken. */
  readonly tellsUsd?: boolean;
  /** What the vendor says of a refusal before and after painting. */
  readonly refusals?: Readonly<Record<'input' | 'output', Partial<Failure>>>;
  /** What it has not, each with the reason for which the tests of it are left out. */
  readonly without?: Readonly<Partial<Record<VendorTrait, string>>>;
}

const ORIGIN = 'http://vendor.simulated';
const KEY = 'key-that-nobody-may-see-4711';
const NOBODY_STOPS = { signal: new AbortController().signal };

/** Where a bug would poll for ever: with no latency, two polls are enough. */
const MOST_POLLS = 5;

/**
 * What the engine relies on in every lane: an answer means what it says, "nothing was made" is true
 * by the vendor's own bill, one `submit` is one order, and the key stays where it belongs.
 */
export function describeVendorLane(name: string, harness: VendorLaneHarness): void {
  const has = (trait: VendorTrait) => harness.without?.[trait] === undefined;

  function createWorld(behaviour: Behaviour = {}, apiKey = KEY) {
    const clock = new VirtualClock();
    const simulator = harness.createSimulator({ clock, apiKey: KEY, ...behaviour });
    const lane = harness.createLane({
      apiKey,
      baseUrl: `${ORIGIN}${harness.basePath}`,
      fetch: simulatedFetch({ [ORIGIN]: simulator }),
      clock,
    });
    const submits = () => simulator.log.entries.filter(({ operation }) => operation === 'submit');
    return { clock, simulator, lane, submits };
  }

  function requestFor(given: Partial<LaneRequest> = {}): LaneRequest {
    return laneRequest({ model: harness.model, ...given });
  }

  async function submitOne(behaviour: Behaviour, given: Partial<LaneRequest> = {}) {
    const world = createWorld(behaviour);
    const request = requestFor(given);
    const submitted = await world.lane.submit(request, NOBODY_STOPS);
    const ended = await finish(world.lane, request, submitted);
    expect(world.submits()).toHaveLength(1);
    expect(JSON.stringify([submitted, ended])).not.toContain(KEY);
    return { ...world, request, submitted, ended };
  }

  const faulty = (fault: FaultName): Behaviour => ({ faults: { [fault]: 1 }, billedShare: 1 });

  describe(`the lane to ${name}`, () => {
    test.each([
      { width: 1024, height: 1024 },
      { width: 1024, height: 768 },
    ])('brings a picture of the prompt that covers $width x $height', async (size) => {
      const { lane, ended } = await submitOne({}, { size, prompt: 'a lighthouse at dusk' });
      const [bytes] = await downloadAll(lane, imagesOf(ended));
      const made = await sharp(bytes).metadata();
      expect(made.width).toBeGreaterThanOrEqual(size.width);
      expect(made.height).toBeGreaterThanOrEqual(size.height);
      expect(Math.abs(made.width / made.height / (size.width / size.height) - 1)).toBeLessThan(
        0.02,
      );
      expect(readSimulatedMark(bytes!)?.promptHash).toBe(hashPrompt('a lighthouse at dusk'));
    });

    test.runIf(harness.tellsUsd !== false)('tells the dollars that the vendor bills', async () => {
      const { simulator, submitted, ended } = await submitOne({});
      const told = [submitted, ended].find((answer) => answer.usdMicros !== undefined);
      expect(told?.usdMicros).toBe(simulator.bill.usdMicros);
    });

    test.runIf(harness.imagesPerRequest > 1)('brings several pictures of one request', async () => {
      const { lane, simulator, ended } = await submitOne({}, { count: harness.imagesPerRequest });
      const images = imagesOf(ended);
      expect(images.map(({ index }) => index)).toEqual(
        Array.from({ length: harness.imagesPerRequest }, (_, index) => index),
      );
      const all = await downloadAll(lane, images);
      expect(new Set(all.map((bytes) => readSimulatedMark(bytes)?.imageId)).size).toBe(all.length);
      expect(simulator.bill.images).toBe(harness.imagesPerRequest);
    });

    test.runIf(harness.imagesPerRequest > 1)(
      'gives only what was made when images are missing',
      async () => {
        const { simulator, ended } = await submitOne(faulty('fewerImages'), { count: 2 });
        expect(imagesOf(ended)).toHaveLength(1);
        expect(simulator.bill.images).toBe(1);
      },
    );

    test.runIf(has('policy')).each(['input', 'output'] as const)(
      'keeps the words of a refusal of the %s',
      async (stage) => {
        const { simulator, ended } = await submitOne({ refusals: { share: 1, stage } });
        const failure = failureOf(ended);
        expect(failure).toMatchObject(harness.refusals![stage]);
        expect(failure.words).not.toBe('');
        expect(simulator.bill.images).toBe(0);
      },
    );

    test.runIf(has('pushback')).each(['status429', 'status429bare'] as const)(
      'takes a %s for a pushback, since nothing was made',
      async (fault) => {
        const { simulator, submitted } = await submitOne(faulty(fault));
        expect(failureOf(submitted)).toMatchObject({ kind: harness.pushback });
        expect(simulator.bill.images).toBe(0);
      },
    );

    test.runIf(has('pushback'))('keeps the wait that a pushback asks for', async () => {
      const { submitted } = await submitOne(faulty('status429'));
      expect(failureOf(submitted)).toMatchObject({ retryAfterMs: 1000 });
    });

    test.runIf(has('overload'))(
      'takes a 503 of the vendor for overload, since nothing was made',
      async () => {
        const { simulator, submitted } = await submitOne(faulty('status503'));
        expect(failureOf(submitted).kind).toBe('overloaded');
        expect(simulator.bill.images).toBe(0);
      },
    );

    test.each(['replyLost', 'truncated', 'status500', 'status502', 'status504'] as const)(
      'calls the outcome unknown after %s, since it may have been made',
      async (fault) => {
        const { simulator, submitted } = await submitOne(faulty(fault));
        expect(failureOf(submitted).kind).toBe('unknown');
        expect(simulator.bill.images).toBe(1);
      },
    );

    test('calls the outcome unknown when it stops waiting for the answer', async () => {
      const { lane, simulator, submits } = createWorld(faulty('hang'));
      const stop = new AbortController();
      const submitting = lane.submit(requestFor(), { signal: stop.signal });
      await expect.poll(() => simulator.bill.images).toBe(1);
      stop.abort();
      expect(failureOf(await submitting).kind).toBe('unknown');
      expect(submits()).toHaveLength(1);
    });

    test('knows that nothing was sent when nobody listens', async () => {
      const clock = new VirtualClock();
      const fetch = simulatedFetch({});
      const lane = harness.createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch, clock });
      expect(failureOf(await lane.submit(requestFor(), NOBODY_STOPS)).kind).toBe('not-sent');
    });

    test.runIf(has('account'))('knows an account that is used up', async () => {
      const { submitted } = await submitOne({ accountImages: 0 });
      expect(failureOf(submitted).kind).toBe('account-exhausted');
    });

    test('knows a key that is not accepted, and repeats it nowhere', async () => {
      const wrongKey = 'wrong-key-that-nobody-may-see';
      const { lane } = createWorld({}, wrongKey);
      const submitted = await lane.submit(requestFor(), NOBODY_STOPS);
      expect(failureOf(submitted).kind).toBe('key-unusable');
      expect(JSON.stringify(submitted)).not.toContain(wrongKey);
    });

    test('does not send a request that is not allowed to start', async () => {
      const { lane, simulator } = createWorld();
      const submitted = await lane.submit(requestFor(), { signal: AbortSignal.abort() });
      expect(failureOf(submitted).kind).toBe('not-sent');
      expect(simulator.log.entries).toHaveLength(0);
    });

    test('has poll and fetch where it answers with a task', async () => {
      const { lane, submitted } = await submitOne({});
      const isTask = submitted.kind === 'accepted';
      const fetches = isTask || !has('pictures-inside');
      expect([lane.poll !== undefined, lane.fetch !== undefined]).toEqual([isTask, fetches]);
    });

    describe.runIf(isTaskLane(harness))('as a lane of tasks', () => {
      test('can be polled on by another process that has the ref only', async () => {
        const { lane, simulator, clock } = createWorld({ latencyMs: 5000 });
        const request = requestFor();
        const submitted = acceptedOf(await lane.submit(request, NOBODY_STOPS));
        const other = harness.createLane({
          apiKey: KEY,
          baseUrl: `${ORIGIN}${harness.basePath}`,
          fetch: simulatedFetch({ [ORIGIN]: simulator }),
          clock,
        });
        expect((await other.poll!(submitted.ref, request, NOBODY_STOPS)).kind).toBe('pending');
        await clock.advance(5000);
        expect((await other.poll!(submitted.ref, request, NOBODY_STOPS)).kind).toBe('answered');
      });

      test('knows a task that failed', async () => {
        const { simulator, ended } = await submitOne(faulty('taskFailed'));
        expect(failureOf(ended).kind).toBe('task-failed');
        expect(simulator.bill.images).toBe(0);
      });

      test('takes a poll that fails for a failed question', async () => {
        const { ended } = await submitOne({ pollError: 1 });
        // A server without such words leaves it to the proxy before it.
        const kinds = has('overload') ? ['overloaded'] : ['unknown'];
        expect(kinds).toContain(failureOf(ended).kind);
      });

      test.runIf(has('expiring-addresses'))(
        'gets a new address when the first has expired',
        async () => {
          const { lane, clock } = createWorld({ ...faulty('expiredUrl'), latencyMs: 5000 });
          const request = requestFor();
          const submitted = await lane.submit(request, NOBODY_STOPS);
          await clock.advance(5000);
          const ended = await finish(lane, request, submitted);
          const first = await lane.fetch!(urlOf(imagesOf(ended)[0]), NOBODY_STOPS);
          expect(first.kind).toBe('expired');
          const again = await lane.poll!(acceptedOf(submitted).ref, request, NOBODY_STOPS);
          if (again.kind === 'pending') throw new Error('The task is not ready any more.');
          expect(await downloadAll(lane, imagesOf(again))).toHaveLength(1);
        },
      );

      test.runIf(has('addresses-elsewhere'))('takes no key along to a download', async () => {
        const { simulator, ended } = await submitOne({});
        const seen: string[] = [];
        const lane = harness.createLane({
          apiKey: KEY,
          baseUrl: `${ORIGIN}${harness.basePath}`,
          clock: new VirtualClock(),
          fetch: (input, init) => {
            seen.push(JSON.stringify([...new Headers(init?.headers)]));
            return simulatedFetch({ [ORIGIN]: simulator })(input, init);
          },
        });
        await downloadAll(lane, imagesOf(ended));
        expect(seen).toEqual(['[]']);
      });

      test.runIf(has('addresses-elsewhere'))(
        'tells a download that broke off from one that has expired',
        async () => {
          const { lane } = createWorld();
          const nobody = await lane.fetch!('http://nobody.simulated/1.png', NOBODY_STOPS);
          expect(nobody.kind).toBe('interrupted');
        },
      );
    });

    describe.runIf(canFind(harness))('as a lane that finds by our own id', () => {
      test.each(['replyLost', 'truncated', 'status500'] as const)(
        'finds what was made before %s',
        async (fault) => {
          const { lane, request, simulator } = await submitOne(faulty(fault));
          const found = await lane.find!(request, NOBODY_STOPS);
          if (found.kind === 'nothing') throw new Error('It was not found.');
          const ended = await finish(lane, request, found);
          expect(await downloadAll(lane, imagesOf(ended))).toHaveLength(1);
          expect(simulator.bill.images).toBe(1);
        },
      );

      test('says nothing where nothing arrived', async () => {
        const { lane } = createWorld();
        const found = await lane.find!(requestFor({ key: 'never-sent' }), NOBODY_STOPS);
        expect(found).toEqual({ kind: 'nothing' });
      });

      test.runIf(has('single-use-ids'))(
        'is told by the vendor when it sends an id again, and pays once',
        async () => {
          const { lane, request, simulator } = await submitOne({});
          const again = await lane.submit(request, NOBODY_STOPS);
          expect(failureOf(again).kind).toBe('duplicate');
          expect(simulator.bill.images).toBe(1);
        },
      );

      test.runIf(has('single-use-ids'))(
        'takes nothing for a duplicate that is merely invalid',
        async () => {
          const { submitted } = await submitOne({}, { prompt: 'x'.repeat(100_000) });
          expect(failureOf(submitted).kind).toBe('invalid-request');
        },
      );
    });
  });
}

/** Polls a task until it ends; the simulators of this contract need no time. */
async function finish(
  lane: VendorLane,
  request: LaneRequest,
  submitted: SubmitAnswer,
): Promise<Answered | Failed> {
  if (submitted.kind !== 'accepted') return submitted;
  for (let polls = 0; polls < MOST_POLLS; polls += 1) {
    const polled = await lane.poll!(submitted.ref, request, NOBODY_STOPS);
    if (polled.kind !== 'pending') return polled;
  }
  throw new Error(`The task still was not ready after ${MOST_POLLS} polls.`);
}

async function downloadAll(
  lane: VendorLane,
  images: readonly LaneImage[],
): Promise<readonly Buffer[]> {
  return Promise.all(
    images.map(async (image) => {
      if (image.kind !== 'image') throw new Error(`Image ${image.index} is ${image.kind}.`);
      if (image.source.kind === 'bytes') return Buffer.from(image.source.bytes);
      const fetched = await lane.fetch!(image.source.url, NOBODY_STOPS);
      if (fetched.kind !== 'fetched') throw new Error(`${fetched.kind}: ${fetched.words}`);
      return Buffer.from(fetched.bytes);
    }),
  );
}

function imagesOf(answer: Answered | Failed): readonly LaneImage[] {
  if (answer.kind === 'answered') return answer.images;
  throw new Error(`It failed: ${answer.failure.kind}, ${answer.failure.words}`);
}

function failureOf(answer: SubmitAnswer): Failure {
  if (answer.kind === 'failed') return answer.failure;
  throw new Error(`It did not fail: ${answer.kind}`);
}

function acceptedOf(answer: SubmitAnswer): Accepted {
  if (answer.kind === 'accepted') return answer;
  throw new Error(`It was not accepted: ${answer.kind}`);
}

function urlOf(image: LaneImage | undefined): string {
  if (image?.kind === 'image' && image.source.kind === 'url') return image.source.url;
  throw new Error('The picture has no address.');
}

function isTaskLane({ createLane }: VendorLaneHarness): boolean {
  return anyLane(createLane).poll !== undefined;
}

function canFind({ createLane }: VendorLaneHarness): boolean {
  return anyLane(createLane).find !== undefined;
}

function anyLane(createLane: VendorLaneHarness['createLane']): VendorLane {
  const clock = new VirtualClock();
  return createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch: simulatedFetch({}), clock });
}
