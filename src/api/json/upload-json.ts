import { isoTime } from '../../engine/core/iso-time.ts';
import type { z } from '../zod.ts';
import type { ClientUpload } from '../../engine/engine-types.ts';
import type { uploadSchema } from '../schemas/uploads.ts';

export function uploadJson(upload: ClientUpload, received: number): z.output<typeof uploadSchema> {
  return {
    upload: upload.id,
    purpose: upload.purpose,
    name: upload.name,
    media_type: upload.mediaType,
    bytes: upload.bytes,
    received,
    used_by: upload.usedBy ?? null,
    url: `/v1/uploads/${upload.id}`,
    created_at: isoTime(upload.createdAt),
    expires_at: isoTime(upload.expiresAt),
  };
}
