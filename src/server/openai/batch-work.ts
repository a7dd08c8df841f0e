/** The way of one batch: its file is checked, its run made and waited for, its output written. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '../../engine/core/errors.ts';
import type { StoredRun } from '../../engine/engine-types.ts';
import type { BatchProblem, OpenaiBatch } from '../../engine/index.ts';
import type { ServerDeps } from '../app-env.ts';
import { factsOf, sheetFault } from './answer-openai-error.ts';
import { type BatchInput, readBatchInput } from './batch-input.ts';
import { type BatchOutput, type NotBegun, outputLines } from './batch-output.ts';
import { checkCredits, runFolder } from './make-run.ts';
import { OpenaiError } from './openai-error.ts';
import { settingsOf } from './run-settings.ts';
import type { RunWaits } from './run-waits.ts';
import { stopRun } from './stop-run.ts';

/** How long a run is waited for before the batch is looked at again. */
const LOOK_AGAIN_MS = 5_000;

export interface BatchWorkDeps extends ServerDeps {
  readonly waits: RunWaits;
  /** Aborted: nothing more is begun. */
  readonly drain: AbortSignal;
}

export class BatchWork {
  readonly #deps: BatchWorkDeps;
  readonly #id: string;
  /** Told that somebody asks for its end, so that it is looked at at once. */
  readonly #look: () => AbortSignal;

  constructor(deps: BatchWorkDeps, id: string, look: () => AbortSignal) {
    this.#deps = deps;
    this.#id = id;
    this.#look = look;
  }

  /** Takes one step; false: there is nothing more to do. */
  async step(): Promise<boolean> {
    const look = this.#look();
    const batch = await this.#service.ofAny(this.#id);
    switch (batch?.state) {
      case 'validating':
        await this.#validate(batch);
        return true;
      case 'in_progress':
        await this.#waitFor(batch, look);
        return true;
      case 'cancelling':
        await this.#cancel(batch, look);
        return true;
      case 'finalizing':
        await this.#end(batch, 'completed');
        return true;
      default:
        return false;
    }
  }

