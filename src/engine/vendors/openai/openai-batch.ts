/**
 * OpenAI's Batch API: a file of requests, done within a day at half the price. One file has one
 * endpoint and one model. Creating a batch twice makes two, so it carries our key, by which it is found
 * when the answer to its creation was lost.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { failed, lostFailure } from '../failures.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { classify, EXHAUSTED_CODES, UNREADABLE } from './openai-answers.ts';
import { writeBatchFile } from './openai-batch-file.ts';
import { readBatchResults } from './openai-batch-results.ts';
import { createOpenaiClient, type Exchange, exchange } from './openai-client.ts';
import { LONGEST_KEPT_SECONDS, referenceUploader, uploadFile } from './openai-files.ts';
import { accountOf, scrubber } from '../secret.ts';
import type {
  Accepted,
  BundleFindAnswer,
  BundleLane,
  BundlePollAnswer,
  CallContext,
} from '../vendor.ts';

/** `baseUrl` as the official client takes it: `https://api.openai.com/v1`. */
export function createOpenaiBatchLane(config: LaneConfig): BundleLane {
  const { apiKey, clock } = config;
  const scrub = scrubber(apiKey);
  const client = createOpenaiClient(config);
  const downloads = createOpenaiClient(config, { streams: true });
  const now = () => clock.now();

  return {
    vendor: 'openai',
    account: accountOf('openai', withoutSlash(config.baseUrl), apiKey),

    async submit(bundle, context) {
      const written = writeBatchFile(bundle);
      if (written.kind === 'failed') return failed(written.failure, scrub);
      const { file, endpoint } = written;
      const uploaded = await uploadFile(client, { file, purpose: 'batch' }, context, now());
      if (uploaded.kind === 'failed') return failed(notBegun(uploaded.failure), scrub);
      const { signal } = context;
      const answer = await exchange(signal, () =>
        client.batches.create(
          {
            input_file_id: uploaded.id,
            endpoint,
            completion_window: '24h',
            metadata: { [METADATA_NAME]: bundle.key },
            output_expires_after: { anchor: 'created_at', seconds: LONGEST_KEPT_SECONDS },
          },
          { signal },
        ),
      );
      const read = readBatch(answer, now());
      return 'failure' in read ? failed(read.failure, scrub) : accepted(read, now());
    },

    async poll(ref, { signal }) {
      const read = readBatch(
        await exchange(signal, () => client.batches.retrieve(ref, { signal })),
        now(),
      );
      if ('failure' in read) return failed(aboutAsking(read.failure), scrub);
      return progressOf(read, now(), scrub);
    },

    async *results(ref, requests, context) {
      const { signal } = context;
      const read = readBatch(
        await exchange(signal, () => client.batches.retrieve(ref, { signal })),
        now(),
      );
      if ('failure' in read) {
        throw new Error(scrub(`The batch ${ref} cannot be asked for: ${read.failure.words}`));
      }
      if (!ENDED.has(read.status)) throw new Error(`The batch ${ref} is still ${read.status}.`);
      const files = [read.output_file_id, read.error_file_id].filter(
        (id) => typeof id === 'string',
      );
      if (read.request_counts?.completed && typeof read.output_file_id !== 'string') {
        throw new Error(`The batch ${ref} does not show its results yet.`);
      }
      const wanted = new Map(requests.map((request) => [request.key, request]));
      yield* readBatchResults({ client: downloads, scrub, now }, files, wanted, context);
      const failure = failureOfMissing(read);
      if (failure === undefined) return;
      for (const key of wanted.keys()) yield { key, answer: failed(failure, scrub) };
    },

    async find(key, context): Promise<BundleFindAnswer> {
      let after: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const listed = readList(await list(after, context), now());
        if ('failure' in listed) return failed(aboutAsking(listed.failure), scrub);
        const found = listed.data.find(({ metadata }) => metadata?.[METADATA_NAME] === key);
        if (found) return accepted(found, now());
        after = listed.data.at(-1)?.id;
        if (!listed.has_more || after === undefined) return { kind: 'nothing' };
      }
      const words = `The batch is not among the newest ${MOST_PAGES * PAGE_SIZE} of the account.`;
      return failed({ kind: 'unknown', words }, scrub);
    },

    async cancel(ref, { signal }) {
      const answer = await exchange(signal, () => client.batches.cancel(ref, { signal }));
      // It has ended already: there is nothing left to stop, and the next poll says so.
      if (answer.kind === 'refusal' && answer.status === 409) return { kind: 'cancelling' };
      const read = readBatch(answer, now());
      return 'failure' in read ? failed(aboutAsking(read.failure), scrub) : { kind: 'cancelling' };
    },

    uploadReference: referenceUploader(client, scrub, now),
  };

  function list(after: string | undefined, { signal }: CallContext): Promise<Exchange> {
    const query = { limit: PAGE_SIZE, ...(after === undefined ? {} : { after }) };
    return exchange(signal, () => client.batches.list(query, { signal }));
  }
}

