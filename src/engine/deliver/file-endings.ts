import type { FileFormat } from '../core/quality.ts';

/** What a file's name ends in, without the dot. */
export const FILE_ENDINGS: Readonly<Record<FileFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
};
