/** Reads a whole backup again: every byte against its hash, and the database by SQLite's own check. */
import { stat } from 'node:fs/promises';
import { UsageError } from '../../core/errors.ts';
import { isThere } from '../../ports/whole-file.ts';
import { sqliteProblems } from '../../store/copy-sqlite.ts';
import { hashOfFile, inParallel } from './copy-hashed.ts';
import { DATABASE } from './home-files.ts';
import { type BackedUpFile, type BackupManifest, blobPath, readManifest } from './manifest.ts';

const AT_ONCE = 8;

export interface BackupVerification {
  readonly manifest: BackupManifest;
  /** In words, each with the file that it is about; none: the backup is whole. */
  readonly problems: readonly string[];
}

/** Throws `UsageError` when there is no backup, or its list is damaged. */
export async function verifyBackup(
  folder: string,
  onFile: () => void = () => {},
): Promise<BackupVerification> {
  const manifest = await openBackup(folder);
  const problems: string[] = [];
  await inParallel(manifest.files, AT_ONCE, async (file) => {
    const problem = await problemOf(folder, file);
    if (problem !== undefined)
      problems.push(`${file.path}: ${problem} (${blobPath(folder, file.sha256)})`);
    onFile();
  });
  return { manifest, problems: problems.toSorted() };
}

/** The list of a backup. Throws `UsageError` where there is none. */
export async function openBackup(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  if (manifest !== undefined) return manifest;
  throw new UsageError(
    `There is no backup in ${folder}: it has no manifest.jsonl. \`imagemill backup ${folder}\` makes one.`,
  );
}

async function problemOf(folder: string, file: BackedUpFile): Promise<string | undefined> {
  const path = blobPath(folder, file.sha256);
  if (!(await isThere(path))) return 'it is missing';
  if ((await stat(path)).size !== file.bytes) return 'it has another length';
  if ((await hashOfFile(path)) !== file.sha256) return 'it does not match its hash';
  const [first] = file.path === DATABASE ? sqliteProblems(path) : [];
  return first && `SQLite finds it damaged (${first})`;
}
