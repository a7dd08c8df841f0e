/**
 * Signs in the vendors' own answers that a task has ended without a picture. The packages of the AI SDK
 * lose them: they poll on, or say that the JSON is invalid.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';

/** What an answer to an order or a poll says of the task's end; `undefined`: nothing that we know. */
export function signOf(json: unknown): Failure | undefined {
  for (const { schema, failureOf } of SIGNS) {
    const { data } = schema.safeParse(json);
    const failure = data === undefined ? undefined : failureOf(data);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

interface Sign<Shape> {
  readonly schema: z.ZodType<Shape>;
  readonly failureOf: (body: Shape) => Failure | undefined;
}

function sign<Shape>(
  schema: z.ZodType<Shape>,
  failureOf: (body: Shape) => Failure | undefined,
): Sign<unknown> {
  return { schema, failureOf: (body) => failureOf(body as Shape) };
}

/** Black Forest Labs. */
const MODERATED: Readonly<Record<string, 'input' | 'output'>> = {
  'Request Moderated': 'input',
  'Content Moderated': 'output',
};

/** Gemini's ends for reasons of policy; `NO_IMAGE` and `IMAGE_OTHER` are none. */
const GEMINI_POLICY = new Set([
  'SAFETY',
  'PROHIBITED_CONTENT',
  'BLOCKLIST',
  'SPII',
  'RECITATION',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** How tasks fail at Black Forest Labs, Replicate and Luma. */
const FAILED = new Set(['error', 'failed', 'canceled', 'cancelled']);

const text = z.string().nullish().catch(undefined);

const SIGNS: readonly Sign<unknown>[] = [
  sign(z.object({ status: z.enum(['Request Moderated', 'Content Moderated']) }), ({ status }) => ({
    kind: 'refused',
    stage: MODERATED[status] ?? 'output',
    words: status,
  })),
  sign(z.object({ promptFeedback: z.object({ blockReason: z.string() }) }), (body) => ({
    kind: 'refused',
    stage: 'input',
    words: body.promptFeedback.blockReason,
  })),
  sign(
    z.object({ candidates: z.array(z.object({ finishReason: z.string(), finishMessage: text })) }),
    ({ candidates: [first] }) =>
      first !== undefined && GEMINI_POLICY.has(first.finishReason)
        ? { kind: 'refused', stage: 'output', words: first.finishMessage ?? first.finishReason }
        : undefined,
  ),
  sign(
    z.object({
      status: text,
      state: text,
      error: text,
      failure_reason: text,
    }),
    ({ status, state, error, failure_reason }) => {
      const end = status ?? state ?? '';
      if (!FAILED.has(end.toLowerCase())) return undefined;
      return { kind: 'task-failed', words: error ?? failure_reason ?? end };
    },
  ),
];
