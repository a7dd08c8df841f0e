/** What is in a backup: a line of JSON a file, after a line about the whole, before one that closes it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { codeOf, storing, writeWhole } from '../../ports/whole-file.ts';

const NAME = 'manifest.jsonl';
const FORMAT = 1;

/** A file of the home. Its bytes lie under their hash (`blobPath`). */
export interface BackedUpFile {
  /** Below the home, with `/` between folders. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Milliseconds since 1970; of a file that looks the same the next time, the hash is believed. */
  readonly modified: number;
}

export interface BackupHead {
  /** Milliseconds since 1970: what was done later is not in it. */
  readonly madeAt: number;
  readonly version: string;
  /** Absolute path of the home that it was made of. */
  readonly home: string;
}

export interface BackupManifest extends BackupHead {
  readonly files: readonly BackedUpFile[];
}

/** Where a backup keeps the bytes of a hash. */
export function blobPath(folder: string, sha256: string): string {
  return join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2));
}

/** The last of all writes: from then on the backup is the new one, and whole. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  await writeWhole(join(folder, NAME), manifestText(manifest));
}

async function* manifestText({ files, madeAt, ...head }: BackupManifest): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const line = (value: object) => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  yield line({ imagemill_backup: FORMAT, made_at: madeAt, ...head });
  for (const file of files) yield line(file);
  yield `${JSON.stringify({ files: files.length, sha256: digest.digest('hex') })}\n`;
}

/** `undefined`: there is none. Throws `UsageError` for one that is cut or changed. */
export async function readManifest(folder: string): Promise<BackupManifest | undefined> {
  const path = join(folder, NAME);
  const text = await storing(path, async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
  return text === undefined ? undefined : parsed(text, path);
}

function parsed(text: string, path: string): BackupManifest {
  const end = text.trimEnd().lastIndexOf('\n') + 1;
  const closing = lineOf<{ files: number; sha256: string }>(text.slice(end), path);
  const found = createHash('sha256').update(text.slice(0, end)).digest('hex');
  if (closing.sha256 !== found) throw damaged(path);
  const [first = '', ...rest] = text.slice(0, end).trimEnd().split('\n');
  const { made_at, version, home, imagemill_backup } = lineOf<{
    made_at: number;
    version: string;
    home: string;
    imagemill_backup: number;
  }>(first, path);
  if (imagemill_backup !== FORMAT) {
    throw new UsageError(
      `${path} is of a newer kind (${imagemill_backup}) than this version reads (${FORMAT}). Use the Imagemill that made it (${version}) or a newer one.`,
    );
  }
  const files = rest.map((line) => lineOf<BackedUpFile>(line, path));
  return { madeAt: made_at, version, home, files };
}

function lineOf<Line>(line: string, path: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): UsageError {
  return new UsageError(`${path} is damaged: it does not match its own hash. Use another backup.`);
}
