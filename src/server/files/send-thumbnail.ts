/** Small copies of stored pictures as answers. */
import { stat } from 'node:fs/promises';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { sendFile } from './send-file.ts';

export interface ThumbnailOrder {
  /** Of the stored picture. */
  readonly hash: string;
  /** Pixels of the longest side, or a little more. */
  readonly width: number;
  /** What has this address never changes. */
  readonly isImmutable?: boolean;
  /** What a file of it is called; default: after the picture. */
  readonly title?: string;
}

/** Throws `gone` where there can be none. */
export async function sendThumbnail(
  c: AppContext,
  { engine }: Pick<ServerDeps, 'engine'>,
  { hash, width, isImmutable = false, title = hash.slice(0, 12) }: ThumbnailOrder,
): Promise<Response> {
  const made = await engine.service.thumbnails.ofImage(hash, width);
  if ('problem' in made) throw new ProblemError('gone', `There is none: ${made.problem}.`);
  const { size, mtimeMs } = await stat(made.path);
  return sendFile(c, {
    path: made.path,
    bytes: size,
    tag: `${hash}-${made.side}`,
    changedAt: mtimeMs,
    mediaType: 'image/webp',
    name: `${title}-${made.side}.webp`,
    isImmutable,
  });
}

/** Throws a problem for an item that has no picture. */
export async function sendItemThumbnail(
  c: AppContext,
  deps: Pick<ServerDeps, 'engine'>,
  { itemId, image }: ItemRecord,
  order: Pick<ThumbnailOrder, 'width' | 'isImmutable'>,
): Promise<Response> {
  if (image === undefined) throw notFound('picture of this item yet');
  return await sendThumbnail(c, deps, { ...order, hash: image.hash, title: itemId });
}
