import type { FileInspection, KnownOrigin } from '../core/file-report.ts';
import type { ImageMarks } from '../core/finisher.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf } from '../ports/whole-file.ts';
import { inspectFile, type InspectOptions } from './inspect-file.ts';
import { originInManifest } from './inspect/origin-in-manifest.ts';

/** Larger ones are no pictures of any model or camera; the whole of a file is hashed. */
const MOST_FILE_BYTES = 512 * 1024 * 1024;

export interface InspectPathOptions extends InspectOptions {
  /** What a store knows of bytes, by their SHA-256 and by the item that they name. Absent: no store. */
  readonly known?: (sha256: string, marks?: ImageMarks) => Promise<readonly KnownOrigin[]>;
}

/** Looks at a file, and for what Imagemill knows of it: in the store, and in manifests above it. */
export async function inspectPath(
  path: string,
  { known, ...options }: InspectPathOptions = {},
): Promise<FileInspection> {
  const read = await readPicture(path);
  if (typeof read === 'string') return { kind: 'unusable', reason: read };
  const inspection = await inspectFile(read, options);
  if (inspection.kind === 'unusable') return inspection;
  const { report } = inspection;
  const delivered = await originInManifest(path, report.sha256);
  const origins = [
    ...(delivered === undefined ? [] : [delivered]),
    ...((await known?.(report.sha256, report.marks)) ?? []),
  ];
  return { kind: 'picture', report: { ...report, origins } };
}

/** The bytes, or why not. */
async function readPicture(path: string): Promise<Uint8Array | string> {
  try {
    await using file = await openToRead(path);
    const facts = await file.stat();
    if (facts.isDirectory()) {
      return 'It is a folder: name its files, or look through all of them with `imagemill tools check FOLDER`.';
    }
    if (!facts.isFile()) return 'It is no file, but a device or a pipe.';
    if (facts.size > MOST_FILE_BYTES) {
      return `It has ${facts.size.toLocaleString('en-US')} bytes, more than the ${MOST_FILE_BYTES.toLocaleString('en-US')} that are looked at.`;
    }
    return await file.readFile();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is no such file.';
    if (code === 'EACCES' || code === 'EPERM')
      return 'It may not be read by you: change its rights.';
    return `It cannot be read (${code ?? 'unknown error'}).`;
  }
}
