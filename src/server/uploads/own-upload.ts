import type { ClientUpload } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';

export interface OwnUpload {
  readonly upload: ClientUpload;
  /** Bytes that are here. */
  readonly received: number;
}

/** Throws a `not-found` problem for another workspace's, and `gone` for one that expired or was used. */
export async function ownUpload(
  c: AppContext,
  { engine }: Pick<ServerDeps, 'engine'>,
  id: string,
): Promise<OwnUpload> {
  const { uploads } = engine.service;
  const upload = await uploads.find(id, c.var.caller.workspace);
  if (upload === undefined) throw notFound('such upload');
  if (upload.usedBy !== undefined) {
    throw new ProblemError('gone', `The upload ${id} was used for ${upload.usedBy}.`);
  }
  if (await uploads.hasExpired(upload)) throw new ProblemError('gone', `The upload ${id} expired.`);
  const received = await uploads.received(upload);
  if (received !== undefined) return { upload, received };
  throw new ProblemError('gone', `The bytes of the upload ${id} are not here any more.`);
}
