/** What became of an order that a package of the AI SDK failed with. */
import type { Failure } from '../../core/failure.ts';
import { PackageProblem } from './ai-sdk-package.ts';
import { signOf } from './ai-sdk-signs.ts';
import { answerFailure } from './answer-failure.ts';
import { lostFailure } from '../failures.ts';
import { type Exchange, isTaken } from './watched-fetch.ts';

/**
 * Decided from the calls that were made: nothing was made unless an order was taken or lost. The error
 * itself only gives the words, and never what was sent (`requestBodyValues` holds prompt and pictures).
 */
export function failureOf(
  error: unknown,
  exchanges: readonly Exchange[],
  signal: AbortSignal,
  now: number,
): Failure {
  const orders = exchanges.filter(({ isOrder }) => isOrder);
  const last = exchanges.at(-1);
  if (orders.length === 0) return last === undefined ? unsent(error, signal) : unordered(last, now);
  const words = wordsOf(error);
  const taken = orders.some(({ answer }) => isTaken(answer));
  if (taken) return lastSign(exchanges) ?? { kind: 'unknown', words };
  const { answer } = orders.at(-1) as Exchange;
  return answer.kind === 'lost' ? lostFailure(answer) : answerFailure(answer, now);
}

/** The vendor's own word on the end of the task, in the order's answer or in a poll after it. */
export function lastSign(exchanges: readonly Exchange[]): Failure | undefined {
  const from = exchanges.findIndex(({ isOrder, answer }) => isOrder && isTaken(answer));
  if (from < 0) return undefined;
  const answers = exchanges.slice(from).filter(({ answer }) => isTaken(answer));
  return answers
    .toReversed()
    .map(({ json }) => signOf(json))
    .find((sign) => sign !== undefined);
}

/** The package made no call at all. */
function unsent(error: unknown, signal: AbortSignal): Failure {
  const words = wordsOf(error);
  if (signal.aborted) return { kind: 'not-sent', words: 'Stopped before it was sent.' };
  if (error instanceof PackageProblem) return { kind: 'model-gone', words };
  const name = error instanceof Error ? error.name : '';
  if (name === 'AI_NoSuchModelError') return { kind: 'model-gone', words };
  if (name === 'AI_LoadAPIKeyError') return { kind: 'key-unusable', words };
  return { kind: 'invalid-request', words };
}

/** Only questions went before: whatever they ended with, nothing was made. */
function unordered({ answer }: Exchange, now: number): Failure {
  if (answer.kind === 'lost') return { kind: 'not-sent', words: answer.words };
  const failure = answerFailure(answer, now);
  return failure.kind === 'unknown' ? { kind: 'overloaded', words: failure.words } : failure;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
