/** Uploads as they travel: files that are sent piece by piece, and used when they are whole. */
import { UPLOAD_PURPOSES } from '../../engine/core/upload.ts';
import { readJson } from '../read-json.ts';
import { z } from '../zod.ts';

/** Pictures that one order takes. */
export const MOST_UPLOADS = 2_000;

export const uploadIdSchema = z
  .string()
  .regex(/^up_[a-z0-9]{1,60}$/, 'The id of an upload is `up_` and letters and digits')
  .openapi({ example: 'up_k7m2p9qx4abc' });

/** Beside what an order says of itself. */
export const uploadFields = {
  upload: uploadIdSchema.optional().openapi({
    description: 'An upload with the purpose `sheet`, in place of the rows or the file.',
  }),
  uploads: z
    .array(uploadIdSchema)
    .max(MOST_UPLOADS)
    .optional()
    .openapi({ description: 'Uploads with the purpose `pictures`, in place of files.' }),
};

/** The same as texts of a form. */
export const uploadFormFields = {
  upload: uploadFields.upload,
  uploads: z
    .string()
    .max(200_000)
    .transform(readJson)
    .pipe(uploadFields.uploads.unwrap())
    .optional(),
};

export const uploadSchema = z
  .object({
    upload: uploadIdSchema,
    purpose: z.enum(UPLOAD_PURPOSES),
    name: z.string().openapi({ description: 'As its client calls it.', example: 'prompts.csv' }),
    media_type: z.string().openapi({ example: 'text/csv' }),
    bytes: z.int().openapi({ description: 'Of the whole.' }),
    received: z
      .int()
      .openapi({ description: 'Bytes that are here: the next one is at this place.' }),
    used_by: z.string().nullable().openapi({
      description: 'What was made of it; its bytes are gone then.',
    }),
    url: z.string().openapi({ description: 'Where its pieces go.' }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().openapi({
      description: 'A day after the last piece, and a week after the first at the latest.',
    }),
  })
  .openapi('Upload');
