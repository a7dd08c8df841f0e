/** Images as OpenAI's clients ask for them and read them: https://platform.openai.com/docs/api-reference/images */
import { z } from '../zod.ts';

/** Images of one call, as OpenAI has it. */
export const MOST_IMAGES = 10;
/** Reference pictures of one call: as many as any model takes. */
export const MOST_REFERENCES = 16;

const OWN = 'Of Imagemill; ';
const IGNORED = 'Taken and ignored; the header x-imagemill-ignored says so.';

const common = {
  model: z.string().max(100).nullish().openapi({
    description:
      'A model of `/models`, or `auto`. Absent: the newest of OpenAI that can be reached, or else `auto`.',
    example: 'gpt-image-2',
  }),
  prompt: z.string().min(1).max(32_000).openapi({ example: 'a lighthouse at dusk' }),
  n: z.int().min(1).max(MOST_IMAGES).nullish(),
  size: z
    .string()
    .regex(/^(?:auto|[1-9]\d{0,4}x[1-9]\d{0,4})$/, 'Write WIDTHxHEIGHT in pixels, or auto.')
    .nullish()
    .openapi({ example: '1024x1024' }),
  quality: z
    .enum(['auto', 'low', 'medium', 'high', 'standard', 'hd'])
    .nullish()
    .openapi({ description: '`auto` and `standard` are medium, `hd` is high.' }),
  background: z
    .enum(['auto', 'opaque', 'transparent'])
    .nullish()
    .openapi({ description: '`transparent` is refused: no model makes it here.' }),
  output_format: z
    .enum(['png', 'jpeg', 'webp', 'avif'])
    .nullish()
    .openapi({ description: 'Absent: as the model made it, PNG with those of OpenAI.' }),
  output_compression: z
    .int()
    .min(0)
    .max(100)
    .nullish()
    .openapi({ description: 'Quality of jpeg, webp and avif.' }),
  response_format: z
    .enum(['b64_json', 'url'])
    .nullish()
    .openapi({ description: '`url`: a signed link on this server that ends after an hour.' }),
  stream: z.boolean().nullish(),
  partial_images: z.int().min(0).max(3).nullish().openapi({ description: IGNORED }),
  moderation: z.enum(['auto', 'low']).nullish().openapi({ description: IGNORED }),
  user: z.string().max(500).nullish().openapi({ description: IGNORED }),
  safety_identifier: z.string().max(500).nullish().openapi({ description: IGNORED }),
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .nullish()
    .openapi({ description: `${OWN}for models that take seeds.` }),
  negative_prompt: z
    .string()
    .max(32_000)
    .nullish()
    .openapi({ description: `${OWN}what the picture must not show.` }),
  aspect_ratio: z
    .string()
    .max(20)
    .regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/, 'Write a ratio like 16:9.')
    .nullish()
    .openapi({ description: `${OWN}instead of a size.`, example: '16:9' }),
};

export const generateImageSchema = z.strictObject(common).openapi('OpenaiImageRequest');

const address = z
  .string()
  .min(1)
  .max(30_000_000)
  .openapi({ description: 'A data: URL, or a public http(s) address.' });

const reference = z.strictObject({
  image_url: address.nullish(),
  file_id: z.string().max(100).nullish(),
});

export const editImageSchema = z
  .strictObject({
    ...common,
    images: z.array(reference).min(1).max(MOST_REFERENCES).nullish(),
    image: z
      .union([address, z.array(address).min(1).max(MOST_REFERENCES)])
      .nullish()
      .openapi({ description: 'The same as images, as addresses alone.' }),
    input_fidelity: z.enum(['high', 'low']).nullish().openapi({ description: IGNORED }),
    mask: z
      .unknown()
      .optional()
      .openapi({ description: 'Refused: no model of this server takes one.' }),
  })
  .openapi('OpenaiImageEditRequest');

export type ImageBody = z.infer<typeof editImageSchema>;

/** What is not known is null: no vendor but OpenAI counts tokens. */
const tokens = z.int().nullable();

export const imageUsageSchema = z
  .object({
    input_tokens: tokens,
    output_tokens: tokens,
    total_tokens: tokens,
    input_tokens_details: z.object({ text_tokens: tokens, image_tokens: tokens }),
    credits: z.number().openapi({ description: 'What was charged.' }),
    usd: z.number().nullable().openapi({ description: 'What the vendor charges, where known.' }),
  })
  .openapi('OpenaiImageUsage');

export const imagesSchema = z
  .object({
    created: z.int().openapi({ description: 'Seconds since 1970.' }),
    data: z.array(z.object({ b64_json: z.string().optional(), url: z.string().optional() })),
    output_format: z.string(),
    quality: z.string(),
    size: z.string(),
    usage: imageUsageSchema,
  })
  .openapi('OpenaiImages');
export type ImagesAnswer = z.infer<typeof imagesSchema>;

export const openaiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
      run: z.string().optional().openapi({ description: 'The run that the call made.' }),
    }),
  })
  .openapi('OpenaiError');
export type OpenaiErrorBody = z.infer<typeof openaiErrorSchema>;

export const openaiModelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
  })
  .openapi('OpenaiModel');
