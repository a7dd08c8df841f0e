import { inflateSync } from 'node:zlib';
import ExifReader from 'exifreader';

/** Of a packed profile (PNG); those of printing presses have a few million. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The name that a picture's colour profile gives itself, in its first language; `undefined` without one. */
export async function iccName(bytes: Uint8Array): Promise<string | undefined> {
  try {
    const { icc } = await ExifReader.load(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      {
        // Or packed profiles are not read.
        async: true,
        // Its own way of unpacking writes to the terminal when it stops.
        decompress: { deflate: unpack },
        expanded: true,
        includeTags: { icc: true },
      },
    );
    const name: unknown = icc?.['ICC Description']?.value;
    // In several languages they come as an object by their codes.
    const [first]: unknown[] = typeof name === 'object' ? Object.values(name ?? {}) : [name];
    return typeof first === 'string' && first !== '' ? first : undefined;
  } catch {
    // No metadata at all comes as an error as well.
    return undefined;
  }
}

/** Throws for what is damaged or larger. */
function unpack(bytes: Uint8Array): Uint8Array {
  return inflateSync(bytes, { maxOutputLength: MOST_BYTES });
}
