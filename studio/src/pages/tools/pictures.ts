/** The pictures that are worked on: files of this browser, or images of a run. */
import type { Only } from './tool-search.ts';

/** One of them, to be tried or inspected. */
export type OnePicture =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'item'; readonly run: string; readonly item: string };

export interface RunPictures {
  readonly kind: 'run';
  readonly run: string;
  readonly only: Only;
  /** Of `selected`. */
  readonly items: readonly string[];
}

export interface FilePictures {
  readonly kind: 'files';
  readonly files: readonly File[];
}

export type Pictures = RunPictures | FilePictures;

/** As the run's page keeps them: ids of items. */
export function selectionOf(run: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(`imagemill-selection-${run}`) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((each) => typeof each === 'string');
  } catch {
    return [];
  }
}

/** What a job is told of them; of files nothing: they go up with it. */
export function sourceOf(pictures: Pictures) {
  if (pictures.kind === 'files') return {};
  const { run, only, items } = pictures;
  switch (only) {
    case 'all':
      return { run };
    case 'selected':
      return { run, items: [...items] };
    default:
      return { run, review: only };
  }
}

/** As the server takes them, and what it works on. */
export const PICTURE_KINDS = [
  'image/*',
  '.png',
  '.jpg',
  '.jpeg',
  '.jfif',
  '.webp',
  '.avif',
  '.gif',
  '.tif',
  '.tiff',
  '.bmp',
];
export const MOST_FILES = 1_000;
export const MOST_UPLOAD_BYTES = 512 * 2 ** 20;