  get #service() {
    return this.#deps.engine.service.batches;
  }

  async #validate(batch: OpenaiBatch): Promise<void> {
    const { engine } = this.#deps;
    const folder = runFolder(engine, batch.runId);
    const known = await engine.run(batch.runId);
    if (known?.plan !== undefined && !known.reading) return this.#begin(batch);
    await rm(folder, { recursive: true, force: true });
    const input = await readBatchInput({ engine, batch, folder: join(folder, 'sheet') });
    const problems = Array.isArray(input)
      ? input
      : await this.#prepare(batch, input as BatchInput, known !== undefined);
    if (problems.length === 0) return this.#begin(batch);
    await rm(folder, { recursive: true, force: true });
    await this.#service.change(batch.id, ['validating', 'cancelling'], {
      state: 'failed',
      problems,
      counts: { total: 0, completed: 0, failed: 0 },
    });
  }

  async #begin({ id, runId }: OpenaiBatch): Promise<void> {
    await this.#service.change(id, ['validating'], { state: 'in_progress' });
    this.#deps.engine.keeper.wake(runId);
  }

  /** Answers what is wrong with it. */
  async #prepare(
    batch: OpenaiBatch,
    { sheet, lineOf }: BatchInput,
    isRepeat: boolean,
  ): Promise<BatchProblem[]> {
    const { engine } = this.#deps;
    const folder = runFolder(engine, batch.runId);
    const own = engine.inWorkspace(batch.workspace);
    const key = batch.keyId === undefined ? undefined : await engine.service.keys.find(batch.keyId);
    const order = {
      id: batch.runId,
      sheet,
      within: join(folder, 'sheet'),
      title: `batches/${batch.id}`,
      out: join(folder, 'out'),
      fresh: !isRepeat,
      // Half-price lanes as far as the window lets them.
      settings: settingsOf('auto', { lane: 'auto', deadlineAt: batch.expiresAt }),
      origin: 'batch' as const,
      ...(batch.keyId !== undefined && { keyId: batch.keyId }),
    };
    try {
      const planned = await own.plan(order);
      const who = { workspace: batch.workspace, ...(key !== undefined && { key }) };
      await checkCredits(engine, who, planned.plan.expected.creditMicros);
      await own.prepare({ ...order, planned });
      await engine.homeFiles.letGo(order.within);
      return [];
    } catch (error) {
      return problemsOf(error, lineOf);
    }
  }

  async #waitFor(batch: OpenaiBatch, look: AbortSignal): Promise<void> {
    const { engine, now, drain, waits } = this.#deps;
    if (now() >= batch.expiresAt) await stopRun(engine, batch.runId);
    const until = Math.min(now() + LOOK_AGAIN_MS, Math.max(batch.expiresAt, now() + 100));
    const signal = AbortSignal.any([drain, look]);
    const run = await waits.settled(batch.runId, { until, signal });
    if (run === undefined) return;
    // A person has paused it, or a process has left it: it goes on by itself, or when it is resumed.
    if (run.state === 'paused' || run.reason === 'interrupted') return pause(until - now(), signal);
    // What has stopped for want of credits or of a vendor ends here: its lines say so.
    if (run.state === 'stopped') await stopRun(engine, run.id);
    await this.#service.change(batch.id, ['in_progress'], { state: 'finalizing' });
  }

  async #cancel(batch: OpenaiBatch, look: AbortSignal): Promise<void> {
    const { engine, now, drain, waits } = this.#deps;
    const run = await engine.run(batch.runId);
    if (run?.plan === undefined || run.reading) return this.#endWithoutRun(batch);
    await stopRun(engine, batch.runId);
    const until = now() + LOOK_AGAIN_MS;
    const signal = AbortSignal.any([drain, look]);
    const ended = await waits.settled(run.id, { until, signal });
    if (ended === undefined) return;
    if (ended.state === 'done' || ended.state === 'cancelled') return this.#end(batch, 'cancelled');
    await pause(until - now(), signal);
  }

  async #endWithoutRun({ id }: OpenaiBatch): Promise<void> {
    const counts = { total: 0, completed: 0, failed: 0 };
    await this.#service.change(id, ['cancelling'], { state: 'cancelled', counts });
  }

  /** Made again after a crash, the files have the same ids and the same lines. */
  async #end(batch: OpenaiBatch, wanted: 'completed' | 'cancelled'): Promise<void> {
    const { engine, settings, now } = this.#deps;
    const run = await engine.run(batch.runId);
    if (run === undefined) throw new Error(`The run ${batch.runId} of a batch is not there.`);
    const counts = await this.#service.counts(batch);
    const state = wanted === 'completed' ? await this.#endState(batch, run) : wanted;
    const notBegun = NOT_BEGUN[state];
    const output: BatchOutput = { engine, publicUrl: settings.publicUrl, now, run, notBegun };
    const bad = counts.total - counts.completed;
    const files = {
      ...(counts.completed > 0 && { outputFile: await this.#write(batch, output, 'output') }),
      ...(bad > 0 && { errorFile: await this.#write(batch, output, 'errors') }),
    };
    const from = [wanted === 'completed' ? 'finalizing' : 'cancelling'] as const;
    const failed = { ...counts, failed: state === 'completed' ? bad : counts.failed };
    await this.#service.change(batch.id, from, { state, ...files, counts: failed });
  }

  async #endState(batch: OpenaiBatch, run: StoredRun): Promise<'completed' | 'expired'> {
    if (this.#deps.now() < batch.expiresAt || run.state !== 'cancelled') return 'completed';
    for await (const _item of this.#deps.engine.items(run.id, ['cancelled'])) return 'expired';
    return 'completed';
  }

  async #write(
    batch: OpenaiBatch,
    output: BatchOutput,
    which: 'output' | 'errors',
  ): Promise<string> {
    const id = fileIdOf(batch.id, which);
    await this.#deps.engine.service.files.write(
      id,
      {
        workspace: batch.workspace,
        ...(batch.keyId !== undefined && { keyId: batch.keyId }),
        purpose: 'batch_output',
        name: `${batch.id}_${which}.jsonl`,
        mediaType: 'application/jsonl',
        ...(batch.outputSeconds !== undefined && { keepMs: batch.outputSeconds * 1_000 }),
      },
      outputLines(output, which),
    );
    return id;
  }
}

const NOT_BEGUN: Readonly<Record<'completed' | 'expired' | 'cancelled', NotBegun>> = {
  completed: 'not_made',
  expired: 'batch_expired',
  cancelled: 'batch_cancelled',
};

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(waitMs, undefined, { signal }).catch(() => {});
}

function fileIdOf(batchId: string, which: string): string {
  const hash = createHash('sha256').update(`${batchId} ${which}`).digest('hex');
  return `file-${hash.slice(0, 24)}`;
}

function problemsOf(error: unknown, lineOf: BatchInput['lineOf']): BatchProblem[] {
  if (error instanceof InputError) {
    return error.problems.map((problem) => {
      const { code, message, param } = sheetFault([problem]).facts;
      const line = problem.line === undefined ? null : lineOf(problem.line);
      return { code, message, param: param ?? null, line };
    });
  }
  if (!(error instanceof OpenaiError)) throw error;
  const { code, message, param } = factsOf(error);
  return [{ code, message, param: param ?? null, line: null }];
}
