/**
 * What this process has done since it started, counted where it is written down: at the store. What it
 * counts has few names: models, lanes and limits of vendors; no runs, no workspaces, no accounts.
 */
import type { ItemOutcome } from '../core/outcome.ts';
import type { AdmitAnswer, AttemptTicket, Store } from '../store/store.ts';

/** How an attempt ended. `returned`: nothing was made, and the request waits again. */
export type AttemptEnd = 'settled' | 'returned' | 'unknown';

export interface ActivityCount {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
}

export interface ActivityCounts {
  /** By `model` and `outcome`. */
  readonly images: readonly ActivityCount[];
  /** By `lane` and `end`. */
  readonly attempts: readonly ActivityCount[];
  /** How often a lane's next request had to wait, by `limit`. */
  readonly waits: readonly ActivityCount[];
  /** Requests that are with vendors now, by `lane`. */
  readonly inFlight: readonly ActivityCount[];
}

interface Flying {
  readonly lane: string;
  readonly images: number;
  readonly bundleId?: string;
}

export class Activity {
  readonly #images = new Tally();
  readonly #attempts = new Tally();
  readonly #waits = new Tally();
  readonly #flying = new Map<string, Flying>();

  get counts(): ActivityCounts {
    const inFlight = new Tally();
    for (const { lane } of this.#flying.values()) inFlight.add({ lane }, 1);
    return {
      images: this.#images.all,
      attempts: this.#attempts.all,
      waits: this.#waits.all,
      inFlight: inFlight.all,
    };
  }

  /** The same store, whose paid requests are counted. */
  watch(store: Store): Store {
    return {
      ...store,
      admit: async (order) => {
        const answer = await store.admit(order);
        this.#admitted(answer);
        return answer;
      },
      openAttempts: async (runId) => {
        const open = await store.openAttempts(runId);
        for (const ticket of open) if (ticket.state !== 'unknown') this.#took(ticket);
        return open;
      },
      settle: async (order) => {
        const done = await store.settle(order);
        if (done === 'done') this.#settled(order.attemptId, order.outcomes);
        return done;
      },
      returned: async (order) => {
        const done = await store.returned(order);
        if (done === 'done') this.#ended(order.attemptId, 'returned');
        return done;
      },
      markUnknown: async (attemptId, ...rest) => {
        const done = await store.markUnknown(attemptId, ...rest);
        if (done === 'done') this.#lost(attemptId);
        return done;
      },
      returnBundle: async (order) => {
        const done = await store.returnBundle(order);
        const own = [...this.#flying].filter(([, { bundleId }]) => bundleId === order.bundleId);
        if (done === 'done') for (const [id] of own) this.#ended(id, 'returned');
        return done;
      },
      removeWorker: async (workerId) => {
        this.#flying.clear();
        await store.removeWorker(workerId);
      },
    };
  }

  #admitted({ granted, obstacle }: AdmitAnswer): void {
    for (const ticket of granted) this.#took(ticket);
    if (obstacle !== undefined) this.#waits.add({ limit: limitName(obstacle.limit) }, 1);
  }

  #took({ attemptId, lane, indexes, bundleId }: AttemptTicket): void {
    const images = indexes.length;
    this.#flying.set(attemptId, { lane, images, ...(bundleId !== undefined && { bundleId }) });
  }

  #settled(attemptId: string, outcomes: readonly ItemOutcome[]): void {
    const flying = this.#ended(attemptId, 'settled');
    if (flying === undefined) return;
    const model = modelOf(flying.lane);
    for (const { state } of outcomes) this.#images.add({ model, outcome: state }, 1);
    const missing = flying.images - outcomes.length;
    if (missing > 0) this.#images.add({ model, outcome: 'failed' }, missing);
  }

  #lost(attemptId: string): void {
    const flying = this.#ended(attemptId, 'unknown');
    if (flying === undefined) return;
    this.#images.add({ model: modelOf(flying.lane), outcome: 'unknown' }, flying.images);
  }

  #ended(attemptId: string, end: AttemptEnd): Flying | undefined {
    const flying = this.#flying.get(attemptId);
    if (flying === undefined) return undefined;
    this.#flying.delete(attemptId);
    this.#attempts.add({ lane: flying.lane, end }, 1);
    return flying;
  }
}

/** Numbers by labels. */
class Tally {
  readonly #counts = new Map<string, { labels: Record<string, string>; count: number }>();

  get all(): ActivityCount[] {
    return [...this.#counts.values()];
  }

  add(labels: Record<string, string>, count: number): void {
    const key = JSON.stringify(labels);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { labels, count });
    else known.count += count;
  }
}

function modelOf(lane: string): string {
  return lane.replace(/:batch$/, '');
}

/** `openai:3f9a…/gpt-image-2/images-per-minute` without the account; `workspace/images-per-hour`. */
export function limitName(key: string): string {
  return key.replace(/^([^:/]+):[^/]*/, '$1');
}
