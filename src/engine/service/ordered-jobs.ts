/**
 * Jobs that came in through a service: planned, worked on in the background, looked at. What was uploaded
 * for one lies in `jobs/ID/in` of the home folder, and what is made in `jobs/ID/out`.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findingText } from '../core/check-finding.ts';
import { InputError } from '../core/errors.ts';
import type { JobFile, JobTask } from '../core/job.ts';
import type { Size } from '../core/size.ts';
import { codeOf, makeFolder, writeWhole } from '../ports/whole-file.ts';
import type { JobFilePlace, OrderedJob, OrderedJobPlace } from '../store/ordered-job-store.ts';
import { bringAll, type HomeFiles, keepAll } from '../store/home-files.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { CheckReport, FoundPicture, JobReport, Tools } from '../tools/tools.ts';
import { type JobPicture, resultPicture, sourcePicture } from './job-pictures.ts';
import { JobKeeper, type JobKeeperDeps } from './job-keeper.ts';

export interface OrderedJobsDeps extends Pick<JobKeeperDeps, 'clock'> {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly home: string;
  readonly homeFiles: HomeFiles;
  readonly toolsOf: (workspace: string) => Tools;
}

export interface JobWish {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  /** What its client calls it: `upscale`, `convert`, … */
  readonly kind: string;
  /** The run whose images it works on; absent: the pictures in its own folder. */
  readonly runId?: string;
  /** Of the run these items only, by their ids. */
  readonly items?: readonly string[];
  readonly task: JobTask;
  readonly nameTemplate?: string;
  /** Of a check: the size that all pictures should have. */
  readonly size?: Size;
  /** As it was asked for, to be told again. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** What the store keeps of how it was asked for. */
interface KeptRequest {
  readonly words: Readonly<Record<string, unknown>>;
  readonly items?: readonly string[];
  readonly size?: Size;
}

/** What a check found, in figures. */
export interface CheckOutcome {
  readonly pictures: number;
  readonly failed: number;
  readonly flagged: number;
  readonly screened: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

/** One picture of which a check found something. */
export interface CheckedPicture {
  readonly file: string;
  /** Of the job's pictures; absent: the file is missing. */
  readonly number?: number;
  readonly row?: number;
  readonly index?: number;
  readonly itemId?: string;
  readonly findings: readonly { readonly kind: string; readonly text: string }[];
}

export class OrderedJobs {
  readonly #deps: OrderedJobsDeps;
  /** Works on them in this process, once it is started. */
  readonly keeper: JobKeeper;

  constructor(deps: OrderedJobsDeps) {
    this.#deps = deps;
    this.keeper = new JobKeeper({
      ...deps,
      makeReady: ({ id }) => bringAll(deps.homeFiles, this.inFolder(id)),
      conclude: (job) => this.#conclude(job),
    });
  }

  /** Where the pictures lie that were uploaded for a job. */
  inFolder(id: string): string {
    return join(this.folder(id), 'in');
  }

  outFolder(id: string): string {
    return join(this.folder(id), 'out');
  }

  folder(id: string): string {
    return join(this.#deps.home, 'jobs', id);
  }

  /**
   * It waits from now on, and is worked on in its turn. Ordering it again changes nothing. Throws
   * `InputError` with everything that is wrong with it, and `UsageError` for what this machine cannot do.
   */
  async order(wish: JobWish): Promise<OrderedJob> {
    const { store } = this.#deps;
    const { id, workspace, keyId, kind, runId, request, size, items } = wish;
    await makeFolder(this.folder(id));
    await keepAll(this.#deps.homeFiles, this.inFolder(id));
    const jobId = await (wish.task.kind === 'check' ? this.#startCheck(wish) : this.#start(wish));
    await store.orderJob({
      id,
      workspace,
      kind,
      jobId,
      request: { words: request, ...given({ size, items }) } satisfies KeptRequest,
      ...(keyId !== undefined && { keyId }),
      ...(runId !== undefined && { runId }),
    });
    this.keeper.wake();
    return (await store.findOrderedJob(workspace, id))!;
  }

  async #start({ id, workspace, runId, items, task, nameTemplate }: JobWish): Promise<string> {
    const tools = this.#deps.toolsOf(workspace);
    const plan = await tools.planJob({
      sources: [runId ?? 'in'],
      workingFolder: this.folder(id),
      out: this.outFolder(id),
      ...given({ items }),
      ...(nameTemplate !== undefined && { nameTemplate }),
      task,
    });
    if (plan.pictures === 0) throw nothingToDo(runId, items);
    const { job } = await tools.startJob(plan.order);
    return job.id;
  }

  async #startCheck(wish: JobWish): Promise<string> {
    const { job } = await this.#deps.toolsOf(wish.workspace).startCheck(this.#checkOf(wish));
    const { sources } = job.order;
    if (sources.kind === 'files' && sources.paths.length === 0) {
      throw nothingToDo(wish.runId, wish.items);
    }
    return job.id;
  }

  #checkOf({
    id,
    runId,
    items,
    task,
    size,
  }: Pick<JobWish, 'id' | 'runId' | 'items' | 'task' | 'size'>) {
    return {
      sources: [runId ?? 'in'],
      workingFolder: this.folder(id),
      ...given({ items }),
      ...(size !== undefined && { size }),
      ...(task.kind === 'check' && task.screen === true && { screen: true }),
    };
  }

