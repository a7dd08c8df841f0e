/** `tools contact-sheet`: the picture and the page of runs and of folders, or of several side by side. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { InputError } from '../core/errors.ts';
import { CONTACT_SHEET_FILE, makeContactSheet } from '../deliver/contact-sheet.ts';
import type { ContactEntry } from '../deliver/contact-item.ts';
import { standingOf } from '../deliver/contact-page/page-names.ts';
import { writeContactPage } from '../deliver/contact-page/write-contact-page.ts';
import type { PageSource } from '../deliver/contact-page/write-contact-page.ts';
import { MANIFEST_FILE, MANIFEST_FORMAT } from '../deliver/manifest.ts';
import type { Masters } from '../deliver/masters.ts';
import { pickTiles } from '../deliver/pick-tiles.ts';
import { openToRead } from '../ports/open-file.ts';
import { makeFolder } from '../ports/whole-file.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store } from '../store/store.ts';
import { findPageSources } from './page-sources.ts';

export interface ContactSheetOrder {
  /** Folders, files, and runs by their ids. Several are put side by side, row by row. */
  readonly sources: readonly string[];
  /** Paths are taken from here. */
  readonly workingFolder: string;
  /** Default: the source's own folder; several need one. */
  readonly out?: string;
  /** Longest side of a thumbnail on the page, and side of a tile on the picture, in pixels. */
  readonly tile?: number;
  /** Most images, spread evenly over each source. Default: all on the page, 200 on the picture. */
  readonly most?: number;
  /** Told after each image of the page. */
  readonly onImage?: (images: number) => void;
}

export interface ContactSheets {
  /** Absolute path of the folder that they lie in. */
  readonly out: string;
  /** Names in it. */
  readonly page: string;
  /** Absent: there is nothing that a picture could show. */
  readonly picture?: string;
  /** On the page. */
  readonly images: number;
  /** Of them, those with a picture; the others say on the page why they have none. */
  readonly pictures: number;
  /** Made now; the others were there. */
  readonly thumbnails: number;
}

export interface ContactSheetDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: Clock;
}

/**
 * Writes `contact-sheet.html` with its folder, and `contact-sheet.webp`. Nothing that is not provably
 * ours is overwritten: then ours have the source's id in their names.
 *
 * @throws InputError for a word that is neither a path nor a run, or when there is nothing to show
 */
export async function makeContactSheets(
  deps: ContactSheetDeps,
  order: ContactSheetOrder,
): Promise<ContactSheets> {
  const found = await findPageSources(deps, order.sources, order.workingFolder);
  const out = await outFolderOf(order, found.folders);
  const sources = order.most === undefined ? found.sources : found.sources.map(fewer(order.most));
  await makeFolder(out);
  const mayReplace = await isOurs(out);
  const page = await writeContactPage({
    outFolder: out,
    sources,
    ...(order.tile !== undefined && { thumbnailSide: order.tile }),
    ...(order.onImage !== undefined && { onItem: order.onImage }),
  });
  if (page === undefined) throw nothingToShow(order.sources);
  const [first] = sources;
  const run = first!.run;
  const picture = await makeContactSheet({
    outFolder: out,
    run,
    title: sources.map(({ title }) => title ?? '').join(' · '),
    entries: () => allEntries(sources),
    masters: allMasters(sources),
    ...(order.tile !== undefined && { tileSide: order.tile }),
    ...(order.most !== undefined && { maxTiles: Math.min(order.most * sources.length, 200) }),
    file: mayReplace ? CONTACT_SHEET_FILE : `contact-sheet-${run.runId}.webp`,
  });
  return {
    out,
    page: page.file,
    images: page.items,
    pictures: page.pictures,
    thumbnails: page.thumbnails,
    ...(picture !== undefined && { picture }),
  };
}

async function outFolderOf(
  { out, workingFolder }: ContactSheetOrder,
  folders: readonly string[],
): Promise<string> {
  const [only, ...others] = [...new Set(folders)];
  if (out === undefined && others.length > 0) {
    throw new InputError([
      {
        message: 'Several sources have no folder in common for their contact sheet',
        remedy: 'Say where it goes: --out FOLDER.',
      },
    ]);
  }
  const folder = out === undefined ? only! : resolve(workingFolder, out);
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory() === false) {
    throw new InputError([
      {
        file: folder,
        message: 'A file is where the folder of the contact sheet should be',
        remedy: 'Name another folder with --out.',
      },
    ]);
  }
  return folder;
}

/** Whether a `contact-sheet.webp` in the folder may be replaced: there is none, or one that we made. */
async function isOurs(out: string): Promise<boolean> {
  const isThere = (await standingOf(join(out, CONTACT_SHEET_FILE))) !== 'free';
  if (!isThere) return true;
  if ((await standingOf(join(out, 'contact-sheet.html'))) === 'ours') return true;
  try {
    await using manifest = await openToRead(join(out, MANIFEST_FILE));
    const { buffer, bytesRead } = await manifest.read(Buffer.alloc(128), 0, 128, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(MANIFEST_FORMAT);
  } catch {
    return false;
  }
}

function fewer(most: number): (source: PageSource) => PageSource {
  return (source) => ({
    ...source,
    async *entries() {
      yield* (await pickTiles(source.entries, most)).tiles;
    },
  });
}

async function* allEntries(sources: readonly PageSource[]): AsyncGenerator<ContactEntry> {
  for (const source of sources) yield* source.entries();
}

/** The pictures of all sources by their hashes: whoever has one gives it. */
function allMasters(sources: readonly PageSource[]): Masters {
  const masters = [...new Set(sources.map((source) => source.masters))];
  return {
    get: async (hash) => {
      for (const each of masters.slice(0, -1)) {
        const bytes = await each.get(hash).catch(() => undefined);
        if (bytes !== undefined) return bytes;
      }
      return await masters.at(-1)!.get(hash);
    },
  };
}

function nothingToShow(words: readonly string[]): InputError {
  return new InputError(
    words.map((word) => ({
      value: word,
      message: 'There is no picture in it',
      remedy: 'Name a folder with PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP files, or another run.',
    })),
  );
}
