/**
 * Works on one job until nothing waits in it: list the sources, see whether what was made is still there,
 * work on what waits, conclude, report. At most a few pictures are in memory at any time.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import type { Finisher } from '../core/finisher.ts';
import type { JobCounts } from '../core/job.ts';
import { requireOutFolder } from '../deliver/check-out-folder.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { type HomeFiles, keepNew } from '../store/home-files.ts';
import type { JobBytes, JobSettlement, Store, StoredJob, WaitingSource } from '../store/store.ts';
import { reportName, writeReport } from './job-report-sheet.ts';
import { openSources, type SourceReader } from './job-source.ts';
import type { JobOutcome, JobWork } from './job-work.ts';
import { listAnew } from './list-anew.ts';
import { type Placing, placeOutputs } from './place-outputs.ts';
import type { JobProgress, WorkOptions } from './tools.ts';

/** One more than there are cores: while one is read or written, the others are worked on. */
const MOST_IN_FLIGHT = availableParallelism() + 1;
/** Waiting pictures that are read from the store at a time. */
const PAGE = 64;

export interface JobDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly homeFiles: HomeFiles;
  readonly clock: Clock;
  readonly finisher: Pick<Finisher, 'isSameSigned' | 'atOnce'>;
}

/** `stopped`: a disk did not do what was asked of it. `fenced`: another worker has the job. */
export type WorkEnd = 'done' | 'drained' | 'fenced' | { readonly stopped: StorageError };

export class JobRound {
  readonly #deps: JobDeps;
  readonly #job: StoredJob;
  readonly #workerId: string;
  readonly #work: JobWork;
  readonly #options: WorkOptions;
  readonly #placing: Placing;
  readonly #startedAt: number;
  #counts: Record<keyof JobCounts, number> = { waiting: 0, done: 0, failed: 0, gone: 0 };
  #bytes: { before: number; after: number } = { before: 0, after: 0 };
  #inFlight = 0;
  /** What ends the round before its time. */
  #end: Exclude<WorkEnd, 'done' | 'drained'> | undefined;
  /** A defect, or a store that is away: told when what is in flight has ended. */
  #broken: { readonly error: unknown } | undefined;