  /** `undefined` for another workspace's. */
  find(workspace: string, id: string): Promise<OrderedJob | undefined> {
    return this.#deps.store.findOrderedJob(workspace, id);
  }

  /** Newest first. */
  list(workspace: string, place: OrderedJobPlace): Promise<OrderedJob[]> {
    return this.#deps.store.listOrderedJobs(workspace, place);
  }

  countOpen(workspace: string): Promise<number> {
    return this.#deps.store.countOpenOrderedJobs(workspace);
  }

  /** As its client asked for it. */
  wordsOf({ request }: OrderedJob): Readonly<Record<string, unknown>> {
    return (request as KeptRequest).words;
  }

  /** How many items of its run were chosen; `undefined`: all of them, or it has no run. */
  chosenOf({ request }: OrderedJob): number | undefined {
    return (request as KeptRequest).items?.length;
  }

  report({ workspace, jobId }: OrderedJob): Promise<JobReport> {
    return this.#deps.toolsOf(workspace).jobReport(jobId);
  }

  /** What is made stays. False: it had ended already. */
  async cancel({ id }: OrderedJob): Promise<boolean> {
    const changed = await this.#deps.store.changeOrderedJob(id, { state: 'cancelled' });
    this.keeper.stop(id);
    return changed;
  }

  /** Its pictures in the order of the work, each with what was made of it. */
  files({ jobId }: OrderedJob, place: JobFilePlace): Promise<JobFile[]> {
    return this.#deps.store.pageOfJobFiles(jobId, place);
  }

  /** One of its pictures, or what was made of it; `undefined`: there is none. */
  async picture(
    job: OrderedJob,
    number: number,
    { of, output }: { readonly of: 'source' | 'result'; readonly output?: string },
  ): Promise<JobPicture | undefined> {
    const [file] = await this.files(job, { limit: 1, after: number - 1 });
    if (file?.number !== number) return undefined;
    if (of === 'result')
      return resultPicture(this.#deps.homeFiles, this.outFolder(job.id), file, output);
    const stored = await this.#deps.store.findJob(job.jobId);
    return stored && sourcePicture(this.#deps, stored.order.sources, file);
  }

  /** Where a file lies that the job has made. */
  async bringOutput({ id }: OrderedJob, file: string): Promise<string> {
    const path = join(this.outFolder(id), file);
    await this.#deps.homeFiles.bring(path);
    return path;
  }

  // Checks.

  async #conclude(job: OrderedJob): Promise<CheckOutcome> {
    const { id, workspace, jobId, runId } = job;
    const { homeFiles } = this.#deps;
    const tools = this.#deps.toolsOf(workspace);
    const { job: stored } = await tools.jobReport(jobId);
    const { size, items } = job.request as KeptRequest;
    const { task } = stored.order;
    const request = this.#checkOf({ id, task, ...given({ runId, items, size }) });
    const found = await tools.concludeCheck({ request, job: stored, ...given({ runId }) });
    await writeWhole(this.#findingsFile(id), linesOf(found.found));
    await homeFiles.keep(this.#findingsFile(id));
    return outcomeOf(found);
  }

  /** Pictures of which a check found something, the worst first; after so many of them. */
  async findings(
    { id }: OrderedJob,
    { limit, after }: { readonly limit: number; readonly after: number },
  ): Promise<CheckedPicture[]> {
    const found: CheckedPicture[] = [];
    await this.#deps.homeFiles.bring(this.#findingsFile(id));
    let place = 0;
    try {
      const lines = createInterface({ input: createReadStream(this.#findingsFile(id)) });
      for await (const line of lines) {
        if (place++ < after) continue;
        found.push(JSON.parse(line) as CheckedPicture);
        if (found.length === limit) break;
      }
    } catch (error) {
      // It is written when the check has ended.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    return found;
  }

  #findingsFile(id: string): string {
    return join(this.folder(id), 'findings.jsonl');
  }
}

async function* linesOf(found: readonly FoundPicture[]): AsyncGenerator<string> {
  for (const { file, number, row, index, itemId, findings } of found) {
    const checked: CheckedPicture = {
      file,
      ...given({ number, row, index, itemId }),
      findings: findings.map((finding) => ({ ...finding, text: findingText(finding) })),
    };
    yield `${JSON.stringify(checked)}\n`;
  }
}

function outcomeOf({ pictures, failed, flagged, screened, counts }: CheckReport): CheckOutcome {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return { pictures, failed, flagged, screened, counts: Object.fromEntries(found) };
}

function nothingToDo(runId: string | undefined, items: JobWish['items']): InputError {
  if (items !== undefined) {
    const problem = {
      column: 'items',
      message: 'None of these is a delivered image of the run',
      remedy: 'Choose others, or leave `items` and `review` out for all that are delivered.',
    };
    return new InputError([problem]);
  }
  const [message, remedy] =
    runId === undefined
      ? ['None of the files is a picture', 'Send png, jpg, webp, avif, gif, tiff or bmp.']
      : ['The run has no delivered images yet', 'Wait until it has, and send this again.'];
  return new InputError([{ ...(runId !== undefined && { value: runId }), message, remedy }]);
}

/** What is there of some values. */
function given<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}
