/** What a person decides about a run: approve, pause, cancel, make again, change its settings. */
import { UsageError } from '../core/errors.ts';
import { type RunAction, runCan } from '../core/run.ts';
import type { RunSettings } from '../core/settings.ts';
import type { Signals } from '../ports/signals.ts';
import type { RunChanges } from './run-changes.ts';
import { storeSettings } from '../prepare/prepare-run.ts';
import {
  planRetry,
  type RetryDeps,
  type RetryOrder,
  type RetryPlan,
  retryRun,
} from './retry-run.ts';
import type { Store, StoredRun, Worker } from '../store/store.ts';

export interface RunDecisionsPorts {
  readonly store: Store;
  readonly signals: Signals;
  /** Tells the run's owner when it is this process. */
  readonly asks: RunChanges;
  /** What a retry works with in a workspace; made anew, since keys are looked up in it. */
  readonly retrying: (workspace: string) => Promise<RetryDeps>;
}

export class RunDecisions {
  readonly #ports: RunDecisionsPorts;
  readonly #isAlive: (worker: Worker) => Promise<boolean>;

  constructor(ports: RunDecisionsPorts, isAlive: (worker: Worker) => Promise<boolean>) {
    this.#ports = ports;
    this.#isAlive = isAlive;
  }

  async allowSpending(runId: string): Promise<void> {
    await this.changeSettings(runId, { spendingAllowed: true });
  }

  async approve(runId: string): Promise<void> {
    const run = await this.can('approve', runId);
    // The question about spending comes before a proof, the question about the rest after it.
    const phase = run.settings.spendingAllowed ? 'main' : run.phase;
    await this.allowSpending(runId);
    await this.#ports.store.changeRun(runId, { state: 'planned', phase });
  }

  async pause(runId: string): Promise<void> {
    const { store } = this.#ports;
    const run = await this.can('pause', runId);
    if (await this.#askOwner(run, 'pause')) return;
    await store.changeRun(runId, { state: 'running' });
    await store.changeRun(runId, { state: 'paused', reason: 'paused', release: true });
  }

  /** Answers `'driven'` where a vendor still has something: the run ends by being driven to it. */
  async cancel(runId: string): Promise<'told' | 'driven'> {
    const { store } = this.#ports;
    const run = await this.can('cancel', runId);
    if (await this.#askOwner(run, 'cancel')) return 'told';
    await store.cancelWaiting(runId);
    if ((await store.counts(runId)).sent > 0) return 'driven';
    await store.changeRun(runId, { state: 'cancelled', reason: 'cancelled', release: true });
    return 'told';
  }

  /** Nothing that costs dollars is sent before somebody agreed to spending. */
  async waitsForAllowance(run: StoredRun): Promise<boolean> {
    const { store } = this.#ports;
    if (run.settings.spendingAllowed) return false;
    const { worst } = await store.pricedRequests(run.id, 'waiting');
    if (worst.usdMicros === 0) return false;
    await store.changeRun(run.id, { state: 'planned' });
    await store.changeRun(run.id, {
      state: 'awaiting_approval',
      reason: 'approval',
      reasonText: 'nobody has agreed to spending yet',
      release: true,
    });
    return true;
  }

  async planRetry(runId: string, order: RetryOrder): Promise<RetryPlan> {
    const run = await this.can('retry', runId);
    return planRetry(await this.#ports.retrying(run.workspace), run, order);
  }

  async retry(runId: string, order: RetryOrder): Promise<number> {
    const { store, retrying } = this.#ports;
    const run = await this.can('retry', runId);
    const images = await retryRun(await retrying(run.workspace), run, order);
    if (images > 0 && run.state === 'done') await store.changeRun(runId, { state: 'planned' });
    return images;
  }

  async changeSettings(runId: string, change: Partial<RunSettings>): Promise<void> {
    const run = await this.found(runId);
    await storeSettings(this.#ports.store, runId, { ...run.settings, ...change });
  }

  /** Throws `UsageError` when there is no such run. */
  async found(runId: string): Promise<StoredRun> {
    const run = await this.#ports.store.findRun(runId);
    if (run === undefined) throw new UsageError(`There is no run ${runId}.`);
    return run;
  }

  /** The run, if its state allows the action; throws `UsageError` otherwise. */
  async can(action: RunAction, runId: string): Promise<StoredRun> {
    const run = await this.found(runId);
    if (runCan(action, run.state)) return run;
    const remedy =
      run.state === 'cancelled' ? ' Run its sheet into the same folder to take it up again.' : '';
    throw new UsageError(`Run ${runId} is ${run.state}: ${action} is not possible now.${remedy}`);
  }

  /** Whether a living process has the run, which it was then asked. */
  async #askOwner(run: StoredRun, what: 'pause' | 'cancel'): Promise<boolean> {
    const { store, signals, asks } = this.#ports;
    const owner = run.workerId === undefined ? undefined : await store.findWorker(run.workerId);
    if (owner === undefined || !(await this.#isAlive(owner))) return false;
    await store.askRun(run.id, what);
    signals.notify(`run:${run.id}`);
    asks.tell(run.id);
    return true;
  }
}
