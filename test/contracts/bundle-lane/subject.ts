import sharp from 'sharp';
import { expect } from 'vitest';
import type { Behaviour, FaultName } from '../../../simulators/behaviour.ts';
import {
  simulatedFetch,
  type Simulator,
  type SimulatorOptions,
} from '../../../simulators/index.ts';
import type { Failure, FailureKind } from '../../../src/engine/core/failure.ts';
import type { LaneConfig } from '../../../src/engine/vendors/lane-config.ts';
import type {
  Answered,
  BundleLane,
  BundleLine,
  BundlePollAnswer,
  BundleSubmitAnswer,
  Failed,
  LaneBundle,
  LaneRequest,
} from '../../../src/engine/vendors/vendor.ts';
import { laneRequest } from '../../support/lane-request.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

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
  /** What makes a request of another kind, where a bundle must not mix them. */
  readonly otherKind?: Partial<LaneRequest>;
}

export const ORIGIN = 'http://vendor.simulated';
export const KEY = 'key-that-nobody-may-see-4711';
export const BUNDLE = 'im-bundle-7f3a-1';
export const NOBODY_STOPS = { signal: new AbortController().signal };
export const PROMPTS = [
  'a fox',
  'a lighthouse at dusk',
  'two herons',
  'a red bicycle',
  'an old mill',
];

/** Where a bug would poll for ever: batches of this contract take less than two days of minutes. */
export const MOST_POLLS = 3_000;

export const DAY_MS = 24 * 60 * 60_000;

/** How a bundle ended: its lines, or why there are none. */
export type Ended =
  | { readonly kind: 'lines'; readonly lines: readonly BundleLine[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The lane under test, each time in a world of its own. */
export type Subject = ReturnType<typeof subjectOf>;

export function subjectOf(harness: BundleLaneHarness) {
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

  return { harness, createWorld, bundleOf, submitOne, carry };
}

/** One fault for all that it can befall; what may have been made was made. */
export function faulty(fault: FaultName): Behaviour {
  return { faults: { [fault]: 1 }, billedShare: 1 };
}

/** Polls a task until it ends, as far apart as it asks for, and reads its lines. */
export async function finish(
  { lane, clock }: { readonly lane: BundleLane; readonly clock: VirtualClock },
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

export async function readAll(
  lane: BundleLane,
  ref: string,
  requests: readonly LaneRequest[],
): Promise<readonly BundleLine[]> {
  return await Array.fromAsync(lane.results!(ref, requests, NOBODY_STOPS));
}

export async function downloadAll(
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

export function linesOf(ended: Ended): readonly BundleLine[] {
  if (ended.kind === 'lines') return ended.lines;
  throw new Error(`It failed: ${ended.failure.kind}, ${ended.failure.words}`);
}

export function rejectionOf(ended: Ended): Failure {
  if (ended.kind === 'failed') return ended.failure;
  throw new Error(`It was not rejected: ${ended.lines.length} lines came.`);
}

export function failureOf(answer: { readonly kind: string } | Failed): Failure {
  if ('failure' in answer) return answer.failure;
  throw new Error(`It did not fail: ${answer.kind}`);
}

export function refOf(submitted: BundleSubmitAnswer): string {
  if (submitted.kind === 'accepted') return submitted.ref;
  throw new Error(`It was not accepted: ${submitted.kind}`);
}

export function usdOf(lines: readonly BundleLine[]): number {
  return lines.reduce((sum, { answer }) => sum + (answer.usdMicros ?? 0), 0);
}

export function redSquare(): Promise<Buffer> {
  const create = { width: 64, height: 64, channels: 3, background: 'red' } as const;
  return sharp({ create }).png().toBuffer();
}

export function isTaskLane(harness: BundleLaneHarness): boolean {
  return anyLane(harness).poll !== undefined;
}

export function canFind(harness: BundleLaneHarness): boolean {
  return anyLane(harness).find !== undefined;
}

export function canCancel(harness: BundleLaneHarness): boolean {
  return anyLane(harness).cancel !== undefined;
}

export function hasUploads(harness: BundleLaneHarness): boolean {
  return anyLane(harness).uploadReference !== undefined;
}

export function anyLane({ createLane }: BundleLaneHarness): BundleLane {
  const clock = new VirtualClock();
  return createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch: simulatedFetch({}), clock });
}
