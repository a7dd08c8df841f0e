/** A small copy of a stored picture as an answer. */
import { stat } from 'node:fs/promises';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { sendFile } from './send-file.ts';

export interface ThumbnailOrder {
  /** Of the stored picture. */
  readonly hash: string;
  /** Pixels of the longest side, or a little more. */
  readonly width: number;
  /** What has this address never changes. */
  readonly isImmutable?: boolean;
}

/** Throws `gone` where there can be none. */
export async function sendThumbnail(
  c: AppContext,
  { engine }: Pick<ServerDeps, 'engine'>,
  { hash, width, isImmutable = false }: ThumbnailOrder,
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
    name: `${hash.slice(0, 12)}-${made.side}.webp`,
    isImmutable,
  });
}
