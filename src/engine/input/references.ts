import { open, type FileHandle } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEAD_BYTES, mediaTypeOf } from '../core/media-type.ts';
import { referenceName } from '../core/reference.ts';
import { bad, good, type Reading } from './reading.ts';

const ADDRESS = /^https?:\/\//i;

/**
 * Splits a cell with several references at `|`, line breaks and `;`. A semicolon inside an address
 * belongs to it, unless a space or another address follows.
 */
export function splitReferences(cell: string): string[] {
  return cell
    .split(/[|\r\n]+/)
    .flatMap((part) => part.trim().split(ADDRESS.test(part.trim()) ? /;(?=\s|https?:)/i : ';'))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** One reference as it is written, and what it is. */
export interface CheckedReference {
  readonly text: string;
  readonly reading: Reading<string>;
}

/** Commas with a space after them are looked at up to here: beyond it nobody means files. */
const MOST_PARTS = 32;

/**
 * Checks one part of a cell, which may hold several references with ", " between them. A comma may as
 * well belong to the name of a file: the longest name that is there wins, from the left.
 */
export async function checkReferences(
  text: string,
  folder: string,
  within?: string,
): Promise<CheckedReference[]> {
  const parts = text
    .replace(/,\s*$/, '')
    .split(/,\s+/)
    .filter((part) => part !== '');
  if (parts.length <= 1 || parts.length > MOST_PARTS) {
    return [{ text, reading: await checkReference(text, folder, within) }];
  }
  const whole = await checkReference(text, folder, within);
  if (whole.ok) return [{ text, reading: whole }];
  const found: CheckedReference[] = [];
  for (let from = 0; from < parts.length;) {
    const longest = await longestName(parts.slice(from), folder, within);
    found.push(longest.checked);
    from += longest.parts;
  }
  // None of the parts is there: what was written is one name, and its problem is told once.
  return found.some(({ reading }) => reading.ok) ? found : [{ text, reading: whole }];
}

async function longestName(
  parts: readonly string[],
  folder: string,
  within: string | undefined,
): Promise<{ checked: CheckedReference; parts: number }> {
  for (let count = parts.length; count > 1; count -= 1) {
    const text = parts.slice(0, count).join(', ');
    const reading = await checkReference(text, folder, within);
    if (reading.ok) return { checked: { text, reading }, parts: count };
  }
  const [text = ''] = parts;
  return { checked: { text, reading: await checkReference(text, folder, within) }, parts: 1 };
}

/**
 * Makes a reference absolute and checks that it can be used: an http(s) address that is well formed,
 * a name (`@hero`, which is looked up later), or a file that can be read and begins like an image.
 *
 * @param folder of the sheet; relative paths start there.
 * @param within of what may be looked at: whether anything lies outside is not told. Absent: everything.
 */
export async function checkReference(
  reference: string,
  folder: string,
  within?: string,
): Promise<Reading<string>> {
  if (ADDRESS.test(reference)) return checkAddress(reference);
  if (/^data:/i.test(reference)) {
    return bad('A data: address is too much for a cell', 'Save the picture as a file and name it.');
  }
  if (reference.startsWith('@')) return checkName(reference);
  const path = filePath(reference, folder);
  if (path === undefined) {
    return bad('This kind of address cannot be read', 'Use a path, or an http or https address.');
  }
  if (within !== undefined && !isInside(path, within)) return foreign(path);
  const head = await readHead(path);
  if (typeof head === 'string') return unreadable(head, reference, path);
  return mediaTypeOf(head) !== undefined
    ? good(path)
    : bad('This file is not an image', 'Use a PNG, JPEG, WebP, GIF, AVIF, HEIC, TIFF or BMP file.');
}

function checkAddress(address: string): Reading<string> {
  const url = /\s/.test(address) ? null : URL.parse(address);
  if (url === null) {
    return bad('This web address is malformed', 'Write it as a browser shows it, without spaces.');
  }
  return url.username === '' && url.password === ''
    ? good(address)
    : bad(
        'A web address with a user name or password does not belong in a sheet',
        'Save the picture as a file and name it.',
      );
}

function checkName(reference: string): Reading<string> {
  const name = referenceName(reference);
  return name === undefined
    ? bad(
        'This is not a name of a reference',
        'After the @ stand letters, digits, dots, hyphens and underscores; a file of this name is written ./@…',
      )
    : good(`@${name}`);
}

/** What a problem may show of a reference: an address without a user name and password. */
export function shownReference(text: string): string {
  return text.replace(/^(https?:\/\/)[^/\s]*@/i, '$1');
}

function filePath(reference: string, folder: string): string | undefined {
  if (/^file:/i.test(reference)) {
    try {
      return fileURLToPath(reference);
    } catch {
      return undefined;
    }
  }
  // Two letters at least: `c:\pictures` is a path.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(reference)) return undefined;
  return isAbsolute(reference) ? reference : resolve(folder, reference);
}

/** Whether a path leads into the folder, and not out of it again. */
export function isInside(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== '' && inside.split(/[/\\]/)[0] !== '..' && !isAbsolute(inside);
}

function foreign(path: string): Reading<never> {
  return bad(
    `There is no picture named ${basename(path)} beside the sheet`,
    'Send it together with the sheet, name one of the library (@name), or give its address.',
  );
}

/** The first bytes, or the code of the error that kept us from them. */
async function readHead(path: string): Promise<Buffer | string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  } finally {
    await file?.close();
  }
}

function unreadable(code: string, reference: string, path: string): Reading<never> {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const hint = /^www\.|^[\w-]+\.(com|net|org|io)\//i.test(reference)
      ? ' A web address must begin with https://.'
      : ' Paths start at the folder of the sheet.';
    return bad(`There is no file ${path}`, `Correct the path or put the picture there.${hint}`);
  }
  if (code === 'EISDIR') return bad('This is a folder', 'Name the picture in it.');
  return bad(`The file cannot be read (${code})`, 'Check who may read it.');
}
