/** The small picture of an image, as an answer. */
import { stat } from 'node:fs/promises';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { ServerDeps } from '../app-env.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import type { SentFile } from './send-file.ts';

/** Throws a problem for an item that has no picture, or none that can be shown. */
export async function thumbnailFile(
  { engine }: ServerDeps,
  { itemId, image }: ItemRecord,
  side: number,
): Promise<SentFile> {
  if (image === undefined) throw notFound('picture of this item yet');
  const made = await engine.service.thumbnails.ofImage(image.hash, side);
  if ('problem' in made) throw new ProblemError('gone', `There is none: ${made.problem}.`);
  const { size, mtimeMs } = await stat(made.path);
  return {
    path: made.path,
    bytes: size,
    tag: `${image.hash}-${made.side}`,
    changedAt: mtimeMs,
    mediaType: 'image/webp',
    name: `${itemId}-${made.side}.webp`,
  };
}
