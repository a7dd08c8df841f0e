/**
 * Exports of runs: made in the background, kept with the run's files beside a note of how they stand, and
 * removed after a day. One that a dead process began is told to have failed: it costs nothing to order anew.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { StorageError, UsageError } from '../../engine/core/errors.ts';
import type { ExportRequest, HomeFiles, StoredRun } from '../../engine/engine-types.ts';
import type { ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { runFolder } from '../orders/run-folder.ts';

const KEEP_MS = 24 * 3_600_000;
/** A note that is older says that nobody works on the export any more. */
const DEAD_MS = 60_000;
const NOTE_EVERY_MS = 2_000;
/** In this process; each reads and finishes every image of its run. */
const MOST_AT_ONCE = 3;
const MOST_KEPT = 20;
const NOTE = 'export.json';
/** Of a large file that cannot be kept: each goes on where the one before broke off. */
const MOST_KEEPINGS = 3;

/** How an export stands, as its note has it. */
export interface RunExport {
  readonly id: string;
  readonly as: 'zip' | 'webdataset';
  readonly state: 'working' | 'done' | 'failed';
  readonly problem?: string;
  readonly images: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly createdAt: number;
  readonly notedAt: number;
  readonly endedAt?: number;
}

export interface ExportWish {
  readonly as: 'zip' | 'webdataset';
  readonly change: NonNullable<ExportRequest['change']>;
}

export class RunExports {
  readonly #deps: ServerDeps;
  readonly #working = new Set<string>();

  constructor(deps: ServerDeps) {
    this.#deps = deps;
  }

