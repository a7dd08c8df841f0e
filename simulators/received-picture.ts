import { mediaTypeOf } from '../src/engine/core/media-type.ts';
import type { Size } from '../src/engine/core/size.ts';

/** A reference as it reached a vendor, by its first bytes; EXIF is not looked at. */
export interface ReceivedPicture extends Size {
  readonly mediaType: string;
  readonly bytes: number;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Bare base64, as a picture; `undefined` when it is no PNG, JPEG or WebP. */
export function pictureFromBase64(text: string): ReceivedPicture | undefined {
  return BASE64.test(text) ? receivedPicture(Buffer.from(text, 'base64')) : undefined;
}

/** A data URL, as a picture of the kind that it names. */
export function pictureFromDataUrl(url: string): ReceivedPicture | undefined {
  const match = /^data:(image\/[a-z]+);base64,(.*)$/.exec(url);
  const picture = match ? pictureFromBase64(match[2]!) : undefined;
  return picture?.mediaType === match?.[1] ? picture : undefined;
}

/** Kind and size of a PNG, JPEG or WebP, as a vendor checks them before it paints. */
export function receivedPicture(bytes: Uint8Array): ReceivedPicture | undefined {
  const mediaType = mediaTypeOf(bytes);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = sizeOf(view, mediaType);
  return mediaType && size ? { mediaType, bytes: bytes.length, ...size } : undefined;
}

function sizeOf(view: Buffer, mediaType: string | undefined): Size | undefined {
  try {
    switch (mediaType) {
      case 'image/png':
        return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
      case 'image/jpeg':
        return jpegSize(view);
      case 'image/webp':
        return webpSize(view);
      default:
        return undefined;
    }
  } catch {
    // Cut off within its head.
    return undefined;
  }
}

/** The first frame header (SOF0 to SOF15, but for the three markers among them that are none). */
function jpegSize(view: Buffer): Size | undefined {
  for (let at = 2; at < view.length; at += 2 + view.readUInt16BE(at + 2)) {
    const marker = view[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.readUInt16BE(at + 7), height: view.readUInt16BE(at + 5) };
  }
  return undefined;
}

/** Lossy, lossless and extended WebP keep the size in three different ways. */
function webpSize(view: Buffer): Size | undefined {
  switch (view.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = view.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
