import { z } from 'zod';
import { DASHSCOPE_CODES } from './dashscope/error-codes.ts';

/** What can be made to go wrong with a submitted request, each with its share of all requests. */
export const FAULTS = [
  /** Made and billed; the connection breaks before an answer comes. */
  'replyLost',
  /** 429 with rate headers; nothing made. */
  'status429',
  /** 429 without any headers; nothing made. */
  'status429bare',
  /** 503 in the vendor's error shape; nothing made, never billed. */
  'status503',
  /** 500, 502, 504: made and billed in `billedShare` of the cases. */
  'status500',
  'status502',
  'status504',
  /** Made and billed; the answer's body stops in the middle. */
  'truncated',
  /** The picture has another size than was asked for. */
  'wrongSize',
  /** The picture has one colour only. */
  'blank',
  /** The first address handed out for the picture has expired already. */
  'expiredUrl',
  /** One image fewer than asked (and billed). */
  'fewerImages',
  /** Made and billed; no answer until the client gives up. */
  'hang',
  /** The task is accepted and then fails; not billed. */
  'taskFailed',
] as const;
export type FaultName = (typeof FAULTS)[number];

const share = z.number().min(0).max(1);
const milliseconds = z.number().min(0);
const duration = z.union([
  milliseconds,
  z.tuple([milliseconds, milliseconds]).refine(([least, most]) => least <= most, {
    error: 'The first figure must not be above the second.',
  }),
]);
const shares = z.partialRecord(z.enum(FAULTS), share);

const limits = z.strictObject({
  /** Most images admitted in any `windowMs`. */
  imagesPerMinute: z.int().positive().optional(),
  /** Most requests admitted in any `windowMs`. */
  requestsPerMinute: z.int().positive().optional(),
  /** 60,000 by default. */
  windowMs: z.int().positive().optional(),
  /** Most active at a time: tasks (BFL, per model; by default 24, max 6), images (Kling), requests (OpenAI). */
  slots: z.int().positive().optional(),
  /** Most questions for tasks in any second (DashScope: 20 by default). */
  pollsPerSecond: z.int().positive().optional(),
});

const refusals = z.strictObject({
  /** Share of prompts that are refused; one prompt is refused always or never. */
  share: share.optional(),
  /** Regular expression: prompts that match it (ignoring case) are refused. */
  pattern: z
    .string()
    .refine(isRegularExpression, { error: 'Not a regular expression.' })
    .optional(),
  /** When the refusal shows: before or after painting. By default the prompt decides. */
  stage: z.enum(['input', 'output']).optional(),
});

const batch = z.strictObject({
  /** Time from a batch's creation to its end (60,000). */
  durationMs: milliseconds.optional(),
  /** When the vendor ends a batch that is not done, after its creation (86,400,000: one day). */
  expireAfterMs: milliseconds.optional(),
  /**
   * Share of the lines that are made when a batch expires, or at least when it is cancelled. By
   * default as much as of its duration had passed.
   */
  finishedShare: share.optional(),
  /** Most lines in batches that have not ended; one that would pass it makes nothing (no limit). */
  mostQueued: z.int().positive().optional(),
  /** Share of uploads of files that are kept while their answer is lost. */
  uploadLost: share.optional(),
  /** Share of downloads of results that stop in the middle. */
  resultsCut: share.optional(),
});

const fade = z.strictObject({
  /** Images that a model makes sharply before its pictures get soft. */
  after: z.int().min(0),
  /** How soft they get: the radius of a blur, in pixels. */
  blur: z.int().min(1).max(64),
  /** A model without an order for so long makes sharp pictures again; by default it never recovers. */
  restMs: milliseconds.optional(),
});

/** How a simulator behaves; every part can be changed while it runs. */
export const behaviourSchema = z.strictObject({
  /** The only key that is accepted; any non-empty one by default. */
  apiKey: z.string().min(1).optional(),
  /** Time to make a request's images: a figure or [least, most]. 0 by default. */
  latencyMs: duration.optional(),
  /** Time until a task vendor answers a call at all. 0 by default. */
  replyMs: duration.optional(),
  limits: limits.optional(),
  /** Whether answers carry rate headers (true). */
  announceLimits: z.boolean().optional(),
  refusals: refusals.optional(),
  /** How batches of a vendor that has them go. */
  batch: batch.optional(),
  faults: shares
    .refine((all) => Object.values(all).reduce((sum, each) => sum + each, 0) <= 1.000_001, {
      error: 'The shares of all faults together must not be above 1.',
    })
    .optional(),
  /** Share of 500, 502 and 504 answers whose images were made and billed all the same (0.5). */
  billedShare: share.optional(),
  /** Share of poll calls that are answered 503. */
  pollError: share.optional(),
  /** Pictures have structure, of which less is left late in a model's queue. */
  fade: fade.optional(),
  /** The account is exhausted once so many images were billed; never by default. */
  accountImages: z.int().min(0).optional(),
  /** Many-prompts only: one refused prompt refuses all prompts of its request (true). */
  refuseWhole: z.boolean().optional(),
  /** Many-prompts only: dollars that each prompt of a request costs that is refused as a whole (0). */
  refusedPromptUsd: z.number().min(0).optional(),
  /** Kling only: errors come with HTTP 200, told by `code` alone. */
  errorsAsHttp200: z.boolean().optional(),
  /** Kling only: tasks are paid from the account's money instead of a resource pack. */
  paysFromBalance: z.boolean().optional(),
  /** ComfyUI only: tasks get ids of the server's own, as older versions give them. */
  ignoresIds: z.boolean().optional(),
  /** DashScope only: every submit is refused with this code, and nothing is made. */
  forcedCode: z.enum(DASHSCOPE_CODES).optional(),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

const NESTED = ['limits', 'refusals', 'faults', 'batch'] as const;

/** `limits`, `refusals`, `faults` and `batch` are merged by their parts, the rest replaced. */
export const behaviourChangeSchema = z.record(z.string(), z.unknown());

/**
 * Merges a change into a behaviour: `null` takes a setting away.
 * @throws ZodError when the result is no valid behaviour
 */
export function changeBehaviour(before: Behaviour, change: Record<string, unknown>): Behaviour {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const isNested = NESTED.some((nested) => nested === name);
    merged[name] = isNested && isObject(value) ? withoutNulls(merged[name], value) : value;
  }
  return behaviourSchema.parse(withoutNulls(undefined, merged));
}

function withoutNulls(before: unknown, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...(isObject(before) ? before : {}), ...change };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRegularExpression(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'iu'));
  } catch {
    return false;
  }
}
