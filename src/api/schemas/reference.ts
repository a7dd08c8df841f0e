/** References as they travel: pictures that sheets and batches know by name. */
import { z } from '../zod.ts';

export const referenceNameSchema = z
  .string()
  .regex(
    /^@?[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u,
    'A name begins with a letter or digit and has letters, digits, dots, hyphens and underscores',
  )
  // JSON Schema has no flags: its patterns are Unicode ones.
  .openapi({ example: 'hero', pattern: '^@?[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}$' });

export const referenceSchema = z
  .object({
    name: z.string().openapi({ description: 'Sheets write it as `@hero`.', example: 'hero' }),
    hash: z.string().openapi({ description: 'SHA-256 of the bytes, hex.' }),
    media_type: z.string(),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
    source: z.string().openapi({ description: 'The file as it was called, or the address.' }),
    url: z.string().openapi({ description: 'Where its bytes are.' }),
    added_at: z.iso.datetime(),
  })
  .openapi('Reference');

export const newReferenceSchema = z
  .strictObject({
    name: referenceNameSchema,
    source: z.string().min(1).max(2_000).openapi({
      description: 'An http(s) address that everybody can read. Your own file: upload it.',
      example: 'https://example.com/hero.png',
    }),
  })
  .openapi('NewReference');

export const addedReferenceSchema = referenceSchema
  .extend({
    replaced: z.boolean().openapi({ description: 'The name had another picture before.' }),
  })
  .openapi('AddedReference');
