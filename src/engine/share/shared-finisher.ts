/**
 * Finishes pictures here, and offers to other processes what there is no room for: whoever has room first, does it.
 * Finishing can be repeated for nothing, so whatever goes wrong elsewhere is done here.
 */
import { availableParallelism } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import type { FinishedFile, Finisher, FinishOrder, FinishResult } from '../core/finisher.ts';
import type { Random } from '../core/random.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { FinishingResult } from '../store/finishing-store.ts';
import type { Store } from '../store/store.ts';
import { waitForWake } from '../drive/wait-for-wake.ts';
import { isGone } from '../drive/recover.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { FinishingExchange } from './finishing-exchange.ts';

/** One more than there are cores: while one is read or written, the others are worked on. */
export const MOST_HERE = availableParallelism() + 1;
/** Offered for each process that could take them. */
const OFFERS_EACH = 2;
const MOST_OFFERS = 32;
/** Who could take tasks is asked again after this. */
const HELPERS_KNOWN_MS = 5_000;
/** What a worker that died had taken is found so often. */
const LOOK_AGAIN_MS = 2_000;

export interface SharedFinisherDeps {
  readonly local: Finisher;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly signals: Signals;
  readonly exchange: FinishingExchange;
}

export interface SharingAs {
  readonly lease: Pick<WorkerLease, 'start' | 'isOwn' | 'isAlive' | 'fence'>;
  /** What a worker needs to do the same as this process. */
  readonly needsOf: (order: FinishOrder) => readonly string[];
}

export class SharedFinisher implements Finisher {
  readonly describe: Finisher['describe'];
  readonly isSameSigned?: NonNullable<Finisher['isSameSigned']>;
  readonly #deps: SharedFinisherDeps;
  readonly #own = new Map<string, PromiseWithResolvers<FinishingResult | 'room'>>();
  #as: SharingAs | undefined;
  #here = 0;
  #helpers: readonly { readonly capabilities: readonly string[] }[] = [];
  #helpersUntil = 0;
  #isWatching = false;
  #wake = Promise.withResolvers<void>();

  constructor(deps: SharedFinisherDeps) {
    this.#deps = deps;
    const { local } = deps;
    this.describe = (file) => local.describe(file);
    const { isSameSigned } = local;
    if (isSameSigned !== undefined) this.isSameSigned = isSameSigned;
  }

  /** From now on it offers what there is no room for. */
  share(as: SharingAs): void {
    this.#as = as;
  }

  /** Pictures that may be asked for at a time, so that everybody has something to do. */
  atOnce(): number {
    return Math.min(MOST_OFFERS, this.#helpers.length * OFFERS_EACH);
  }

  async finish(master: Uint8Array, order: FinishOrder): Promise<FinishResult> {
    const as = this.#as;
    if (as === undefined || order.recipe === undefined) return this.#finishHere(master, order);
    const needs = as.needsOf(order);
    const hasHelper = await this.#hasHelper(as, needs);
    if (!hasHelper || this.#here < MOST_HERE) return this.#finishHere(master, order);
    try {
      return await this.#offer(as, needs, master, order);
    } catch (error) {
      // What cannot be carried to others, or back, is done here.
      if (error instanceof StorageError) return this.#finishHere(master, order);
      throw error;
    }
  }

  async #finishHere(master: Uint8Array, order: FinishOrder): Promise<FinishResult> {
    this.#here += 1;
    try {
      return await this.#deps.local.finish(master, order);
    } finally {
      this.#here -= 1;
      // Whoever waits longest takes his task back, if nobody has it.
      const [first] = this.#own.values();
      first?.resolve('room');
    }
  }

  async #offer(
    as: SharingAs,
    needs: readonly string[],
    master: Uint8Array,
    order: FinishOrder,
  ): Promise<FinishResult> {
    const { store, signals, exchange, random } = this.#deps;
    const id = `f${random.id(16)}`;
    const offeredBy = await as.lease.start();
    this.#own.set(id, Promise.withResolvers());
    try {
      const placed = await exchange.putMaster(id, master);
      await store.offerFinishing(offeredBy, { id, needs, master: placed, order });
      signals.notify('finishing');
      void this.#watch(as, offeredBy);
      return (await this.#awaitTask(id)) ?? (await this.#finishHere(master, order));
    } finally {
      this.#own.delete(id);
      await store.removeFinishing(id);
      await exchange.remove(id);
    }
  }

  /** `undefined`: it is to be done here. */
  async #awaitTask(id: string): Promise<FinishResult | undefined> {
    for (;;) {
      const told = await this.#own.get(id)!.promise;
      if (told !== 'room') return this.#resultOf(id, told);
      if (await this.#deps.store.withdrawFinishing(id)) return undefined;
      this.#own.set(id, Promise.withResolvers());
    }
  }

  async #resultOf(id: string, result: FinishingResult): Promise<FinishResult | undefined> {
    if (result.kind === 'not-done') return undefined;
    if (result.kind === 'unusable') return result;
    const files: FinishedFile[] = [];
    for (const [place, facts] of result.files.entries()) {
      files.push({ ...facts, bytes: await this.#deps.exchange.get(id, String(place)) });
    }
    return { ...result, files };
  }

  /** One look for all that is offered, whenever somebody tells that a task has ended. */
  async #watch(as: SharingAs, offeredBy: string): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { signals, clock } = this.#deps;
    const unsubscribe = signals.subscribe((topic) => {
      if (isAbout(topic, 'finishing')) this.#wake.resolve();
    });
    try {
      while (this.#own.size > 0) {
        await waitForWake(clock, this.#wake.promise, LOOK_AGAIN_MS);
        this.#wake = Promise.withResolvers();
        await this.#look(as, offeredBy).catch(() => undefined);
      }
    } finally {
      unsubscribe();
      this.#isWatching = false;
    }
  }

  async #look({ lease }: SharingAs, offeredBy: string): Promise<void> {
    const { store } = this.#deps;
    const known = await store.offeredFinishing(offeredBy);
    for (const { id, result, takenBy } of known) {
      if (result !== undefined) this.#own.get(id)?.resolve(result);
      else if (takenBy !== undefined) {
        const worker = await store.findWorker(takenBy);
        const isLost = worker === undefined || (await isGone(lease, worker));
        if (isLost) await store.freeFinishing(id, takenBy);
      }
    }
    if (known.some(({ takenBy }) => takenBy === undefined)) this.#deps.signals.notify('finishing');
  }

  async #hasHelper(as: SharingAs, needs: readonly string[]): Promise<boolean> {
    const { store, clock } = this.#deps;
    if (clock.now() >= this.#helpersUntil) {
      this.#helpersUntil = clock.now() + HELPERS_KNOWN_MS;
      this.#helpers = await helpers(store, as.lease);
    }
    return this.#helpers.some(({ capabilities }) =>
      needs.every((need) => capabilities.includes(need)),
    );
  }
}

/** Other processes that take pictures to finish. */
async function helpers(store: Store, lease: SharingAs['lease']) {
  const found = [];
  for (const worker of await store.registeredWorkers()) {
    const { facts, endedAt, drainingAt } = worker;
    if (endedAt !== undefined || drainingAt !== undefined) continue;
    if (facts?.kinds.includes('finishing') !== true || (await lease.isOwn(worker.id))) continue;
    if (await lease.isAlive(worker)) found.push({ capabilities: facts.capabilities });
  }
  return found;
}
