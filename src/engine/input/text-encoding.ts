import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { InputError } from '../core/errors.ts';

export type TextEncoding = 'utf8' | 'utf16-le' | 'utf16-be' | 'windows-1252';

export interface DetectedEncoding {
  readonly encoding: TextEncoding;
  /** Length of the byte order mark that the text starts after. */
  readonly bomBytes: number;
  readonly warning?: string;
}

const CHUNK_BYTES = 256 * 1024;
const SAVE_AS_UTF8 =
  'Save the sheet as UTF-8 ("CSV UTF-8" in Excel, "Unicode (UTF-8)" in LibreOffice).';
/** Bytes that Windows-1252 leaves undefined and that Shift_JIS, GBK and Big5 use all the time. */
const NOT_IN_WINDOWS_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/**
 * Finds a text file's encoding: a byte order mark decides, then the pattern of zeros that UTF-16
 * leaves in Latin text, then whether all bytes are valid UTF-8; what is not is Windows-1252. The whole
 * file is looked at (a first é may come after a million rows), in chunks.
 *
 * @throws InputError for UTF-8 with damaged places (the line is named), and for other encodings.
 */
export async function detectEncoding(file: string, head: Buffer): Promise<DetectedEncoding> {
  return markedEncoding(head) ?? zeroPattern(head) ?? (await scanForUtf8(file));
}

function markedEncoding(head: Buffer): DetectedEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf16-le', bomBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf16-be', bomBytes: 2 };
  return undefined;
}

function zeroPattern(head: Buffer): DetectedEncoding | undefined {
  const pairs = Math.floor(head.length / 2);
  const zeros = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  if (pairs >= 4 && odd > pairs * 0.4 && even < pairs * 0.02) {
    return { encoding: 'utf16-le', bomBytes: 0 };
  }
  if (pairs >= 4 && even > pairs * 0.4 && odd < pairs * 0.02) {
    return { encoding: 'utf16-be', bomBytes: 0 };
  }
  return undefined;
}

async function scanForUtf8(file: string): Promise<DetectedEncoding> {
  let carried: Buffer = Buffer.alloc(0);
  let line = 1;
  let sawOtherThanAscii = false;
  let bomBytes = 0;
  let firstBadLine: number | undefined;
  let first = true;
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) bomBytes = 3;
    first = false;
    if (firstBadLine === undefined) {
      const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
      const end = wholeCharacters(bytes);
      const whole = bytes.subarray(0, end);
      if (isUtf8(whole)) {
        sawOtherThanAscii ||= !isAscii(bomBytes === 3 && line === 1 ? whole.subarray(3) : whole);
        line += countNewlines(whole);
        carried = bytes.subarray(end);
        continue;
      }
      firstBadLine = line + badLineWithin(whole);
      if (bomBytes === 3 || sawOtherThanAscii || mostlyUtf8(whole)) {
        throw damagedUtf8(file, firstBadLine);
      }
    }
    if (NOT_IN_WINDOWS_1252.some((byte) => chunk.includes(byte))) throw unknownEncoding(file);
  }
  if (firstBadLine === undefined && carried.length > 0) {
    if (bomBytes === 3 || sawOtherThanAscii) throw damagedUtf8(file, line);
    firstBadLine = line;
  }
  if (firstBadLine === undefined) return { encoding: 'utf8', bomBytes };
  return {
    encoding: 'windows-1252',
    bomBytes: 0,
    warning: `${file} is not UTF-8 (line ${firstBadLine}); it was read as Windows-1252. If letters look wrong: ${SAVE_AS_UTF8}`,
  };
}

/** Bytes before a character that the end of the chunk cuts in two. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function badLineWithin(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  return text.slice(0, text.indexOf('\ufffd')).split('\n').length - 1;
}

/** True when more of the letters beyond ASCII are good UTF-8 than are not: a damaged UTF-8 file. */
function mostlyUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const bad = text.match(/\ufffd/g)?.length ?? 0;
  const beyondAscii = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  return beyondAscii - bad > bad;
}

function damagedUtf8(file: string, line: number): InputError {
  const message = 'The text is UTF-8, but here it has bytes that are not';
  return new InputError([{ file, line, message, remedy: `Mend this line. ${SAVE_AS_UTF8}` }]);
}

function unknownEncoding(file: string): InputError {
  const message =
    'The text is neither UTF-8, UTF-16 nor Windows-1252 (perhaps Shift_JIS, GBK or Big5)';
  return new InputError([{ file, message, remedy: SAVE_AS_UTF8 }]);
}