/** Under this name a batch carries our own key. */
const METADATA_NAME = 'imagemill';

/** The most that OpenAI gives at once. */
const PAGE_SIZE = 100;
/** 10,000 batches: far more than an account makes in the days for which a batch is looked up. */
const MOST_PAGES = 100;

// What the states of a batch mean.

/** With results, whole or in part; a `failed` batch has none. All other states will change. */
const ENDED = new Set(['completed', 'expired', 'cancelled']);

function progressOf(batch: Batch, now: number, scrub: (words: string) => string): BundlePollAnswer {
  if (ENDED.has(batch.status)) return { kind: 'ended' };
  if (batch.status === 'failed') return failed(rejectionOf(batch), scrub);
  const counts = batch.request_counts;
  const done = counts ? { completed: counts.completed + counts.failed } : {};
  return { kind: 'pending', pollAfterMs: pollAfterMs(batch, now), ...done };
}

/**
 * What became of a line that is in neither file: `undefined` of a batch that ran to its end. One that
 * ended early lists what it had not begun in its error file; what it forgets there was not made either.
 */
function failureOfMissing({ status }: Batch): Failure | undefined {
  if (status === 'completed') return undefined;
  return { kind: 'overloaded', words: `The batch was ${status} before this line was made.` };
}

function accepted(batch: Batch, now: number): Accepted {
  return { kind: 'accepted', ref: batch.id, pollAfterMs: pollAfterMs(batch, now) };
}

/** A tenth of the batch's age, from 2 s to a minute: a young one may end soon, an old one rarely does. */
function pollAfterMs(batch: Batch, now: number): number {
  return Math.min(60_000, Math.max(2_000, Math.round((now - batch.created_at * 1000) / 10)));
}

/** The whole file was rejected before anything of it was made. */
function rejectionOf({ errors }: Batch): Failure {
  const all = errors?.data ?? [];
  const words = all.slice(0, MOST_ERRORS).map(errorWords).join(' · ') || 'The batch was rejected.';
  const codes = all.map(({ code }) => code ?? '');
  if (codes.includes('token_limit_exceeded')) return { kind: 'slots-full', words };
  if (codes.some((code) => EXHAUSTED_CODES.has(code))) return { kind: 'account-exhausted', words };
  if (codes.includes('model_not_found')) return { kind: 'model-gone', words };
  return { kind: 'invalid-request', words };
}

/** The first say it: often all lines have the same fault. */
const MOST_ERRORS = 5;

function errorWords({ code, message, line }: BatchError): string {
  const where = line === null || line === undefined ? '' : `line ${line}: `;
  return `${where}${message ?? 'no reason given'}${code ? ` (${code})` : ''}`;
}

/** A file without a batch makes nothing, so that even a lost upload may be sent again. */
function notBegun(failure: Failure): Failure {
  if (failure.kind !== 'unknown') return failure;
  return {
    kind: 'overloaded',
    words: `The batch was not begun, since its file was not taken: ${failure.words}`,
  };
}

/**
 * A question about a batch that went wrong says nothing about the batch: only kinds that do not
 * sound as if it did are left as they are.
 */
function aboutAsking(failure: Failure): Failure {
  switch (failure.kind) {
    case 'rate-limited':
    case 'overloaded':
    case 'not-sent':
    case 'key-unusable':
      return failure;
    default:
      return { kind: 'unknown', words: failure.words };
  }
}

// The wire, as far as it is read.

type Unread = { readonly failure: Failure };

function readBatch(answer: Exchange, now: number): Batch | Unread {
  return readBody(answer, batchSchema, now);
}

function readList(answer: Exchange, now: number): z.infer<typeof listSchema> | Unread {
  return readBody(answer, listSchema, now);
}

function readBody<Body>(answer: Exchange, schema: z.ZodType<Body>, now: number): Body | Unread {
  if (answer.kind === 'lost') return { failure: lostFailure(answer) };
  if (answer.kind === 'refusal') return { failure: classify(answer, now) };
  return schema.safeParse(answer.body).data ?? { failure: UNREADABLE };
}

const errorSchema = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  line: z.number().nullish(),
});
type BatchError = z.infer<typeof errorSchema>;

const batchSchema = z.object({
  id: z.string().min(1),
  /** validating, in_progress, finalizing, completed, failed, expired, cancelling, cancelled. */
  status: z.string(),
  /** Seconds since 1970. */
  created_at: z.number(),
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
  request_counts: z
    .object({ completed: z.number(), failed: z.number() })
    .nullish()
    .catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  errors: z
    .object({ data: z.array(errorSchema).nullish() })
    .nullish()
    .catch(undefined),
});
type Batch = z.infer<typeof batchSchema>;

const listSchema = z.object({ data: z.array(batchSchema), has_more: z.boolean().nullish() });
