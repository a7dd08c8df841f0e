/** `tools check`: what is ordered, the job that looks at each picture, and what is said of all of them. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CheckFinding,
  type CheckFindingKind,
  FINDING_KINDS,
  worstOf,
} from '../core/check-finding.ts';
import { InputError, StorageError, UsageError } from '../core/errors.ts';
import { filesOf } from '../core/finishing.ts';
import { isoTime } from '../core/iso-time.ts';
import type { JobFile, JobOrder } from '../core/job.ts';
import type { PictureCheck } from '../core/picture-check.ts';
import type { Size } from '../core/size.ts';
import { sheetNames } from '../deliver/own-names.ts';
import { DEFAULT_OUTPUT_NAME } from '../deliver/output-name.ts';
import { runEntries, targetOf } from '../drive/delivery.ts';
import type { EnginePorts } from '../engine.ts';
import { EXIT_CODES } from '../exit-code.ts';
import type { Store, StoredJob, StoredRun } from '../store/store.ts';
import { VERSION } from '../version.ts';
import { CheckJudge } from './check-judge.ts';
import { type FoundPicture, requireReportFile, writeCheckReport } from './check-report.ts';
import { type CheckScope, flagItems, readRunFiles, type RunFiles } from './check-run.ts';
import { findSources } from './find-sources.ts';

export interface CheckRequest {
  /** Folders, files, or one run by its id or the beginning of it. */
  readonly sources: readonly string[];
  /** Of a run the files of these items only, by their ids. Absent: everything in its out folder. */
  readonly items?: readonly string[];
  /** Absolute path of the folder that relative paths count from. */
  readonly workingFolder: string;
  /** The size that all pictures should have; of a run the images' own files. */
  readonly size?: Size;
  /** Flags pictures for review by a trained model, which the user installs. Default: no. */
  readonly screen?: boolean;
  /** Absolute path of a file that gets the whole report; it ends in `.csv` or `.json`. */
  readonly report?: string;
}

export interface StartedCheck {
  readonly request: CheckRequest;
  readonly job: StoredJob;
  readonly runId?: string;
}

export interface CheckReport {
  readonly jobId: string;
  /** Of a run. */
  readonly runId?: string;
  readonly screened: boolean;
  /** Files that are there. */
  readonly pictures: number;
  /** Pictures and missing files by the worst that was found of them. */
  readonly failed: number;
  readonly flagged: number;
  readonly counts: Readonly<Record<CheckFindingKind, number>>;
  /** What something was found of, the worst first. */
  readonly found: readonly FoundPicture[];
  readonly reportFile?: string;
  /** Of a run: how many of its images got other flags by this. */
  readonly flagsChanged?: number;
  /** Why the results sheet of the run could not be written anew; the flags are kept. */
  readonly resultsProblem?: string;
  /** 0, or 5 when something fails a picture. */
  readonly exitCode: number;
}

/** The out folder, or the files of some items in it. */
async function pathsOf(
  store: Pick<Store, 'record'>,
  { id, out }: StoredRun,
  items: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (items === undefined) return [out];
  const paths: string[] = [];
  for (const itemId of items) {
    const record = await store.record(itemId, id);
    if (record !== undefined) paths.push(...filesOf(record).map((file) => join(out, file)));
  }
  return paths.toSorted();
}

type StartJob = (order: JobOrder) => Promise<{ readonly job: StoredJob }>;

/**
 * Makes the job, or finds the one that looked at these pictures before: what has not changed since is
 * not looked at again. Throws `InputError` or `UsageError` for what cannot be done.
 */
export async function startCheck(
  ports: Pick<EnginePorts, 'store' | 'screener'>,
  startJob: StartJob,
  request: CheckRequest,
): Promise<StartedCheck> {
  const { sources, workingFolder, report, items, screen = false } = request;
  const found = await findSources(ports.store, sources, workingFolder);
  if ('problems' in found) throw new InputError(found.problems);
  if (report !== undefined) await requireReportFile(report);
  if (screen) await ports.screener.ready();
  const files =
    found.sources.kind === 'files'
      ? found.sources
      : {
          kind: 'files' as const,
          base: found.run!.out,
          paths: await pathsOf(ports.store, found.run!, items),
        };
  const { job } = await startJob({
    sources: files,
    // Nothing is written.
    out: files.base,
    nameTemplate: DEFAULT_OUTPUT_NAME,
    task: { kind: 'check', ...(screen && { screen }) },
  });
  return { request, job, ...(found.run !== undefined && { runId: found.run.id }) };
}

/**
 * Judges what the job has seen, all pictures together, and writes it down: the report, and for a run its
 * images' flags and its results sheet. It can be repeated at any time.
 */