  constructor(
    deps: JobDeps,
    job: StoredJob,
    workerId: string,
    work: JobWork,
    options: WorkOptions,
  ) {
    this.#deps = deps;
    this.#job = job;
    this.#workerId = workerId;
    this.#work = work;
    this.#options = options;
    this.#startedAt = deps.clock.now();
    const { out, nameTemplate } = job.order;
    const { store, finisher } = deps;
    this.#placing = {
      store,
      jobId: job.id,
      workerId,
      out,
      nameTemplate,
      folders: new Set(),
      ...(finisher.isSameSigned !== undefined && { isSame: finisher.isSameSigned }),
    };
  }

  async run(): Promise<WorkEnd> {
    try {
      if (this.#work.report !== undefined) await requireOutFolder(this.#job.order.out);
      const { store, homeFiles } = this.#deps;
      const listed = await listAnew({
        store,
        homeFiles,
        job: this.#job,
        workerId: this.#workerId,
        isDrained: () => this.#isDrained(),
        onFound: (pictures) => {
          this.#counts.waiting += pictures;
          this.#tell('listing');
        },
        onNotice: (text) => this.#options.onNotice?.(text),
      });
      if (listed !== 'listed') return listed;
      if (this.#options.retryFailed === true) {
        await store.requeueJobFiles(this.#job.id, this.#workerId, 'failed');
      }
      this.#counts = { ...(await store.jobCounts(this.#job.id)) };
      this.#bytes = { ...(await store.jobBytes(this.#job.id)) };
      this.#tell('working');
      await this.#workAll();
      if (this.#end !== undefined) return this.#end;
      if (this.#isDrained()) return 'drained';
      await this.#conclude();
      return 'done';
    } catch (error) {
      if (error instanceof StorageError) return { stopped: error };
      throw error;
    }
  }

  #isDrained(): boolean {
    return this.#options.drain?.aborted === true;
  }

  // Working.

  async #workAll(): Promise<void> {
    const reader = await openSources(this.#deps, this.#job.order.sources);
    const inFlight = new Set<Promise<void>>();
    let after = 0;
    while (!this.#isOver()) {
      const page = await this.#deps.store.waitingSources(this.#job.id, after, PAGE);
      for (const waiting of page) {
        while (inFlight.size >= this.#mostInFlight) await Promise.race(inFlight);
        if (this.#isOver()) break;
        const working = this.#workOn(reader, waiting).finally(() => inFlight.delete(working));
        inFlight.add(working);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.number;
    }
    await Promise.all(inFlight);
    if (this.#broken !== undefined) throw this.#broken.error;
  }

  /** More where other processes finish pictures as well. */
  get #mostInFlight(): number {
    return MOST_IN_FLIGHT + (this.#deps.finisher.atOnce?.() ?? 0);
  }

  #isOver(): boolean {
    return this.#end !== undefined || this.#broken !== undefined || this.#isDrained();
  }

  /** Never rejects. */
  async #workOn(reader: SourceReader, waiting: WaitingSource): Promise<void> {
    this.#inFlight += 1;
    try {
      const settlement = await this.#settlementOf(reader, waiting);
      if (settlement === 'fenced') this.#end = 'fenced';
      else await this.#settle(settlement);
    } catch (error) {
      // It is said against all of them: what is in flight ends, nothing more is begun.
      if (error instanceof StorageError) this.#end ??= { stopped: error };
      else this.#broken ??= { error };
    } finally {
      this.#inFlight -= 1;
      this.#tell('working');
    }
  }

  async #settlementOf(
    reader: SourceReader,
    waiting: WaitingSource,
  ): Promise<JobSettlement | 'fenced'> {
    const { number, version, bytes } = waiting;
    const failed = (reason: string, more: Partial<JobSettlement> = {}): JobSettlement => ({
      number,
      version,
      bytes,
      ...more,
      state: 'failed',
      reason,
      outputs: [],
    });
    const read = await reader.read(waiting);
    if (read.kind === 'unreadable') return failed(read.reason);
    const { source, image } = read;
    const known = { version: source.version, bytes: source.bytes.length };
    const outcome = await this.#perform(source);
    const findings = outcome.findings === undefined ? {} : { findings: outcome.findings };
    if (outcome.kind === 'failed') return failed(outcome.reason, { ...known, ...findings });
    const placed = await placeOutputs(this.#placing, waiting, image, outcome.files);
    if (placed.kind === 'fenced') return 'fenced';
    if (placed.kind === 'no-name') {
      return failed(
        'Every name for it is taken in the out folder. Choose another folder with --out, or other names with --name.',
        { ...known, ...findings },
      );
    }
    const { homeFiles } = this.#deps;
    for (const { file } of placed.outputs) {
      await keepNew(homeFiles, join(this.#job.order.out, file));
    }
    return { number, state: 'done', ...known, ...findings, outputs: placed.outputs };
  }

  /** A picture at which the work itself breaks is no reason to leave the others. */
  async #perform(source: Parameters<JobWork['perform']>[0]): Promise<JobOutcome> {
    try {
      return await this.#work.perform(source);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      const words = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', reason: `It could not be worked on: ${words}` };
    }
  }

  async #settle(settlement: JobSettlement): Promise<void> {
    const { id } = this.#job;
    const answer = await this.#deps.store.settleJobFile(id, this.#workerId, settlement);
    if (answer === 'fenced') {
      this.#end = 'fenced';
      return;
    }
    this.#counts.waiting -= 1;
    this.#counts[settlement.state] += 1;
    if (settlement.state === 'failed') return;
    this.#bytes.before += settlement.bytes;
    for (const { bytes } of settlement.outputs) this.#bytes.after += bytes;
  }

  // The end.

  async #conclude(): Promise<void> {
    const { store } = this.#deps;
    const { id, order } = this.#job;
    await this.#work.conclude?.({
      files: () => store.jobFiles(id),
      change: async (findings) => {
        await store.setJobFindings(id, this.#workerId, findings);
      },
    });
    const { report } = this.#work;
    if (report === undefined) return;
    const file = await reportName(order.out, report, this.#job);
    // Entered first: after a crash in between it is known for ours.
    await store.setJobReport(id, this.#workerId, file);
    await writeReport(order.out, file, report, store.jobFiles(id));
  }

  #tell(phase: JobProgress['phase']): void {
    this.#options.onProgress?.({
      jobId: this.#job.id,
      phase,
      counts: { ...this.#counts },
      inFlight: this.#inFlight,
      bytes: { ...this.#bytes } satisfies JobBytes,
      startedAt: this.#startedAt,
      now: this.#deps.clock.now(),
    });
  }
}
