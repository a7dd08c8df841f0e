/** Works on the batches of this installation, a few at a time, until it is told to stop. */
import type { ServerDeps } from '../app-env.ts';
import { BatchWork } from './batch-work.ts';
import { removeLeftUploads } from './left-uploads.ts';
import { RunWaits } from './run-waits.ts';

/** Batches that came in through another process, or that one has left, are looked for this often. */
const LOOK_AGAIN_MS = 5_000;
/** A third of a lease. */
const RENEW_MS = 10_000;
/** A batch that broke is tried again after so long. */
const AFTER_DEFECT_MS = 30_000;
const MOST_AT_ONCE = 50;

export class BatchKeeper {
  readonly #deps: ServerDeps;
  readonly #waits: RunWaits;
  readonly #working = new Map<string, { readonly done: Promise<void>; look: AbortController }>();
  readonly #drain = new AbortController();
  #wake = Promise.withResolvers<void>();
  #keeping: Promise<void> | undefined;

  constructor(deps: ServerDeps) {
    this.#deps = deps;
    this.#waits = new RunWaits(deps.engine, deps.now);
  }

  start(): void {
    this.#keeping ??= this.#keep();
  }

  /** There is a new batch, or somebody asked for the end of one. */
  wake(id?: string): void {
    if (id !== undefined) this.#working.get(id)?.look.abort();
    this.#wake.resolve();
  }

  /** Takes up nothing more; what is under way is left where it stands. */
  async stop(): Promise<void> {
    this.#drain.abort();
    this.wake();
    await this.#keeping;
    await Promise.all([...this.#working.values()].map(({ done }) => done));
  }

  async #keep(): Promise<void> {
    const { log, engine, now } = this.#deps;
    await removeLeftUploads(engine.home, now());
    while (!this.#drain.signal.aborted) {
      this.#wake = Promise.withResolvers();
      await this.#takeUp().catch((err: unknown) => log.error({ err }, 'no batch was taken up'));
      const timer = setTimeout(() => this.#wake.resolve(), LOOK_AGAIN_MS);
      await this.#wake.promise;
      clearTimeout(timer);
    }
  }

  async #takeUp(): Promise<void> {
    const { service } = this.#deps.engine;
    await this.#removeExpired();
    for (const id of await service.batches.open()) {
      if (this.#working.size >= MOST_AT_ONCE || this.#drain.signal.aborted) return;
      if (!this.#working.has(id)) this.#begin(id);
    }
  }

  async #removeExpired(): Promise<void> {
    const { log, engine } = this.#deps;
    const { files, uploads } = engine.service;
    while ((await files.removeExpired()) > 0);
    // A bucket that is away is asked again the next time.
    const removing = async () => {
      while ((await uploads.removeExpired()) > 0);
    };
    await removing().catch((err: unknown) => log.error({ err }, 'uploads were not removed'));
  }

  #begin(id: string): void {
    const entry = { done: Promise.resolve(), look: new AbortController() };
    this.#working.set(id, entry);
    entry.done = this.#work(id, entry)
      .catch(async (err: unknown) => {
        this.#deps.log.error({ err, batch: id }, 'a batch broke');
        await this.#pause(AFTER_DEFECT_MS);
      })
      .finally(() => {
        this.#working.delete(id);
        this.wake();
      });
  }

  async #work(id: string, entry: { look: AbortController }): Promise<void> {
    const { log, engine } = this.#deps;
    await using lease = await engine.service.batches.claim(id);
    if (lease === undefined) return;
    const renewing = setInterval(() => {
      lease.renew().catch((err: unknown) => log.error({ err }, 'a lease was not renewed'));
    }, RENEW_MS);
    const deps = { ...this.#deps, waits: this.#waits, drain: this.#drain.signal };
    const work = new BatchWork(deps, id, () => (entry.look = new AbortController()).signal);
    try {
      while (!this.#drain.signal.aborted && (await work.step()));
    } finally {
      clearInterval(renewing);
    }
  }

  async #pause(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    this.#drain.signal.addEventListener('abort', () => resolve(), { once: true });
    if (this.#drain.signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }
}