export async function concludeCheck(
  ports: EnginePorts,
  { request, job, runId }: StartedCheck,
): Promise<CheckReport> {
  const { store } = ports;
  const run = runId === undefined ? undefined : await store.findRun(runId);
  if (run !== undefined) {
    for (const name of sheetNames(run.id)) await ports.homeFiles.bring(join(run.out, name));
  }
  const files = run === undefined ? undefined : await readRunFiles(store, run, itemsIn(request));
  const seen = new Seen(ports, job, files);
  const findings = await seen.judge(request.size);
  if (seen.pictures === 0 && run === undefined) {
    throw new UsageError(
      `There are no pictures in ${request.sources.join(', ')}. Pictures end in png, jpg, webp, avif, gif, tiff or bmp.`,
    );
  }
  const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<
    CheckFindingKind,
    number
  >;
  const found: FoundPicture[] = [];
  for await (const picture of seen.all(findings)) {
    for (const { kind } of picture.findings) counts[kind] += 1;
    if (picture.findings.length > 0) found.push(picture);
  }
  const isScreened = request.screen === true;
  if (request.report !== undefined) {
    const said = FINDING_KINDS.filter((kind) => counts[kind] > 0);
    const head = {
      generator: `Imagemill ${VERSION}`,
      checked_at: isoTime(ports.clock.now()),
      sources: request.sources,
      run: runId ?? null,
      screened: isScreened,
      counts: Object.fromEntries(said.map((kind) => [kind, counts[kind]])),
    };
    await writeCheckReport(request.report, head, seen.all(findings));
  }
  const of = (weight: ReturnType<typeof worstOf>) =>
    found.filter((picture) => worstOf(picture.findings) === weight).length;
  const failed = of('fails');
  return {
    jobId: job.id,
    ...(runId !== undefined && { runId }),
    screened: isScreened,
    pictures: seen.pictures,
    failed,
    flagged: of('flags'),
    counts,
    found: worstFirst(found),
    ...(request.report !== undefined && { reportFile: request.report }),
    ...(run !== undefined &&
      files !== undefined && {
        ...(await flagRun(ports, run, files, found, {
          isScreened,
          isPart: request.items !== undefined,
        })),
      }),
    exitCode: failed > 0 ? EXIT_CODES.failed : EXIT_CODES.delivered,
  };
}

function itemsIn({ items }: CheckRequest): ReadonlySet<string> | undefined {
  return items && new Set(items);
}

/** Pictures that are added before others may have their turn: 10 ms of this thread at most. */
const AT_ONCE = 100;

/** What the job has seen, and what it should have seen of a run. */
class Seen {
  readonly #ports: EnginePorts;
  readonly #job: StoredJob;
  readonly #run: RunFiles | undefined;
  #missing: readonly string[] = [];
  #pictures = 0;

  constructor(ports: EnginePorts, job: StoredJob, run: RunFiles | undefined) {
    this.#ports = ports;
    this.#job = job;
    this.#run = run;
  }

  get pictures(): number {
    return this.#pictures;
  }

  async judge(size: Size | undefined): Promise<ReadonlyMap<number, readonly CheckFinding[]>> {
    const judge = new CheckJudge({
      ...(size !== undefined && { size }),
      ...(this.#run !== undefined && { run: this.#run }),
    });
    const missing = new Set(this.#run?.keys());
    for await (const file of this.#files()) {
      judge.add(file);
      missing.delete(file.name);
      this.#pictures += 1;
      if (this.#pictures % AT_ONCE === 0) await this.#ports.clock.sleep(0);
    }
    this.#missing = await this.#notThere([...missing]);
    return judge.end();
  }

  /** In the order of the work; what is missing comes last. */
  async *all(findings: ReadonlyMap<number, readonly CheckFinding[]>): AsyncGenerator<FoundPicture> {
    for await (const { name, number, bytes, findings: check } of this.#files()) {
      yield {
        file: name,
        number,
        findings: findings.get(number) ?? [],
        bytes,
        ...(check !== undefined && { check: check as PictureCheck }),
        ...this.#placeOf(name),
      };
    }
    for (const file of this.#missing) {
      yield { file, findings: [{ kind: 'missing-file' }], ...this.#placeOf(file) };
    }
  }

  #files(): AsyncIterable<JobFile> {
    return this.#ports.store.jobFiles(this.#job.id, ['done', 'failed']);
  }

  #placeOf(name: string): Pick<FoundPicture, 'row' | 'index' | 'model' | 'itemId'> {
    const known = this.#run?.get(name);
    if (known === undefined) return {};
    const { row, index, model, itemId } = known;
    return { row, index, model, itemId };
  }

  /** A name that is no picture's, or hidden, is not listed and may be there. */
  async #notThere(names: readonly string[]): Promise<string[]> {
    const missing: string[] = [];
    for (const name of names) {
      const isThere = await access(join(this.#job.order.out, name)).then(
        () => true,
        () => false,
      );
      if (!isThere) missing.push(name);
    }
    return missing;
  }
}

function worstFirst(found: readonly FoundPicture[]): FoundPicture[] {
  const order = new Map(FINDING_KINDS.map((kind, place) => [kind, place]));
  const placeOf = ({ findings }: FoundPicture) =>
    Math.min(...findings.map(({ kind }) => order.get(kind) ?? 0));
  return found.toSorted((one, other) => placeOf(one) - placeOf(other));
}

async function flagRun(
  { store, delivery }: EnginePorts,
  run: StoredRun,
  files: RunFiles,
  found: readonly FoundPicture[],
  check: CheckScope,
): Promise<Pick<CheckReport, 'flagsChanged' | 'resultsProblem'>> {
  const byName = new Map(found.map(({ file, findings }) => [file, findings]));
  const flagsChanged = await flagItems(store, run.id, files, byName, check);
  if (flagsChanged === 0) return { flagsChanged };
  try {
    const target = targetOf(run);
    const results = await delivery.open(target);
    await delivery.results(target, results, runEntries(store, run.id));
    return { flagsChanged };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { flagsChanged, resultsProblem: error.message };
  }
}
