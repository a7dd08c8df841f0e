/**
 * Kling: a task that carries an id of ours, so that a lost answer can be looked up and a second
 * sending is refused by the vendor itself. HTTP 200 is not success: the body's `code` is.
 */
import { z } from 'zod';
import { toMicros } from '../core/credits.ts';
import type { Failure } from '../core/failure.ts';
import { type Size, ratioOf, sizeOfRatio } from '../core/size.ts';
import { download } from './download.ts';
import { bareFailure, failed, lostFailure } from './failures.ts';
import { type CallAnswer, type WholeResponse, call, jsonOf, retryAfterOf, textOf } from './http.ts';
import { type LaneConfig, withoutSlash } from './lane-config.ts';
import { accountOf, scrubber } from './secret.ts';
import { addressOf } from './reference-address.ts';
import type {
  Accepted,
  Answered,
  CallContext,
  Failed,
  LaneRequest,
  Pending,
  VendorLane,
} from './vendor.ts';

const PATH = '/v1/images/generations';
/** A picture takes 10 to 60 s; asking is free and takes no slot. */
const POLL_AFTER_MS = 2000;

/** `baseUrl` is the host's root: `https://api-singapore.klingai.com`. */
export function createKlingLane(config: LaneConfig): VendorLane {
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(config.apiKey);
  const authorization = `Bearer ${config.apiKey}`;

  async function ask(id: string, { signal }: CallContext): Promise<Asked> {
    const url = `${baseUrl}${PATH}/${encodeURIComponent(id)}`;
    const headers = { authorization };
    return readAsked(await call({ fetch: config.fetch, method: 'GET', url, headers, signal }));
  }

  function readAsked(answer: CallAnswer): Asked {
    if (answer.kind === 'lost') return { failure: lostFailure(answer) };
    const envelope = readEnvelope(answer);
    if (envelope?.code === 0 && envelope.data) return { task: envelope.data };
    return { failure: classify(answer, envelope, config.clock.now()), code: envelope?.code };
  }

  return {
    vendor: 'kling',
    account: accountOf('kling', baseUrl, config.apiKey),
    async submit(request, context) {
      const answer = await call({
        fetch: config.fetch,
        method: 'POST',
        url: `${baseUrl}${PATH}`,
        headers: { authorization, 'content-type': 'application/json' },
        body: taskBody(request),
        signal: context.signal,
      });
      const asked = readAsked(answer);
      if (asked.task) return accepted(asked.task);
      if (asked.code !== PARAMETER_INVALID) return failed(asked.failure, scrub);
      // One code says both "wrong parameter" and "id used before": only asking for the id tells.
      return failed(whatRefusedIt(asked.failure, await ask(request.key, context)), scrub);
    },
    async poll(ref, request, context) {
      const asked = await ask(ref, context);
      return asked.task
        ? scrubbed(readTask(asked.task, request))
        : failed(pollFailure(asked), scrub);
    },
    async find(request, context) {
      const asked = await ask(request.key, context);
      if (!asked.task) return isNothing(asked) ? { kind: 'nothing' } : failed(asked.failure, scrub);
      const state = readTask(asked.task, request);
      return state.kind === 'pending' ? accepted(asked.task) : scrubbed(state);
    },
    fetch: (url, context) => download(config, url, context),
  };

  function scrubbed<State extends { readonly kind: string }>(
    state: State | Failed,
  ): State | Failed {
    return 'failure' in state ? { ...state, ...failed(state.failure, scrub) } : state;
  }
}

// The request.

function taskBody(request: LaneRequest): Record<string, unknown> {
  const ratio = nearestRatio(request.size);
  const [reference] = request.references;
  return {
    // Always said: the vendor's default has changed over time.
    model_name: request.model,
    prompt: request.prompt,
    ...(request.negativePrompt === undefined ? {} : { negative_prompt: request.negativePrompt }),
    ...(reference === undefined
      ? {}
      : {
          // Bare base64: a `data:` prefix is an error here.
          image:
            reference.kind === 'bytes'
              ? Buffer.from(reference.bytes).toString('base64')
              : addressOf(reference),
        }),
    resolution: smallestClass(request.size, ratio),
    n: request.count,
    aspect_ratio: ratio.join(':'),
    external_task_id: request.key,
  };
}

type Ratio = readonly [across: number, down: number];

const RATIOS: readonly Ratio[] = [
  [1, 1],
  [16, 9],
  [9, 16],
  [4, 3],
  [3, 4],
  [3, 2],
  [2, 3],
  [21, 9],
];

/** The plan has seen to it that one of the list fits within 2 %. */
function nearestRatio(size: Size): Ratio {
  const errorOf = ([across, down]: Ratio) => Math.abs(Math.log(across / down / ratioOf(size)));
  return RATIOS.reduce((best, next) => (errorOf(next) < errorOf(best) ? next : best));
}

/** The square of each class at 1:1; other ratios have about its area. */
const CLASSES = [
  { name: '1k', square: 1024 },
  { name: '2k', square: 2048 },
] as const;

function smallestClass(size: Size, [across, down]: Ratio): string {
  const covering = CLASSES.find(({ square }) => {
    const made = sizeOfRatio(across, down, { width: square, height: square });
    return made.width >= size.width && made.height >= size.height;
  });
  return (covering ?? CLASSES[1]).name;
}

