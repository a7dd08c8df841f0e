import { crc32, inflateSync } from 'node:zlib';
import { withoutExifTexts } from './exif-texts.ts';
import { bufferOf, ContainerError } from './image-container.ts';
import type { FileText, ImageContainer } from './image-container.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TEXT_TYPES = ['tEXt', 'zTXt', 'iTXt'];
/** Of the keywords that PNG itself names (Third Edition, 11.3.3.1), those that no prompt is put in. */
const HARMLESS_KEYWORDS = [
  'Author',
  'Copyright',
  'Creation Time',
  'Software',
  'Disclaimer',
  'Warning',
  'Source',
];
const KEYWORD = Buffer.from('XML:com.adobe.xmp\0', 'latin1');
/** No packet that we would read is larger; a compressed one may not unpack to more. */
const MOST_XMP_BYTES = 16 * 1024 * 1024;
/** Packed texts that are looked at. */
const MOST_TEXTS = 50;
/** Of all texts of a file together; a few kilobytes unpack to as many gigabytes as somebody likes. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly data: Buffer;
}

/** PNG: XMP is an `iTXt` chunk, content credentials a `caBX` chunk. */
export const pngContainer: ImageContainer = {
  recognises: (bytes) => bufferOf(bytes).subarray(0, 8).equals(SIGNATURE),
  hasCredentials: (bytes) => chunksOf(bytes).some(({ type }) => type === 'caBX'),
  readXmp: (bytes) => {
    const chunk = chunksOf(bytes).find(isXmp);
    return chunk === undefined ? undefined : textOf(chunk.type, chunk.data, KEYWORD.length);
  },
  withXmp: (bytes, packet) => {
    const file = bufferOf(bytes);
    const [header, ...others] = chunksOf(bytes);
    if (header?.type !== 'IHDR') throw new ContainerError('PNG without IHDR');
    const kept = others.filter((chunk) => !isXmp(chunk));
    const text = packet && Buffer.concat([KEYWORD, Buffer.alloc(4), Buffer.from(packet)]);
    return Buffer.concat([
      file.subarray(0, header.end),
      ...(text === undefined || text === '' ? [] : [buildChunk('iTXt', text)]),
      ...kept.map(({ start, end }) => file.subarray(start, end)),
    ]);
  },
  readTexts: (bytes) => {
    let left = MOST_TEXT_BYTES;
    return chunksOf(bytes)
      .filter((chunk) => TEXT_TYPES.includes(chunk.type) && !isXmp(chunk))
      .slice(0, MOST_TEXTS)
      .flatMap((chunk) => {
        const text = readText(chunk, left);
        left -= text === undefined ? 0 : Buffer.byteLength(text.text);
        return text ?? [];
      });
  },
  readExif: (bytes) => chunksOf(bytes).find(({ type }) => type === 'eXIf')?.data,
  withoutTexts: (bytes) => {
    const file = bufferOf(bytes);
    const pieces = chunksOf(bytes)
      .filter((chunk) => isXmp(chunk) || !mayHoldPrompt(chunk))
      .map(({ type, start, end, data }) =>
        type === 'eXIf' ? buildChunk(type, withoutExifTexts(data)) : file.subarray(start, end),
      );
    return Buffer.concat([SIGNATURE, ...pieces]);
  },
};

/** `parameters`, `prompt`, `workflow`, `Description`: every program has words of its own. */
function mayHoldPrompt({ type, data }: Chunk): boolean {
  return TEXT_TYPES.includes(type) && !HARMLESS_KEYWORDS.includes(keywordOf(data));
}

function keywordOf(data: Buffer): string {
  return data.toString('latin1', 0, Math.max(0, data.indexOf(0)));
}

/** `tEXt`: keyword \0 text in Latin-1, though generators write UTF-8 there. `undefined`: damaged, or larger than `most`. */
function readText({ type, data }: Chunk, most: number): FileText | undefined {
  const keyword = keywordOf(data);
  const start = keyword.length + 1;
  if (data.length > most || most <= 0) return undefined;
  try {
    const text =
      type === 'tEXt' ? plainText(data.subarray(start)) : textOf(type, data, start, most);
    return { keyword, text };
  } catch (error) {
    if (error instanceof ContainerError) return undefined;
    throw error;
  }
}

function plainText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\u{FFFD}') ? bytes.toString('latin1') : text;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const file = bufferOf(bytes);
  const chunks: Chunk[] = [];
  for (let start = SIGNATURE.length; start < file.length;) {
    if (start + 12 > file.length) throw new ContainerError('cut PNG chunk');
    const end = start + 12 + file.readUInt32BE(start);
    if (end > file.length) throw new ContainerError('cut PNG chunk');
    const type = file.toString('latin1', start + 4, start + 8);
    chunks.push({ type, start, end, data: file.subarray(start + 8, end - 4) });
    start = end;
    if (type === 'IEND') break;
  }
  return chunks;
}

function isXmp({ type, data }: Chunk): boolean {
  return (type === 'iTXt' || type === 'zTXt') && data.subarray(0, KEYWORD.length).equals(KEYWORD);
}

/**
 * `iTXt`: keyword, compressed?, method, language \0 translated keyword \0 text. `zTXt`: keyword, method,
 * compressed text; also of XMP, against the specification but written by libvips.
 */
function textOf(type: string, data: Buffer, start: number, most = MOST_XMP_BYTES): string {
  if (type === 'zTXt') return unpack(data.subarray(start + 1), most);
  const compressed = data[start] === 1;
  const afterLanguage = data.indexOf(0, start + 2) + 1;
  const text = data.subarray(data.indexOf(0, afterLanguage) + 1);
  return compressed ? unpack(text, most) : text.toString();
}

function unpack(text: Buffer, most: number): string {
  try {
    return inflateSync(text, { maxOutputLength: most }).toString();
  } catch (error) {
    throw new ContainerError('damaged PNG text', { cause: error });
  }
}

function buildChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