  /** Begins an export; one of this id that is there already is told instead. Throws `ProblemError`. */
  async begin(run: StoredRun, id: string, wish: ExportWish): Promise<RunExport> {
    const known = await this.find(run, id);
    if (known !== undefined) return known;
    if (this.#working.size >= MOST_AT_ONCE) {
      throw new ProblemError('unavailable', 'Other exports are being made: order it again soon.', {
        headers: { 'retry-after': '10' },
      });
    }
    // Its place is taken before anything is waited for, or many that come at once would find it free.
    this.#working.add(id);
    const begun = await this.#enter(run, id, wish).catch((error: unknown) => {
      this.#working.delete(id);
      throw error;
    });
    void this.#work(run, begun, wish).finally(() => this.#working.delete(id));
    return begun;
  }

  async #enter(run: StoredRun, id: string, { as }: ExportWish): Promise<RunExport> {
    if ((await this.list(run)).length >= MOST_KEPT) {
      throw new ProblemError('conflict', `A run has at most ${MOST_KEPT} exports a day.`);
    }
    const now = this.#deps.now();
    const begun: RunExport = {
      id,
      as,
      state: 'working',
      images: 0,
      files: [],
      createdAt: now,
      notedAt: now,
    };
    await mkdir(join(this.#folder(run, id), 'files'), { recursive: true });
    await this.#note(run, begun);
    return begun;
  }

  /** Newest first. Removes those that were kept long enough. */
  async list(run: StoredRun): Promise<RunExport[]> {
    const root = this.#root(run);
    const ids = new Set<string>();
    for await (const { path } of this.#kept.list(root)) {
      ids.add(relative(root, path).split(sep)[0]!);
    }
    const found: RunExport[] = [];
    for (const id of ids) {
      const each = await this.find(run, id);
      if (each !== undefined) found.push(each);
    }
    return found.toSorted((a, b) => b.createdAt - a.createdAt);
  }

  async find(run: StoredRun, id: string): Promise<RunExport | undefined> {
    const note = join(this.#folder(run, id), NOTE);
    const isThere = await this.#kept.bring(note);
    const text = isThere ? await readFile(note, 'utf8').catch(() => undefined) : undefined;
    if (text === undefined) return undefined;
    const noted = JSON.parse(text) as RunExport;
    const now = this.#deps.now();
    if (noted.state !== 'working' || this.#working.has(id) || now - noted.notedAt < DEAD_MS) {
      return now - noted.createdAt < KEEP_MS ? noted : this.#remove(run, id);
    }
    const problem = 'the service was stopped meanwhile; order it again';
    return { ...noted, state: 'failed', problem, endedAt: noted.notedAt };
  }

  /** The absolute path of a file of an export that is done. */
  async path(
    run: StoredRun,
    { id, state, files }: RunExport,
    name: string,
  ): Promise<string | undefined> {
    if (state !== 'done' || !files.some((file) => file.name === name)) return undefined;
    const path = join(this.#folder(run, id), 'files', name);
    return (await this.#kept.bring(path)) ? path : undefined;
  }

  async #work(run: StoredRun, begun: RunExport, { as, change }: ExportWish): Promise<void> {
    const { engine, log, now, operations } = this.#deps;
    const folder = join(this.#folder(run, begun.id), 'files');
    // A data set is a folder of its own, flat: its files are those of the export.
    const out = as === 'zip' ? join(folder, `${fileStem(run)}.zip`) : join(folder, fileStem(run));
    let images = 0;
    let notedAt = begun.notedAt;
    let noting: Promise<void> = Promise.resolve();
    const onItem = () => {
      images += 1;
      if (now() - notedAt < NOTE_EVERY_MS) return;
      notedAt = now();
      noting = this.#note(run, { ...begun, images }).catch(() => undefined);
    };
    try {
      const signal = operations?.stopping;
      await engine.export(run.id, { as, out, change }, { onItem, ...(signal && { signal }) });
      const files = await flatten(folder);
      for (const { name } of files) await this.#keep(join(folder, name));
      // An older note must not come after the last one.
      await noting;
      await this.#note(run, { ...begun, state: 'done', images, files, endedAt: now() });
    } catch (error) {
      log.error({ err: error, run: run.id }, 'an export failed');
      await this.#kept.remove(folder).catch(() => undefined);
      await noting;
      const failed = { ...begun, state: 'failed', problem: problemOf(error), images } as const;
      await this.#note(run, { ...failed, endedAt: now() }).catch(() => undefined);
    }
  }

  async #remove(run: StoredRun, id: string): Promise<undefined> {
    await this.#kept.remove(this.#folder(run, id));
  }

  async #keep(path: string): Promise<void> {
    for (let keeping = 1; ; keeping += 1) {
      try {
        return await this.#kept.keep(path);
      } catch (error) {
        if (keeping >= MOST_KEEPINGS) throw error;
      }
    }
  }

  async #note(run: StoredRun, state: RunExport): Promise<void> {
    const path = join(this.#folder(run, state.id), NOTE);
    const made = `${path}.${state.state}`;
    await writeFile(made, JSON.stringify({ ...state, notedAt: this.#deps.now() }), { flush: true });
    await rename(made, path);
    await this.#kept.keep(path);
  }

  get #kept(): HomeFiles {
    return this.#deps.engine.homeFiles;
  }

  #root(run: StoredRun): string {
    return join(runFolder(this.#deps.engine.home, run.id).path, 'exports');
  }

  #folder(run: StoredRun, id: string): string {
    return join(this.#root(run), id);
  }
}

/** Names of shards and archives go into addresses. */
function fileStem({ title, id }: StoredRun): string {
  const stem = title
    .replace(/\.[a-z0-9]{1,8}$/i, '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return stem === '' ? id : stem;
}

/** Moves the files of folders up to where the others are; tells all of them. */
async function flatten(folder: string): Promise<RunExport['files']> {
  const files: { name: string; bytes: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (relative(folder, path) !== entry.name) await rename(path, join(folder, entry.name));
    const { size } = await stat(join(folder, entry.name));
    files.push({ name: entry.name, bytes: size });
  }
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Without places of this machine. */
function problemOf(error: unknown): string {
  if (error instanceof UsageError) return 'it cannot be made like this';
  if (error instanceof StorageError) return 'the disk of the service failed or is full';
  return 'it was stopped; order it again';
}
