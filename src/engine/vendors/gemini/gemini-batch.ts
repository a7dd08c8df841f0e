/**
 * Google's Batch API: half the price, within a day, at most 48 hours. Always by file, for input and for
 * results: the results of a batch that was given inline come inside one answer, which the server
 * cannot send any more once they are some hundred pictures, and they are billed all the same. A batch
 * carries our key as its display name, so that one whose answer was lost is found.
 */
import type { Failure, FailureKind } from '../../core/failure.ts';
import { failed } from '../failures.ts';
import { batchInput, MOST_INPUT_BYTES } from './gemini-batch-input.ts';
import {
  type AskedJob,
  type BatchJob,
  completedOf,
  createdAtOf,
  failureOfMissing,
  readGood,
  readJob,
  readJobPage,
  resultsFileOf,
  stateOf,
} from './gemini-batch-jobs.ts';
import { readResults } from './gemini-batch-results.ts';
import { createGeminiClient, exchange } from './gemini-client.ts';
import { referenceUploader, uploadFile } from './gemini-files.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { accountOf, scrubber } from '../secret.ts';
import type {
  Accepted,
  BundleFindAnswer,
  BundleLane,
  BundleLine,
  CallContext,
  LaneBundle,
  LaneRequest,
} from '../vendor.ts';

const JOBS_PER_PAGE = 100;
/** 10,000 batches, the newest first: further back nothing is looked for. */
const MOST_PAGES = 100;

/** `baseUrl` is the host's root: `https://generativelanguage.googleapis.com`. */
export function createGeminiBatchLane(config: LaneConfig): BundleLane {
  const scrub = scrubber(config.apiKey);
  const client = createGeminiClient(config);
  const now = () => config.clock.now();

  async function create(bundle: LaneBundle, fileName: string, context: CallContext) {
    const answer = await exchange(config, context.signal, (httpOptions) =>
      client.batches.create({
        model: bundle.model,
        src: fileName,
        config: { displayName: bundle.key, httpOptions },
      }),
    );
    return readJob(answer, now());
  }

  async function ask(ref: string, { signal }: CallContext): Promise<AskedJob> {
    const answer = await exchange(config, signal, (httpOptions) =>
      client.batches.get({ name: ref, config: { httpOptions } }),
    );
    return readJob(answer, now());
  }

  async function find(key: string, { signal }: CallContext): Promise<BundleFindAnswer> {
    let pageToken: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const paging = { pageSize: JOBS_PER_PAGE, ...(pageToken && { pageToken }) };
      const answer = await exchange(config, signal, (httpOptions) =>
        client.batches.list({ config: { ...paging, httpOptions } }),
      );
      const page = readJobPage(answer, now());
      if ('failure' in page) return failed(pollFailure(page.failure) ?? page.failure, scrub);
      const job = page.jobs.find(({ metadata }) => metadata?.displayName === key);
      if (job) return accepted(job, now());
      if (page.nextPage === undefined) return { kind: 'nothing' };
      pageToken = page.nextPage;
    }
    const words = `The batch is not among the newest ${MOST_PAGES * JOBS_PER_PAGE}.`;
    return { kind: 'failed', failure: { kind: 'unknown', words } };
  }

  return {
    vendor: 'gemini',
    account: accountOf('gemini', withoutSlash(config.baseUrl), config.apiKey),
    async submit(bundle, context) {
      const input = batchInput(bundle.requests);
      if (input.bytes > MOST_INPUT_BYTES) return failed(tooLarge(input.bytes), scrub);
      const uploaded = await uploadFile(config, input, context);
      if (uploaded.kind === 'failed') return failed(notBought(uploaded.failure), scrub);
      const asked = await create(bundle, uploaded.name, context);
      if ('job' in asked) return accepted(asked.job, now());
      const { failure, ...limits } = asked;
      return failed(failure, scrub, limits);
    },
    async poll(ref, context) {
      const asked = await ask(ref, context);
      if (!('job' in asked)) return failed(pollFailure(asked.failure) ?? asked.failure, scrub);
      const { job } = asked;
      const state = stateOf(job);
      if (state === 'running') {
        return { kind: 'pending', pollAfterMs: pollAfterMs(job, now()), ...completedOf(job) };
      }
      const isEmpty = state === 'failed' && resultsFileOf(job) === undefined;
      const failure = isEmpty ? failureOfMissing(job) : undefined;
      return failure ? failed(failure, scrub) : { kind: 'ended' };
    },
    async *results(ref, requests, context) {
      const asked = await ask(ref, context);
      if (!('job' in asked)) throw new Error(scrub(asked.failure.words));
      if (stateOf(asked.job) === 'running') throw new Error('The batch has not ended.');
      yield* resultsOf(config, asked.job, requests, context);
    },
    find,
    async cancel(ref, { signal }) {
      const answer = await exchange(config, signal, (httpOptions) =>
        client.batches.cancel({ name: ref, config: { httpOptions } }),
      );
      const read = readGood(answer, now(), () => CANCELLING);
      if (!('failure' in read)) return read;
      // Of a batch that has ended already Google takes no such word; the next poll tells.
      return read.failure.kind === 'invalid-request' ? CANCELLING : failed(read.failure, scrub);
    },
    uploadReference: referenceUploader(config),
  };
}

const CANCELLING = { kind: 'cancelling' } as const;

/** What is in the results, and what a batch that ended early left behind. */
async function* resultsOf(
  config: LaneConfig,
  job: BatchJob,
  requests: readonly LaneRequest[],
  context: CallContext,
): AsyncGenerator<BundleLine, void, undefined> {
  const wanted = new Map(requests.map((request) => [request.key, request]));
  const file = resultsFileOf(job);
  if (file !== undefined) yield* readResults(config, file, wanted, context);
  const failure = failureOfMissing(job);
  if (failure === undefined) return;
  for (const key of wanted.keys()) yield { key, answer: { kind: 'failed', failure } };
}

function accepted(job: BatchJob, now: number): Accepted {
  return { kind: 'accepted', ref: job.name, pollAfterMs: pollAfterMs(job, now) };
}

/** A tenth of the batch's age, from 2 s to a minute: a young one may end soon, an old one rarely does. */
function pollAfterMs(job: BatchJob, now: number): number {
  const ageMs = now - (createdAtOf(job) ?? now);
  return Math.min(60_000, Math.max(2_000, Math.round(ageMs / 10)));
}

/** Whatever became of the upload, the batch was not ordered: nothing was made. */
function notBought(failure: Failure): Failure {
  if (failure.kind !== 'unknown') return failure;
  return { kind: 'overloaded', words: `The batch's file could not be uploaded. ${failure.words}` };
}

function tooLarge(bytes: number): Failure {
  const words =
    `The batch's file would have ${bytes} bytes; Google takes ${MOST_INPUT_BYTES} at most. ` +
    'Send fewer or smaller reference pictures with it.';
  return { kind: 'invalid-request', words };
}

/**
 * A batch that was taken cannot turn into "model gone" or invalid: it is not found (any more), and a list
 * that cannot be had says nothing about what would be in it. And a
 * quota that is used up is that of asking: the batch goes on.
 */
function pollFailure({ kind, words }: Failure): Failure | undefined {
  return NO_SUCH_JOB.has(kind) ? { kind: 'unknown', words } : undefined;
}

const NO_SUCH_JOB: ReadonlySet<FailureKind> = new Set([
  'model-gone',
  'invalid-request',
  'not-sent',
  'account-exhausted',
]);