// The answers.

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

type Asked =
  | { readonly task: Task; readonly failure?: undefined; readonly code?: undefined }
  | { readonly task?: undefined; readonly failure: Failure; readonly code?: number | undefined };

function readEnvelope(answer: WholeResponse): Envelope | undefined {
  const parsed = envelopeSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data : undefined;
}

function accepted(task: Task): Accepted {
  return { kind: 'accepted', ref: task.task_id, pollAfterMs: POLL_AFTER_MS };
}

function readTask(task: Task, request: LaneRequest): Answered | Pending | Failed {
  switch (task.task_status) {
    case 'submitted':
    case 'processing':
      return { kind: 'pending', pollAfterMs: POLL_AFTER_MS };
    case 'succeed':
      return { kind: 'answered', images: readImages(task, request), ...billOf(task) };
    case 'failed': {
      const words = task.task_status_msg || 'The task failed.';
      return { kind: 'failed', failure: { kind: 'task-failed', words }, ...billOf(task) };
    }
  }
  return task.task_status satisfies never;
}

function readImages(task: Task, request: LaneRequest): Answered['images'] {
  const images = [...(task.task_result?.images ?? [])].sort(
    (a, b) => (a.index ?? 0) - (b.index ?? 0),
  );
  return images
    .slice(0, request.count)
    .map(({ url }, index) => ({ index, kind: 'image', source: { kind: 'url', url } }) as const);
}

/** A unit's list price in dollars: a kling-v3 picture is 8 units and $0.028 (derived, not quoted). */
const USD_PER_UNIT = 0.0035;

/** The list price where money was taken, the units where a resource pack was used. */
function billOf({ final_balance_deduction, final_unit_deduction }: Task): { usdMicros?: number } {
  const listPrice = final_balance_deduction?.list_price;
  if (listPrice) return { usdMicros: toMicros(listPrice) };
  if (final_unit_deduction === undefined) return {};
  return { usdMicros: toMicros(final_unit_deduction * USD_PER_UNIT) };
}

// What an error means.

const PARAMETER_INVALID = 1201;
const RESOURCE_NOT_FOUND = 1203;

/** The vendor's own words that there is no such task; a proxy's 404 proves nothing. */
function isNothing({ code }: Asked): boolean {
  return code === RESOURCE_NOT_FOUND;
}

/** A task that was accepted cannot turn into "model gone": it is not found (any more). */
function pollFailure(asked: Asked & { readonly failure: Failure }): Failure {
  return isNothing(asked) ? { kind: 'unknown', words: asked.failure.words } : asked.failure;
}

function whatRefusedIt({ words }: Failure, asked: Asked): Failure {
  if (asked.task) return { kind: 'duplicate', words };
  if (isNothing(asked)) return { kind: 'invalid-request', words };
  return { kind: 'unknown', words: `${words}, and asking for it: ${asked.failure.words}` };
}

function classify(answer: WholeResponse, envelope: Envelope | undefined, now: number): Failure {
  if (envelope === undefined && answer.status !== 200) {
    return bareFailure(answer.status, textOf(answer));
  }
  // Success without a task that we can read may have made one.
  if (envelope === undefined || envelope.code === 0) return UNREADABLE;
  const words = envelope.message ?? `code ${envelope.code}`;
  const wait = retryAfterOf(answer.headers, now);
  switch (envelope.code) {
    case 1000:
    case 1001:
    case 1002:
    case 1003:
    case 1004:
    case 1103:
    case 1304:
      return { kind: 'key-unusable', words };
    // Account abnormal, in arrears, pack empty: permanent, although they come as 429.
    case 1100:
    case 1101:
    case 1102:
      return { kind: 'account-exhausted', words };
    case 1200:
    case PARAMETER_INVALID:
      return { kind: 'invalid-request', words };
    case 1202:
    case RESOURCE_NOT_FOUND:
      return { kind: 'model-gone', words };
    case 1300:
    case 1301:
      return { kind: 'refused', stage: 'input', words };
    case 1302:
      return { kind: 'rate-limited', ...wait, words };
    case 1303:
      return { kind: 'slots-full', ...wait, words };
    case 5001:
      return { kind: 'overloaded', ...wait, words };
    case 5000:
    case 5002:
      return { kind: 'unknown', words };
  }
  if (answer.status === 429) return { kind: 'rate-limited', ...wait, words };
  return { ...bareFailure(answer.status, ''), words };
}

// The wire, as far as it is read.

/** The vendor writes amounts as texts. */
const amount = z.coerce.number().nonnegative().optional().catch(undefined);

const taskSchema = z.object({
  task_id: z.string().min(1),
  // `succeed`, not `succeeded`, on this interface.
  task_status: z.enum(['submitted', 'processing', 'succeed', 'failed']),
  task_status_msg: z.string().nullish(),
  task_result: z
    .object({
      images: z.array(z.object({ index: z.number().optional(), url: z.string() })).nullish(),
    })
    .nullish(),
  final_unit_deduction: amount,
  final_balance_deduction: z.object({ list_price: amount }).nullish().catch(undefined),
});
type Task = z.infer<typeof taskSchema>;

const envelopeSchema = z.object({
  code: z.number(),
  message: z.string().optional().catch(undefined),
  data: taskSchema.nullish().catch(undefined),
});
type Envelope = z.infer<typeof envelopeSchema>;
