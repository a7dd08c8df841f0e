import { crc32 } from 'node:zlib';

/** A PNG with a text chunk behind its header, as generators write them: UTF-8 in `tEXt`. */
export function pngText(png: Uint8Array, keyword: string, text: string): Buffer {
  return pngChunk(png, 'tEXt', Buffer.from(`${keyword}\0${text}`));
}

/** A PNG with one more chunk behind its header. */
export function pngChunk(png: Uint8Array, type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, 33), length, body, check, png.subarray(33)]);
}
