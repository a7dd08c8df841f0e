/** Tries of a job's settings on one picture, while somebody waits: one of each workspace at a time. */
import { availableParallelism } from 'node:os';
import type { Clock } from '../core/clock.ts';
import type { PreviewOrder, PreviewResult, Tools } from '../tools/tools.ts';

/** Tries of a workspace that wait for their turn; somebody who changes settings quickly gives most of them up. */
const MOST_WAITING = 4;
/** A thread cannot be called back: the next try begins when it has ended. */
const LONGEST_MS = 60_000;

export interface PreviewsDeps {
  readonly clock: Clock;
  readonly toolsOf: (workspace: string) => Tools;
}

export type TriedPreview =
  | PreviewResult
  /** Too many wait already; it takes longer than is waited for; nobody waits for it any more. */
  | { readonly kind: 'busy' | 'slow' | 'given-up' };

interface BegunTry {
  readonly answer: Promise<TriedPreview>;
  /** Resolves when its thread is free again. */
  readonly ended: Promise<unknown>;
}

interface Line {
  length: number;
  last: Promise<unknown>;
}

export class Previews {
  /** Pictures that a job works on at a time on this machine. */
  readonly atOnce = availableParallelism();
  readonly #deps: PreviewsDeps;
  readonly #lines = new Map<string, Line>();

  constructor(deps: PreviewsDeps) {
    this.#deps = deps;
  }

  /** Throws `InputError` for what a job could not be ordered with. `signal`: nobody waits any more. */
  async try(workspace: string, order: PreviewOrder, signal: AbortSignal): Promise<TriedPreview> {
    const line = this.#lines.get(workspace) ?? { length: 0, last: Promise.resolve() };
    if (line.length > MOST_WAITING) return { kind: 'busy' };
    this.#lines.set(workspace, line);
    line.length += 1;
    const trying = line.last.then(() => this.#begin(workspace, order, signal));
    line.last = trying
      .then(({ ended }) => ended)
      .catch(() => undefined)
      .finally(() => {
        line.length -= 1;
        if (line.length === 0) this.#lines.delete(workspace);
      });
    const { answer } = await trying;
    return await answer;
  }

  async #begin(workspace: string, order: PreviewOrder, signal: AbortSignal): Promise<BegunTry> {
    if (signal.aborted) {
      const givenUp: TriedPreview = { kind: 'given-up' };
      return { ended: Promise.resolve(), answer: Promise.resolve(givenUp) };
    }
    const made: Promise<TriedPreview> = this.#deps.toolsOf(workspace).preview(order);
    return { ended: made.catch(() => undefined), answer: this.#within(made) };
  }

  async #within(made: Promise<TriedPreview>): Promise<TriedPreview> {
    const timer = new AbortController();
    const slow = this.#deps.clock
      .sleep(LONGEST_MS, timer.signal)
      .then((): TriedPreview => ({ kind: 'slow' }));
    try {
      return await Promise.race([made, slow]);
    } finally {
      timer.abort();
      slow.catch(() => undefined);
    }
  }
}
