import { avifContainer } from './avif-container.ts';
import { ContainerError } from './image-container.ts';
import type { ImageContainer } from './image-container.ts';
import { jpegContainer } from './jpeg-container.ts';
import { pngContainer } from './png-container.ts';
import { webpContainer } from './webp-container.ts';

const CONTAINERS: readonly ImageContainer[] = [
  pngContainer,
  jpegContainer,
  webpContainer,
  avifContainer,
];

/**
 * What is found with the container of a file's format; `undefined` for another format, or when the file
 * is damaged.
 */
export function withContainer<Result>(
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
