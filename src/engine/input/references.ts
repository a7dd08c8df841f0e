import { open, type FileHandle } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/**
 * Makes a reference absolute and checks that it can be used: an http(s) address that is well formed,
 * or a file that can be read and begins like an image.
 *
 * @param folder of the sheet; relative paths start there.
 */
export async function checkReference(reference: string, folder: string): Promise<Reading<string>> {
  if (ADDRESS.test(reference)) return checkAddress(reference);
  if (/^data:/i.test(reference)) {
    return bad('A data: address is too much for a cell', 'Save the picture as a file and name it.');
  }
  const path = filePath(reference, folder);
  if (path === undefined) {
    return bad('This kind of address cannot be read', 'Use a path, or an http or https address.');
  }
  const head = await readHead(path);
  if (typeof head === 'string') return unreadable(head, reference, path);
  return isImage(head)
    ? good(path)
    : bad('This file is not an image', 'Use a PNG, JPEG, WebP, GIF, AVIF, HEIC, TIFF or BMP file.');
}

function checkAddress(address: string): Reading<string> {
  const url = /\s/.test(address) ? null : URL.parse(address);
  return url === null
    ? bad('This web address is malformed', 'Write it as a browser shows it, without spaces.')
    : good(address);
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

/** The first bytes, or the code of the error that kept us from them. */
async function readHead(path: string): Promise<Buffer | string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
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

/** By magic bytes, as in the formats' specifications; ISO media files name their brand at byte 8. */
function isImage(head: Buffer): boolean {
  const text = head.toString('latin1');
  return (
    text.startsWith('\x89PNG\r\n\x1a\n') ||
    text.startsWith('\xff\xd8\xff') ||
    (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') ||
    /^GIF8[79]a/.test(text) ||
    (text.slice(4, 8) === 'ftyp' &&
      /^(avif|avis|heic|heix|hevc|mif1|msf1)$/.test(text.slice(8, 12))) ||
    text.startsWith('II*\0') ||
    text.startsWith('MM\0*') ||
    (text.startsWith('BM') && head.length >= 14 && head.readUInt32LE(6) === 0)
  );
}
