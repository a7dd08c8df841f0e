/**
 * Black Forest Labs: a paid task with an id of theirs, polled at an address of theirs; the picture
 * lies behind a signed URL that dies after ten minutes, and polling again gives a new one.
 */
import { z } from 'zod';
import type { Failure } from '../core/failure.ts';
import type { RefusalCategory } from '../core/refusal.ts';
import { MICROS } from '../core/credits.ts';
import type { Size } from '../core/size.ts';
import { ratioOf } from '../core/size.ts';
import { download } from './download.ts';
import { bareFailure, failed, lostFailure } from './failures.ts';
import { type WholeResponse, call, jsonOf, retryAfterOf, textOf } from './http.ts';
import { type LaneConfig, withoutSlash } from './lane-config.ts';
import { addressOf } from './reference-address.ts';
import { accountOf, scrubber } from './secret.ts';
import type { LaneRequest, PollAnswer, SubmitAnswer, VendorLane } from './vendor.ts';

/** A picture takes 5 to 15 s; the vendor's own examples ask twice a second. */
const POLL_AFTER_MS = 1000;

/** `baseUrl` is the host's root: `https://api.bfl.ai`. One picture a request. */
export function createBflLane(config: LaneConfig): VendorLane {
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(config.apiKey);
  const key = { 'x-key': config.apiKey };
  return {
    vendor: 'bfl',
    account: accountOf('bfl', baseUrl, config.apiKey),
    async submit(request, { signal }) {
      const answer = await call({
        fetch: config.fetch,
        method: 'POST',
        url: `${baseUrl}/v1/${encodeURIComponent(request.model)}`,
        headers: { ...key, 'content-type': 'application/json' },
        body: taskBody(request),
        signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      if (answer.status !== 200) return failed(classify(answer, config.clock.now()), scrub);
      return readTask(answer) ?? failed(UNREADABLE, scrub);
    },
    async poll(ref, _request, { signal }) {
      const { pollingUrl } = refSchema.parse(JSON.parse(ref));
      const answer = await call({
        fetch: config.fetch,
        method: 'GET',
        url: pollingUrl,
        headers: maySeeKey(pollingUrl, baseUrl) ? key : {},
        signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      // The address is the task's own: a 404 there says that the task is not known (any more).
      if (answer.status === 404) return failed(TASK_NOT_FOUND, scrub);
      if (answer.status !== 200) return failed(classify(answer, config.clock.now()), scrub);
      const state = readState(answer);
      return 'words' in state ? failed(state, scrub) : state;
    },
    fetch: (url, context) => download(config, url, context),
  };
}

// The request.

function taskBody(request: LaneRequest): Record<string, unknown> {
  return {
    prompt: request.prompt,
    aspect_ratio: aspectRatioOf(request.size),
    output_format: request.format,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...Object.fromEntries(
      request.references.map((reference, index) => [
        index === 0 ? 'input_image' : `input_image_${index + 1}`,
        reference.kind === 'bytes'
          ? Buffer.from(reference.bytes).toString('base64')
          : addressOf(reference),
      ]),
    ),
  };
}

/** The vendor takes ratios from 21:9 to 9:21. */
const LONGEST_RATIO = 21 / 9;
/** Ratios stay readable (`9:7`, not `1000:777`); the error with parts up to 32 is below 1 %. */
const LARGEST_PART = 32;

/** The ratio in small whole numbers that fits a size best: `1:1`, `16:9`, `4:3`. */
export function aspectRatioOf(size: Size): string {
  const wanted = Math.min(LONGEST_RATIO, Math.max(1 / LONGEST_RATIO, ratioOf(size)));
  const parts = Array.from({ length: LARGEST_PART }, (_, index) => index + 1);
  const candidates = parts
    .flatMap((down) =>
      [Math.floor(wanted * down), Math.ceil(wanted * down)].map((across) => ({ across, down })),
    )
    .filter(
      ({ across, down }) => across >= 1 && across <= LARGEST_PART && isAllowed(across / down),
    );
  const errorOf = ({ across, down }: { across: number; down: number }) =>
    Math.abs(Math.log(across / down / wanted));
  // Equal ratios come with their smallest parts first, and only a real gain replaces them.
  const best = candidates.reduce((found, next) =>
    errorOf(next) < errorOf(found) - 1e-9 ? next : found,
  );
  return `${best.across}:${best.down}`;
}

function isAllowed(ratio: number): boolean {
  return ratio <= LONGEST_RATIO + 1e-9 && ratio >= 1 / LONGEST_RATIO - 1e-9;
}

// The answers.

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };
const TASK_NOT_FOUND: Failure = { kind: 'unknown', words: 'Task not found' };

/** 1 credit of BFL is one cent. */
const USD_MICROS_PER_CREDIT = MICROS / 100;

function readTask(answer: WholeResponse): SubmitAnswer | undefined {
  const parsed = taskSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return undefined;
  const { id, polling_url, cost } = parsed.data;
  return {
    kind: 'accepted',
    ref: JSON.stringify({ id, pollingUrl: polling_url }),
    pollAfterMs: POLL_AFTER_MS,
    ...(typeof cost === 'number' ? { usdMicros: Math.round(cost * USD_MICROS_PER_CREDIT) } : {}),
  };
}

function readState(answer: WholeResponse): Exclude<PollAnswer, { kind: 'failed' }> | Failure {
  const parsed = stateSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return UNREADABLE;
  const { status, result, details } = parsed.data;
  const words = wordsOf(status, details);
  switch (status) {
    case 'Pending':
      return { kind: 'pending', pollAfterMs: POLL_AFTER_MS };
    case 'Ready':
      if (!result) return { kind: 'task-failed', words: 'Ready, but no picture' };
      return {
        kind: 'answered',
        images: [{ index: 0, kind: 'image', source: { kind: 'url', url: result.sample } }],
      };
    case 'Request Moderated':
      return { kind: 'refused', stage: 'input', category: categoryOf(details), words };
    case 'Content Moderated':
      return { kind: 'refused', stage: 'output', category: categoryOf(details), words };
    case 'Error':
      return { kind: 'task-failed', words };
    case 'Task not found':
      return TASK_NOT_FOUND;
  }
  return status satisfies never;
}

/** Reasons as the vendor names its filters; others say no more than that it was refused. */
const CATEGORIES: Readonly<Record<string, RefusalCategory>> = {
  'derivative works filter': 'copyright',
};

function categoryOf(details: unknown): RefusalCategory {
  const parsed = detailsSchema.safeParse(details);
  const reasons = parsed.success ? parsed.data['Moderation Reasons'] : [];
  return reasons.map((reason) => CATEGORIES[reason.toLowerCase()]).find(Boolean) ?? 'unspecified';
}

function wordsOf(status: string, details: unknown): string {
  return details === undefined || details === null
    ? status
    : `${status}: ${JSON.stringify(details)}`;
}

/** The vendor gives polling addresses on hosts of its clusters; nobody else may see the key. */
function maySeeKey(pollingUrl: string, baseUrl: string): boolean {
  const url = URL.parse(pollingUrl);
  if (url === null) return false;
  return (
    url.origin === new URL(baseUrl).origin ||
    (url.protocol === 'https:' && url.hostname.endsWith('.bfl.ai'))
  );
}

// What an error means.

function classify(answer: WholeResponse, now: number): Failure {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  const words = parsed.success ? errorWords(parsed.data) : undefined;
  if (words === undefined) return bareFailure(answer.status, textOf(answer));
  const wait = retryAfterOf(answer.headers, now);
  // 24 active tasks an account, 6 of kontext-max: slots, not a pace.
  if (answer.status === 429) return { kind: 'slots-full', ...wait, words };
  if (answer.status === 503) return { kind: 'overloaded', ...wait, words };
  return { ...bareFailure(answer.status, ''), words };
}

function errorWords({ detail, message, error }: z.infer<typeof errorSchema>): string | undefined {
  if (typeof detail === 'string') return detail;
  if (detail !== undefined)
    return detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return message ?? error;
}

// The wire, as far as it is read.

const refSchema = z.object({ id: z.string(), pollingUrl: z.string() });

const taskSchema = z.object({
  id: z.string(),
  polling_url: z.url(),
  cost: z.number().nullish().catch(undefined),
});

const stateSchema = z.object({
  status: z.enum([
    'Task not found',
    'Pending',
    'Request Moderated',
    'Content Moderated',
    'Ready',
    'Error',
  ]),
  result: z.object({ sample: z.string() }).nullish().catch(undefined),
  details: z.unknown().optional(),
});

const detailsSchema = z.object({ 'Moderation Reasons': z.array(z.string()).catch([]) });

/** The specification says `detail`, the vendor's own skill text `error` and `message`. */
const errorSchema = z.object({
  detail: z
    .union([
      z.string(),
      z.array(
        z.object({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: z.string() }),
      ),
    ])
    .optional(),
  message: z.string().optional(),
  error: z.string().optional(),
});
