/** What the tus server asks about an upload, from the store's row of it. */
import { ERRORS, Upload } from '@tus/server';
import type { ClientUpload, Uploads } from '../../engine/engine-types.ts';

/** Throws the tus server's own error where there is none. */
export async function rowOf(uploads: Uploads, id: string): Promise<ClientUpload> {
  const upload = await uploads.find(id);
  if (upload === undefined) throw ERRORS.FILE_NOT_FOUND;
  return upload;
}

export function tusUpload(upload: ClientUpload, offset: number): Upload {
  const { id, bytes, purpose, name, mediaType } = upload;
  return new Upload({
    id,
    size: bytes,
    offset,
    metadata: { purpose, filename: name, filetype: mediaType },
    creation_date: new Date(upload.createdAt).toISOString(),
  });
}

/** What is offered beyond the core of the protocol; checksums are checked before it. */
export const EXTENSIONS = ['creation', 'termination', 'expiration', 'checksum'];
