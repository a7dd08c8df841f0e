import { withoutExifTexts } from './exif-texts.ts';
import { bufferOf, ContainerError } from './image-container.ts';
import type { ImageContainer } from './image-container.ts';

const XMP_FLAG = 0x04;
const ALPHA_FLAG = 0x10;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** WebP: XMP is a chunk announced by a flag of `VP8X`, content credentials a `C2PA` chunk. */
export const webpContainer: ImageContainer = {
  recognises: (bytes) => {
    const head = bufferOf(bytes).toString('latin1', 0, 12);
    return head.startsWith('RIFF') && head.endsWith('WEBP');
  },
  hasCredentials: (bytes) => chunksOf(bytes).some(({ type }) => type === 'C2PA'),
  readXmp: (bytes) => chunksOf(bytes).find(isXmp)?.data.toString('utf8'),
  withXmp: (bytes, packet) => {
    const chunks = extended(chunksOf(bytes), packet !== undefined).filter((chunk) => !isXmp(chunk));
    const own = packet === undefined ? [] : [{ type: 'XMP ', data: Buffer.from(packet) }];
    return buildFile([...chunks, ...own]);
  },
  readTexts: () => [],
  readExif: (bytes) => chunksOf(bytes).find(({ type }) => type === 'EXIF')?.data,
  withoutTexts: (bytes) =>
    buildFile(
      chunksOf(bytes).map(({ type, data }) => ({
        type,
        data: type === 'EXIF' ? withoutExifTexts(data) : data,
      })),
    ),
};

function buildFile(chunks: readonly Chunk[]): Buffer {
  const body = chunks.map(buildChunk);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + body.reduce((sum, chunk) => sum + chunk.length, 0), 4);
  return Buffer.concat([head, ...body]);
}

function isXmp({ type }: Chunk): boolean {
  return type === 'XMP ';
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const file = bufferOf(bytes);
  const end = Math.min(file.length, 8 + file.readUInt32LE(4));
  const chunks: Chunk[] = [];
  for (let start = 12; start + 8 <= end;) {
    const length = file.readUInt32LE(start + 4);
    if (start + 8 + length > end) throw new ContainerError('cut WebP chunk');
    const type = file.toString('latin1', start, start + 4);
    chunks.push({ type, data: file.subarray(start + 8, start + 8 + length) });
    start += 8 + length + (length & 1);
  }
  return chunks;
}

function buildChunk({ type, data }: Chunk): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length & 1));
  chunk.write(type, 0, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  data.copy(chunk, 8);
  return chunk;
}

/** The chunks with a `VP8X` that announces XMP, or none; a simple file gets one (WebP container). */
function extended(chunks: readonly Chunk[], hasXmp: boolean): Chunk[] {
  const [first, ...others] = chunks;
  if (first === undefined) throw new ContainerError('empty WebP');
  const isExtended = first.type === 'VP8X';
  const data = isExtended ? Buffer.from(first.data) : headerFor(first);
  const flags = data.readUInt8(0);
  data.writeUInt8(hasXmp ? flags | XMP_FLAG : flags & ~XMP_FLAG, 0);
  return [{ type: 'VP8X', data }, ...(isExtended ? others : chunks)];
}

function headerFor(image: Chunk): Buffer {
  const { width, height, alpha } = image.type === 'VP8L' ? lossless(image) : lossy(image);
  const data = Buffer.alloc(10);
  data.writeUInt8(alpha ? ALPHA_FLAG : 0, 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return data;
}

/** `VP8L`: signature 0x2f, then 14 bits of width - 1, 14 of height - 1, one that tells of alpha. */
function lossless({ data }: Chunk): { width: number; height: number; alpha: boolean } {
  if (data.length < 5 || data[0] !== 0x2f) throw new ContainerError('no VP8L signature');
  const bits = data.readUInt32LE(1);
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    alpha: ((bits >>> 28) & 1) === 1,
  };
}

/** `VP8 `: a frame tag of 3 bytes, the start code 9d 01 2a, then width and height in 14 bits each. */
function lossy({ type, data }: Chunk): { width: number; height: number; alpha: boolean } {
  if (type !== 'VP8 ' || data.length < 10 || data.readUIntBE(3, 3) !== 0x9d012a) {
    throw new ContainerError('no VP8 key frame');
  }
  const width = data.readUInt16LE(6) & 0x3fff;
  const height = data.readUInt16LE(8) & 0x3fff;
  return { width, height, alpha: false };
}
