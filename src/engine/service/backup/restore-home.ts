/**
 * A home made of a backup, whole or not at all: it is put together beside its place, every byte checked
 * against its hash, and gets its name at the end.
 *
 * What was sent to vendors after the backup is not known to it: such images were paid for, and are paid
 * for again when their rows are sent again. What was under way at its moment is looked up, as after a crash.
 */
import { mkdir, readdir, rename, rmdir, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StorageError, UsageError } from '../../core/errors.ts';
import {
  codeOf,
  flushNames,
  isThere,
  makeFolder,
  storing,
  temporaryPath,
} from '../../ports/whole-file.ts';
import { sqliteProblems } from '../../store/copy-sqlite.ts';
import { moveHome } from '../../store/move-home.ts';
import { copyHashed, flushFile, inParallel } from './copy-hashed.ts';
import { DATABASE, overlap } from './home-files.ts';
import { type BackedUpFile, type BackupManifest, blobPath } from './manifest.ts';
import { openBackup } from './verify-backup.ts';

const AT_ONCE = 8;

export interface RestoreOrder {
  /** Absolute paths. */
  readonly folder: string;
  /** Must not be there, or be empty. */
  readonly home: string;
  readonly onFile?: () => void;
}

export interface RestoreResult {
  readonly manifest: BackupManifest;
  /** Runs that have not ended: the next start goes on with them. */
  readonly openRuns: number;
}

/** Throws `UsageError` when there is no backup or the home is not empty, `StorageError` when bytes are damaged. */
export async function restoreHome(order: RestoreOrder): Promise<RestoreResult> {
  const home = resolve(order.home);
  const folder = resolve(order.folder);
  const manifest = await openBackup(folder);
  await checkPlace(home, folder);
  await makeFolder(dirname(home));
  await using made = temporaryPath(await placeBeside(home));
  await storing(made.path, () => mkdir(made.path, { mode: 0o700 }));
  const folders = new Set(manifest.files.map(({ path }) => dirname(join(made.path, path))));
  for (const each of folders) await storing(each, () => mkdir(each, { recursive: true }));
  await inParallel(manifest.files, AT_ONCE, async (file) => {
    await copyBack(folder, made.path, file);
    order.onFile?.();
  });
  const database = join(made.path, DATABASE);
  if (sqliteProblems(database).length > 0) throw new StorageError('damaged', database);
  const openRuns = moveHome(database, manifest.home, home);
  await flushFile(database);
  for (const each of folders) await flushNames(each);
  await nameHome(made, home);
  return { manifest, openRuns };
}

async function checkPlace(home: string, folder: string): Promise<void> {
  if (overlap(home, folder)) {
    throw new UsageError(`A home cannot lie in a backup (${folder}), or the backup in it.`);
  }
  if (!(await isThere(home)) || (await storing(home, () => readdir(home))).length === 0) return;
  throw new UsageError(
    `${home} is not empty, and nothing is ever restored over what is there. Name a new folder with --home.`,
  );
}

/** Beside the home; in it where it is a disk of its own (a volume of a container), which keeps its name. */
async function placeBeside(home: string): Promise<string> {
  if (!(await isThere(home))) return dirname(home);
  try {
    await rmdir(home);
    await storing(home, () => mkdir(home));
    return dirname(home);
  } catch {
    return home;
  }
}

async function copyBack(folder: string, made: string, file: BackedUpFile): Promise<void> {
  const source = blobPath(folder, file.sha256);
  const target = join(made, file.path);
  if (!resolve(target).startsWith(join(made, '/'))) {
    throw new UsageError(`The backup names a file outside of a home: ${file.path}`);
  }
  const found = await copyHashed(source, target).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? new StorageError('missing', source, error) : error;
  });
  if (found !== file.sha256) throw new StorageError('damaged', source);
  await storing(target, () => utimes(target, file.modified / 1000, file.modified / 1000));
}

async function nameHome(
  made: { readonly path: string; name(path: string): Promise<boolean> },
  home: string,
): Promise<void> {
  if (dirname(made.path) !== home) {
    if (await made.name(home)) return;
    throw new UsageError(`${home} was made by somebody else meanwhile; nothing was restored.`);
  }
  // With its database, which comes last, it is a home.
  const names = (await readdir(made.path)).filter((name) => name !== DATABASE);
  for (const name of [...names, DATABASE]) {
    await storing(home, () => rename(join(made.path, name), join(home, name)));
  }
  await flushNames(home);
}
