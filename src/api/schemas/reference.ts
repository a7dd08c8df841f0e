/** References as they travel: pictures that sheets and batches know by name. */
import { REFERENCE_STEPS } from '../../engine/core/reference.ts';
import { z } from '../zod.ts';
import { uploadIdSchema } from './uploads.ts';

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
    source: z.string().min(1).max(2_000).optional().openapi({
      description: 'An http(s) address that everybody can read.',
      example: 'https://example.com/hero.png',
    }),
    upload: uploadIdSchema.optional().openapi({
      description: 'An upload with the purpose `pictures`, in place of a source.',
    }),
  })
  .refine(({ source, upload }) => (source === undefined) !== (upload === undefined), {
    message: 'Give a source or an upload, one of them.',
    path: ['source'],
  })
  .openapi('NewReference');

export const referenceChangeSchema = z
  .strictObject({ name: referenceNameSchema.openapi({ description: 'Its new name.' }) })
  .openapi('ReferenceChange');

/** What a model makes of a reference: decided by the rules of the plan. */
export const referenceFitSchema = z
  .object({
    model: z.string(),
    title: z.string(),
    available: z.boolean().openapi({ description: 'The model can be used here, now.' }),
    count: z.int().openapi({ description: 'Most references of an image.' }),
    fit: z.enum(['as-it-is', 'changed', 'impossible']).openapi({
      description:
        '`as-it-is`: the very bytes are sent. `changed`: a fitted copy is. `impossible`: rows with it are refused.',
    }),
    steps: z
      .array(z.enum(REFERENCE_STEPS))
      .openapi({ description: 'What is done to the copy.', example: ['turned', 'scaled'] }),
    width: z.int().openapi({ description: 'Of what is sent, at most.' }),
    height: z.int(),
    message: z.string().nullable().openapi({ description: 'Why it is impossible.' }),
    remedy: z.string().nullable(),
  })
  .openapi('ReferenceFit');

export const referenceFitsSchema = z
  .object({
    name: z.string(),
    turned: z.boolean().openapi({ description: 'It lies on its side and says so (EXIF).' }),
    frames: z.int().openapi({ description: 'Of an animation only the first one is used.' }),
    alpha: z.boolean(),
    colours: z.enum(['plain', 'cmyk', 'deep', 'other']),
    models: z.array(referenceFitSchema),
  })
  .openapi('ReferenceFits');

export const itemReferenceSchema = z
  .object({
    number: z.int().openapi({ description: 'Its place, counted from 1.' }),
    reference: z.string().openapi({
      description: "As the sheet had it: `@hero`, a file's name, an address without its query.",
    }),
    hash: z.string(),
    media_type: z.string(),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
    links: z.object({ picture: z.string(), thumbnail: z.string() }),
  })
  .openapi('ItemReference');

export const addedReferenceSchema = referenceSchema
  .extend({
    replaced: z.boolean().openapi({ description: 'The name had another picture before.' }),
  })
  .openapi('AddedReference');
