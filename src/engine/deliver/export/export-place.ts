import { lstat, readdir } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import {
  codeOf,
  makeFolder,
  removeLeftovers,
  storing,
  temporaryPath,
} from '../../ports/whole-file.ts';

export interface ExportOrder {
  /** Absolute path of what is made; nothing may be there, but for an empty folder where one is made. */
  readonly path: string;
  /** Where the name is taken, `NAME-2`, `NAME-3`, … are tried instead of refusing. */
  readonly otherNames?: boolean;
}

export interface ExportPlace extends AsyncDisposable {
  /** Where the export is made: on the disk of its name, in the same folder. */
  readonly path: string;
  readonly folder: string;
  /** Gives it its name once all of it is flushed; tells which. */
  name(): Promise<string>;
}

/** Names tried for what has none of its own. */
const MOST_NAMES = 1_000;

/**
 * Makes ready to export, and removes what exports that were killed have left there. Throws `UsageError`
 * when something has the name already: nothing is ever overwritten.
 */
export async function openExport(
  order: ExportOrder,
  kind: 'file' | 'folder',
): Promise<ExportPlace> {
  const { path } = order;
  if (order.otherNames !== true && (await isTaken(path, kind))) throw taken(path);
  const folder = dirname(path);
  await makeFolder(folder);
  await removeLeftovers(folder);
  const temporary = temporaryPath(folder);
  return {
    path: temporary.path,
    folder,
    name: async () => {
      for (const candidate of candidates(order)) {
        if (await temporary.name(candidate)) return candidate;
      }
      throw taken(path);
    },
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}

/** `flowers.zip`, `flowers-2.zip`, … */
function* candidates({ path, otherNames }: ExportOrder): Generator<string> {
  yield path;
  if (otherNames !== true) return;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let number = 2; number <= MOST_NAMES; number += 1) yield `${stem}-${number}${extension}`;
}

async function isTaken(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  return await storing(path, async () => {
    try {
      const found = await lstat(path);
      const mayGoThere = kind === 'folder' && found.isDirectory();
      return !mayGoThere || (await readdir(path)).length > 0;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

function taken(path: string): UsageError {
  return new UsageError(
    `${path} is there already, and nothing is overwritten. Name another place with --out.`,
  );
}
