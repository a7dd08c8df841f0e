import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '../core/errors.ts';

const HEAD_BYTES = 64 * 1024;

export interface SheetFile {
  readonly path: string;
  /** Lower case, with its dot; may be empty. */
  readonly extension: string;
  /** The first bytes, at most 64 KiB. */
  readonly head: Buffer;
}

/** Reads the start of a sheet, or says why it is none: missing, a folder, empty, or no table at all. */
export async function openSheetFile(path: string): Promise<SheetFile> {
  const head = await readHead(path);
  if (head.length === 0) throw refusal(path, 'The file is empty', 'Choose a sheet with prompts.');
  const other = otherFormat(head);
  if (other) throw refusal(path, other, SAVE);
  return { path, extension: extname(path).toLowerCase(), head };
}

const SAVE = 'Save the sheet as CSV (UTF-8) or XLSX.';
const FORMATS = 'Give a sheet as CSV, TSV, JSONL, TXT (a prompt a line) or XLSX.';

async function readHead(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) throw refusal(path, 'This is a folder', FORMATS);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw refusal(path, 'There is no such file', 'Check the path.');
    }
    if (error.code === 'EISDIR') throw refusal(path, 'This is a folder', FORMATS);
    throw refusal(
      path,
      `The file cannot be read (${String(error.code)})`,
      'Check who may read it.',
    );
  }
}

/** Names a file that is certainly not text and not XLSX; XLSX itself (a ZIP) passes. */
function otherFormat(head: Buffer): string | undefined {
  const start = head.subarray(0, 8).toString('latin1');
  if (start.startsWith('\xd0\xcf\x11\xe0')) return 'This is an old Excel file (.xls)';
  if (start.startsWith('%PDF')) return 'This is a PDF, not a sheet';
  if (/^\x89PNG|^\xff\xd8\xff|^GIF8|^RIFF/.test(start)) return 'This is a picture, not a sheet';
  if (isZip(head) || /^\xff\xfe|^\xfe\xff/.test(start)) return undefined;
  return isBinary(head) ? 'This is a binary file, not a sheet' : undefined;
}

export function isZip(head: Buffer): boolean {
  return head.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
}

/** More than a tenth control characters; zeros are left out when every second byte is one (UTF-16). */
function isBinary(head: Buffer): boolean {
  let controls = 0;
  let zeros = 0;
  for (const byte of head) {
    if (byte === 0) zeros++;
    else if (byte < 32 && !(byte >= 7 && byte <= 13) && byte !== 27) controls++;
  }
  const perhapsUtf16 = zeros > head.length * 0.2 && controls < head.length * 0.02;
  const counted = perhapsUtf16 ? controls : controls + zeros;
  return counted >= 4 && counted > head.length * 0.1;
}

export function refusal(file: string, message: string, remedy: string): InputError {
  return new InputError([{ file, message, remedy }]);
}
