/** What a list that nobody vouches for says of a file, and what its bytes come to beside that. */
import { createHash } from 'node:crypto';
import type { Finding } from './findings.ts';

export interface ExpectedFile {
  readonly file: string;
  /** Hex. Absent: only that it is there can be checked. */
  readonly sha256?: string;
  readonly bytes?: number;
  /** It was gone when the list was written. */
  readonly missing?: true;
}

/** Longer ones name no file on any system. */
const LONGEST_NAME = 4_096;

/** Whether a name stays below the place that it counts from, on every system. */
export function isSafeName(name: string): boolean {
  if (name === '' || name.length > LONGEST_NAME || /[\0\\]/.test(name)) return false;
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** `undefined`: it has the length that is told, or none is. */
export function compareLength({ file, bytes }: ExpectedFile, found: number): Finding | undefined {
  if (bytes === undefined || bytes === found) return undefined;
  const reason = `it has ${countBytes(found)} instead of ${countBytes(bytes)}`;
  return { file, kind: found < bytes ? 'cut' : 'changed', reason };
}

export function compareHash({ file, sha256 }: ExpectedFile, found: string): Finding | undefined {
  if (sha256 === undefined || sha256 === found) return undefined;
  return { file, kind: 'changed', reason: 'its bytes are not those that were delivered' };
}

/** Hex, and how many bytes. */
export async function hashOf(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function countBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
