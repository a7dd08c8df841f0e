/**
 * `SHA256SUMS` as `sha256sum` of GNU coreutils writes and checks it: `HASH  NAME` a line. A line whose
 * name has a backslash, a line feed or a carriage return begins with a backslash, and the name has them
 * as `\\`, `\n` and `\r` (coreutils manual, "cksum output modes").
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { storing, writeWhole } from '../../ports/whole-file.ts';
import { readManifest } from '../verify/read-manifest.ts';

export const CHECKSUMS_FILE = 'SHA256SUMS';

export interface Checksum {
  /** Hex. */
  readonly sha256: string;
  /** Relative to the file of checksums, with `/` between folders. */
  readonly file: string;
}

/** With its line feed. */
export function checksumLine({ sha256, file }: Checksum): string {
  const escaped = file.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character);
  return `${escaped === file ? '' : '\\'}${sha256}  ${escaped}\n`;
}

/** Of a line without its line feed; `undefined` when it is none. */
export function parseChecksum(line: string): Checksum | undefined {
  const [, escape, sha256, name] = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/s.exec(line) ?? [];
  if (sha256 === undefined || name === undefined) return undefined;
  const file =
    escape === '' ? name : name.replace(/\\([\\nr])/g, (_, code: string) => PLAIN[code]!);
  return { sha256: sha256.toLowerCase(), file };
}

export interface ChecksumsOrder {
  readonly outFolder: string;
  /** Name of the folder's manifest: its files are taken from it, with the hashes that it has of them. */
  readonly manifest: string;
  /** Names of the other files, in their order; their hashes are taken here. */
  readonly others: readonly string[];
  /** Default: `SHA256SUMS`. */
  readonly file?: string;
}

/**
 * Writes the checksums of a delivery, so that `sha256sum -c SHA256SUMS` checks it. Written last, after
 * the manifest; it is replaced whole and streams. Returns the file's name.
 */
export async function writeChecksums(order: ChecksumsOrder): Promise<string> {
  const file = order.file ?? CHECKSUMS_FILE;
  await writeWhole(join(order.outFolder, file), lines(order));
  return file;
}

async function* lines({ outFolder, manifest, others }: ChecksumsOrder): AsyncGenerator<string> {
  const manifestPath = join(outFolder, manifest);
  for await (const { file, sha256 } of readManifest(() => createReadStream(manifestPath))) {
    if (sha256 !== undefined) yield checksumLine({ sha256, file });
  }
  for (const file of [...others, manifest]) {
    yield checksumLine({ sha256: await sha256OfFile(join(outFolder, file)), file });
  }
}

/** Hex; streams. Throws `StorageError`. */
export async function sha256OfFile(path: string): Promise<string> {
  return await storing(path, async () => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  });
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const PLAIN: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', r: '\r' };
