/** The pictures of a job's sources, as a stream: never more of them in memory than a page. */
import type { Dirent, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { codeOf } from '../ports/whole-file.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { JobSources } from '../core/job.ts';
import type { ListedSource, Store } from '../store/store.ts';
import { isThumbnail, mayBeOwn, ownEntries } from './own-sheets.ts';

/** Files that are looked at, and entered into the store, in one go. */
const PAGE = 500;

/**
 * Endings of what may be a picture; whether it is one is found out by its bytes. Photographs that cannot
 * be decoded here are among them: who converts a folder should hear of each that was not.
 */
const ENDINGS = new Set([
  '.png',
  '.jpg',
  '.jpeg',
  '.jfif',
  '.heic',
  '.heif',
  '.webp',
  '.avif',
  '.gif',
  '.tif',
  '.tiff',
  '.bmp',
]);

/** What was seen below folders and is not taken. */
export interface LeftOut {
  /** Links are not followed: what they lead to may be listed already, or lie anywhere. */
  links: number;
  hidden: number;
  /** Our own contact sheets and thumbnails, and folders of what a run has replaced or made files of. */
  own: number;
  /** Files that are no pictures by their names. */
  others: number;
}

export function noneLeftOut(): LeftOut {
  return { links: 0, hidden: 0, own: 0, others: 0 };
}

export interface Listing {
  readonly store: Store;
  readonly sources: JobSources;
  /** The job's own out folder, which is never a source. */
  readonly out: string;
  readonly leftOut: LeftOut;
}

/** Pages of pictures, in no order. A folder that cannot be read comes as a picture with a problem. */
export function listSources(listing: Listing): AsyncGenerator<readonly ListedSource[]> {
  const { sources, store } = listing;
  return sources.kind === 'run' ? listRun(store, sources) : listFiles(listing, sources);
}

async function* listRun(
  store: Store,
  sources: Extract<JobSources, { kind: 'run' }>,
): AsyncGenerator<readonly ListedSource[]> {
  let page: ListedSource[] = [];
  for await (const record of recordsOf(store, sources)) {
    const source = masterSource(record);
    if (source === undefined) continue;
    page.push(source);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** Of some items each is asked for by itself: a few of a large run are no reason to read all of it. */
async function* recordsOf(
  store: Pick<Store, 'record' | 'records'>,
  { runId, items }: Extract<JobSources, { kind: 'run' }>,
): AsyncGenerator<ItemRecord> {
  if (items === undefined) {
    yield* store.records(runId, { states: ['delivered'] });
    return;
  }
  for (const itemId of new Set(items)) {
    const record = await store.record(itemId, runId);
    if (record?.state === 'delivered') yield record;
  }
}

/** An item's stored master as a source; `undefined`: it has none. */
export function masterSource(record: ItemRecord): ListedSource | undefined {
  const { itemId, image, row, index, file } = record;
  if (image === undefined) return undefined;
  return {
    source: itemId,
    name: file ?? `${padded(row.number, 4)}-${index}.${image.format}`,
    sortKey: `${padded(row.number, 9)}-${padded(index, 6)}`,
    version: image.hash,
    bytes: image.bytes,
  };
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

async function* listFiles(
  listing: Listing,
  { base, paths }: Extract<JobSources, { kind: 'files' }>,
): AsyncGenerator<readonly ListedSource[]> {
  let page: Promise<ListedSource | undefined>[] = [];
  for (const path of paths) {
    const walk = walkPath(path, listing, paths);
    for await (const found of walk) {
      page.push(describe(found, base));
      if (page.length < PAGE) continue;
      yield (await Promise.all(page)).filter((source) => source !== undefined);
      page = [];
    }
  }
  const rest = (await Promise.all(page)).filter((source) => source !== undefined);
  if (rest.length > 0) yield rest;
}

type Found = { readonly path: string; readonly problem?: string };

async function* walkPath(
  path: string,
  listing: Listing,
  named: readonly string[],
): AsyncGenerator<Found> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return;
  // What is named by itself is taken whatever it is called.
  if (facts.isDirectory()) yield* walkFolder(path, listing, new Set(named));
  else if (facts.isFile()) yield { path };
  else yield { path, problem: 'It is neither a file nor a folder.' };
}

/** Where a folder really is, whatever links lead to it; one that is not there is where it is said to be. */
export async function realFolder(folder: string): Promise<string> {
  return await realpath(folder).catch(() => resolve(folder));
}

/** `named`: what is listed by itself as well. */
async function* walkFolder(
  top: string,
  { out, leftOut }: Listing,
  named: ReadonlySet<string>,
): AsyncGenerator<Found> {
  const ownFolder = await realFolder(out);
  const folders = [top];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (folder !== top && (await realFolder(folder)) === ownFolder) continue;
    try {
      for await (const { entry, isOwn } of entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (named.has(path)) continue;
        if (entry.name.startsWith('.')) leftOut.hidden += 1;
        else if (entry.isSymbolicLink()) leftOut.links += 1;
        else if (isOwn || isThumbnail(relative(top, path).split(sep).join('/'))) leftOut.own += 1;
        else if (entry.isDirectory()) folders.push(path);
        else if (isPicture(path) && entry.isFile()) yield { path };
        else leftOut.others += 1;
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      // Gone since it was seen: so are its pictures.
      if (code === 'ENOENT') continue;
      yield {
        path: folder,
        problem: `The folder cannot be read (${code}). Give this user the right to.`,
      };
    }
  }
}

/** What may be ours comes last: it is known once all of the folder was seen. */
async function* entriesOf(
  folder: string,
): AsyncGenerator<{ readonly entry: Dirent; readonly isOwn: boolean }> {
  const held: Dirent[] = [];
  for await (const entry of await opendir(folder)) {
    if (mayBeOwn(entry.name)) held.push(entry);
    else yield { entry, isOwn: false };
  }
  const names = held.map(({ name }) => name);
  const own = await ownEntries(folder, names);
  for (const entry of held) yield { entry, isOwn: own.has(entry.name) };
}

function isPicture(path: string): boolean {
  return ENDINGS.has(extname(path).toLowerCase());
}

/** What stands for bytes of a name that are no UTF-8: such a file cannot be opened by its name. */
const NO_LETTER = '\u{FFFD}';

/** Why a file cannot be opened by its name. */
export function nameProblem(source: string): string | undefined {
  return source.includes(NO_LETTER) ? 'Its name is not in UTF-8. Rename it.' : undefined;
}

async function describe({ path, problem }: Found, base: string): Promise<ListedSource | undefined> {
  const source = relative(base, path).split(sep).join('/') || '.';
  const known = { source, name: source, sortKey: source };
  if (problem !== undefined) return { ...known, version: problem, bytes: 0, problem };
  try {
    const facts = await stat(path);
    return { ...known, version: versionOf(facts), bytes: facts.size };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const unnamable = nameProblem(source);
    if (code === 'ENOENT' && unnamable === undefined) return undefined;
    const words = unnamable ?? `It cannot be read (${code}). Give this user the right to.`;
    return { ...known, version: words, bytes: 0, problem: words };
  }
}

/** Changes when the file is written: its size and the time of its last change. */
export function versionOf({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): string {
  return `${size}-${mtimeMs}`;
}
