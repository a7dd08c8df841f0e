/** What a job would do, found out without writing anything. */
import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { InputError, type Problem } from '../core/errors.ts';
import type { JobOrder, JobTask } from '../core/job.ts';
import { checkOutFolder } from '../deliver/check-out-folder.ts';
import { FILE_ENDINGS } from '../deliver/file-endings.ts';
import { checkOutputTemplate, DEFAULT_OUTPUT_NAME, outputName } from '../deliver/output-name.ts';
import type { EnginePorts } from '../engine.ts';
import type { ListedSource } from '../store/store.ts';
import { defaultOut, findSources } from './find-sources.ts';
import { openSources } from './job-source.ts';
import { listSources, noneLeftOut } from './list-sources.ts';
import type { JobExample, JobForecast, JobPlan, JobRequest, PlanJobOptions } from './tools.ts';
import { workOf } from './work-of.ts';

/** Pictures that are tried for a forecast: as many as are worked on at once, and one more before them. */
const TRIED = availableParallelism() + 1;

/** Throws `InputError` with everything that is wrong with the request. */
export async function planJob(
  ports: EnginePorts,
  workspace: string,
  request: JobRequest,
  { forecast = false }: PlanJobOptions,
): Promise<JobPlan> {
  const { store } = ports;
  const order = await orderOf(ports, request);
  const job = await store.jobWithKey(workspace, orderKey(order));
  const leftOut = noneLeftOut();
  let pictures = 0;
  let bytes = 0;
  const sample = new Sample(TRIED);
  for await (const page of listSources({ ...order, store, leftOut })) {
    pictures += page.length;
    for (const source of page) {
      bytes += source.bytes;
      sample.offer(source);
    }
  }
  const done = job === undefined ? 0 : (await store.jobCounts(job.id)).done;
  const known: JobPlan = {
    order,
    ...(job !== undefined && { job }),
    pictures,
    bytes,
    done: Math.min(done, pictures),
    leftOut,
    examples: [],
  };
  return forecast ? { ...known, ...(await tryOut(ports, known, sample.taken)) } : known;
}

/** Two orders that are equal have the same. */
export function orderKey(order: JobOrder): string {
  return hash('sha256', JSON.stringify(sorted(order)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

async function orderOf(ports: EnginePorts, request: JobRequest): Promise<JobOrder> {
  const { task, nameTemplate = DEFAULT_OUTPUT_NAME, workingFolder, items } = request;
  const found = await findSources(ports.store, request.sources, workingFolder);
  const problems: Problem[] = [];
  if ('problems' in found) problems.push(...found.problems);
  const run = 'problems' in found ? undefined : found.run;
  problems.push(
    ...checkOutputTemplate(nameTemplate, { outputs: outputsOf(task), headings: run?.columns }),
  );
  const beside = 'problems' in found ? undefined : found.beside;
  const out = request.out ?? (beside === undefined ? undefined : defaultOut(beside, task));
  if (out !== undefined) problems.push(...(await checkOutFolder(out)));
  else if (!('problems' in found)) {
    problems.push({
      message: 'There is no folder beside the sources to write into',
      remedy: 'Name one with --out.',
    });
  }
  if (run === undefined) problems.push(...unsaidOrigin(task));
  if ('problems' in found || out === undefined || problems.length > 0) {
    throw new InputError(problems);
  }
  const { sources } = found;
  const chosen = sources.kind === 'run' && items !== undefined ? { ...sources, items } : sources;
  return { sources: chosen, out, nameTemplate, task };
}

/** Of a run's images it is known what made them; of others somebody has to say it. */
export function unsaidOrigin(task: JobTask): readonly Problem[] {
  if (task.kind !== 'mark' || task.marks.source !== undefined) return [];
  return [
    {
      message: 'Nobody has said what made the pictures',
      remedy:
        'Say it: --source trainedAlgorithmicMedia for generated ones, --source digitalCapture for photographs.',
    },
  ];
}

function outputsOf(task: JobTask): number {
  return task.kind === 'finish' ? task.recipe.outputs.length : 1;
}

/** Some of all sources, spread evenly over them, however many there are. */
class Sample {
  readonly #most: number;
  readonly #kept: ListedSource[] = [];
  #seen = 0;
  #every = 1;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): readonly ListedSource[] {
    return this.#kept.slice(0, this.#most);
  }

  offer(source: ListedSource): void {
    if (this.#seen % this.#every === 0) this.#kept.push(source);
    this.#seen += 1;
    if (this.#kept.length < 2 * this.#most) return;
    const half = this.#kept.filter((_, at) => at % 2 === 0);
    this.#kept.splice(0, this.#kept.length, ...half);
    this.#every *= 2;
  }
}

type Tried = Pick<JobPlan, 'examples'> & { readonly forecast?: JobForecast };

async function tryOut(
  ports: EnginePorts,
  { order, pictures, done }: JobPlan,
  sources: readonly ListedSource[],
): Promise<Tried> {
  const work = workOf(order.task, ports);
  const reader = await openSources(ports, order.sources);
  const attempt = async (listed: ListedSource, at: number): Promise<JobExample> => {
    const { source, name } = listed;
    const read = await reader.read({ ...listed, number: at + 1, claimed: [] });
    if (read.kind === 'unreadable') return { source: name, files: [], reason: read.reason };
    const outcome = await work.perform(read.source);
    if (outcome.kind === 'failed') return { source: name, files: [], reason: outcome.reason };
    const files = outcome.files.map(({ width, height, format, output, bytes }) => ({
      file: outputName(order.nameTemplate, {
        source: name,
        number: at + 1,
        width,
        height,
        extension: FILE_ENDINGS[format],
        ...(output !== undefined && { output }),
        ...(read.image !== undefined && { image: read.image }),
      }),
      width,
      height,
      bytes: bytes.length,
    }));
    return { source: name || source, files };
  };
  const [first, ...others] = sources;
  if (first === undefined) return { examples: [] };
  // The first one also pays for starting the threads.
  const warm = await attempt(first, 0);
  const startedAt = ports.clock.now();
  const timed = others.length === 0 ? [first] : others;
  const tried = await Promise.all(timed.map((source, at) => attempt(source, at + 1)));
  const elapsedMs = ports.clock.now() - startedAt;
  const examples = others.length === 0 ? [warm] : [warm, ...tried];
  const made = examples.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const left = pictures - done;
  return {
    examples,
    forecast: {
      totalMs: Math.ceil((elapsedMs / timed.length) * left),
      bytes: Math.ceil((made / examples.length) * left),
    },
  };
}
