import { hash } from 'node:crypto';

/**
 * A run's id is random, made once and stored; every id below it is a function of it, so that a plan
 * that is read twice, or resumed after a crash, names the same things the same way.
 */
export function digest(...parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\u0000')).slice(0, 32);
}

export function itemId(runId: string, rowKey: string, index: number): string {
  return digest('item', runId, rowKey, index);
}

/** `generation` counts the decisions (retries, rewritten unknowns) that led to this request. */
export function requestId(
  runId: string,
  rowKey: string,
  indexes: readonly number[],
  generation: number,
): string {
  return digest('request', runId, rowKey, indexes.join(','), generation);
}

/** The id given to the vendor: the same on every attempt of a request. */
export function vendorKey(request: string): string {
  return `im-${request}`;
}

export function attemptId(request: string, number: number): string {
  return `${request}-${number}`;
}
