/** Files and batches as OpenAI's clients send and read them: https://platform.openai.com/docs/api-reference/batch */
import { z } from '../zod.ts';

export const FILE_PURPOSES = ['batch', 'vision', 'user_data'] as const;

/** OpenAI's own bounds. */
export const MOST_BATCH_LINES = 50_000;
export const BATCH_ENDPOINTS = ['/v1/images/generations', '/v1/images/edits'] as const;

const seconds = z.int().openapi({ description: 'Seconds since 1970.' });

export const expiresAfterSchema = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.int().min(3_600).max(2_592_000),
});

export const openaiFileSchema = z
  .object({
    id: z.string().openapi({ example: 'file-7kq2m9' }),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: seconds,
    expires_at: seconds.optional(),
    filename: z.string(),
    purpose: z.string(),
    status: z.literal('processed'),
  })
  .openapi('OpenaiFile');

const after = z
  .string()
  .max(100)
  .optional()
  .openapi({ description: 'Id of the last entry of the page before.' });
const MOST = { description: 'Most entries of the page.' };

export const listQuerySchema = z.object({
  after,
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi(MOST),
});

export const fileQuerySchema = z.object({
  after,
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000).openapi(MOST),
  order: z
    .enum(['asc', 'desc'])
    .default('desc')
    .openapi({ description: 'By the time at which they were made.' }),
  purpose: z.string().max(40).optional().openapi({ description: 'Only files for this.' }),
});

export const deletedSchema = z
  .object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) })
  .openapi('OpenaiDeletedFile');

export const newBatchSchema = z
  .strictObject({
    input_file_id: z.string().max(100),
    endpoint: z.enum(BATCH_ENDPOINTS),
    completion_window: z
      .string()
      .regex(/^(?:[1-9]\d?h|[1-7]d)$/, 'Write hours or days: 24h, 2d (1h to 99h, 1d to 7d).')
      .openapi({
        description:
          'Until when it has to be done. Half-price lanes are used as far as the time allows.',
        example: '24h',
      }),
    metadata: z
      .record(z.string().max(64), z.string().max(512))
      .refine((all) => Object.keys(all).length <= 16, 'At most 16 entries.')
      .nullish(),
    output_expires_after: expiresAfterSchema.nullish(),
  })
  .openapi('NewOpenaiBatch');

const time = seconds.nullable();

export const openaiBatchSchema = z
  .object({
    id: z.string().openapi({ example: 'batch_7kq2m9' }),
    object: z.literal('batch'),
    endpoint: z.string(),
    errors: z
      .object({
        object: z.literal('list'),
        data: z.array(
          z.object({
            code: z.string(),
            message: z.string(),
            param: z.string().nullable(),
            line: z.int().nullable(),
          }),
        ),
      })
      .nullable(),
    input_file_id: z.string(),
    completion_window: z.string(),
    status: z.enum([
      'validating',
      'failed',
      'in_progress',
      'finalizing',
      'completed',
      'expired',
      'cancelling',
      'cancelled',
    ]),
    output_file_id: z.string().nullable(),
    error_file_id: z.string().nullable(),
    created_at: seconds,
    in_progress_at: time,
    expires_at: time,
    finalizing_at: time,
    completed_at: time,
    failed_at: time,
    expired_at: time,
    cancelling_at: time,
    cancelled_at: time,
    request_counts: z.object({ total: z.int(), completed: z.int(), failed: z.int() }),
    metadata: z.record(z.string(), z.string()).nullable(),
    run: z.string().openapi({ description: 'The run that it is, once it is in progress.' }),
  })
  .openapi('OpenaiBatch');

export function openaiListOf<Entry extends z.ZodType>(entry: Entry) {
  return z.object({
    object: z.literal('list'),
    data: z.array(entry),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
}
