import type { ImageMarks } from '../../core/finisher.ts';
import { ContainerError } from './image-container.ts';
import type { ImageContainer } from './image-container.ts';
import { jpegContainer } from './jpeg-container.ts';
import { pngContainer } from './png-container.ts';
import { webpContainer } from './webp-container.ts';
import { buildPacket, mergePacket, readPacket, refersToCredentials } from './xmp-packet.ts';

const CONTAINERS: readonly ImageContainer[] = [pngContainer, jpegContainer, webpContainer];

/**
 * Prompts are cut to these lengths, one after the other, until the packet fits (JPEG holds 64 KB; a
 * prompt stands in it twice). The manifest has them whole.
 */
const SHORTER_PROMPTS = [16_000, 4_000, 1_000, 200] as const;

export interface MarkedImage {
  readonly bytes: Uint8Array;
  readonly marked: boolean;
}

/**
 * Writes marks into the bytes of a PNG, JPEG or WebP as XMP; no pixel is encoded anew. A file that
 * carries content credentials (C2PA) comes back untouched, and so does one that cannot be parsed.
 */
export function markImage(bytes: Uint8Array, marks: ImageMarks): MarkedImage {
  return (
    withContainer(bytes, (container) => {
      if (container.hasCredentials(bytes)) return undefined;
      const existing = container.readXmp(bytes);
      if (existing !== undefined && refersToCredentials(existing)) return undefined;
      for (const candidate of [marks, ...SHORTER_PROMPTS.map((length) => shorten(marks, length))]) {
        const packet =
          existing === undefined ? buildPacket(candidate) : mergePacket(existing, candidate);
        const marked = container.withXmp(bytes, packet);
        if (marked !== undefined) return { bytes: marked, marked: true };
      }
      return undefined;
    }) ?? { bytes, marked: false }
  );
}

/** The marks that a file carries, or `undefined` if it has none of ours. */
export function readMarks(bytes: Uint8Array): ImageMarks | undefined {
  return withContainer(bytes, (container) => {
    const packet = container.readXmp(bytes);
    return packet === undefined ? undefined : readPacket(packet);
  });
}

/** Whether a file carries content credentials of its maker. */
export function hasCredentials(bytes: Uint8Array): boolean {
  return withContainer(bytes, (container) => container.hasCredentials(bytes) || undefined) ?? false;
}

function withContainer<Result>(
  bytes: Uint8Array,
  use: (container: ImageContainer) => Result | undefined,
): Result | undefined {
  const container = CONTAINERS.find((candidate) => candidate.recognises(bytes));
  if (container === undefined) return undefined;
  try {
    return use(container);
  } catch (error) {
    // RangeError: a length field points outside the file.
    if (error instanceof ContainerError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function shorten(marks: ImageMarks, length: number): ImageMarks {
  const cut = (text: string) => (text.length > length ? `${text.slice(0, length)}…` : text);
  const { negativePrompt } = marks;
  return {
    ...marks,
    prompt: cut(marks.prompt),
    ...(negativePrompt === undefined ? {} : { negativePrompt: cut(negativePrompt) }),
  };
}
