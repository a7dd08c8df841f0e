/** Jobs of the tools as they travel; `json/job-json.ts` makes them. */
import { JOB_FILE_STATES } from '../../engine/core/job.ts';
import { FILE_FORMATS } from '../../engine/core/quality.ts';
import {
  CROP_POSITIONS,
  DEFAULT_UPSCALE_METHOD,
  RESIZE_FITS,
  UPSCALE_METHODS,
} from '../../engine/core/recipe.ts';
import { REVIEW_FILTERS } from '../../engine/core/review.ts';
import { z } from '../zod.ts';
import { uploadIdSchema } from './uploads.ts';

/** Items that are named one by one. */
export const MOST_CHOSEN = 5_000;

/** One word of a recipe: nothing that could be taken for another step. */
const word = z.string().regex(/^[\w:#.]+$/, 'Write one word, like 512x512');

const encodeShape = {
  format: z.enum(FILE_FORMATS).optional().openapi({
    description: 'Of the new files; absent: as their source.',
  }),
  quality: z.int().min(1).max(100).optional(),
  max_bytes: z.int().min(100).optional().openapi({
    description: 'The best quality that stays within it.',
  }),
  lossless: z.literal(true).optional().openapi({ description: 'Of webp and avif.' }),
};

const marksShape = {
  marks: z.enum(['all', 'no-prompt', 'none']).default('all').openapi({
    description: 'What the new files say of how they were made.',
  }),
};

const sourceShape = {
  run: z.string().max(64).optional().openapi({
    description:
      'The run whose delivered images are worked on. Absent: the pictures of the form or of `uploads`.',
  }),
  uploads: z.array(uploadIdSchema).min(1).max(1_000).optional().openapi({
    description: 'Pictures that were uploaded piece by piece, with the purpose `pictures`.',
  }),
  items: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(MOST_CHOSEN)
    .optional()
    .openapi({ description: 'Of the run these items only, by their ids.' }),
  review: z.enum(REVIEW_FILTERS).optional().openapi({
    description: 'Of the run only what was said so of, as it stands when the job is ordered.',
  }),
};

const nameShape = {
  name: z.string().max(200).optional().openapi({
    description: 'Names of the new files.',
    example: '{folder}/{stem}{-output}.{ext}',
  }),
};

const sizeText = z.string().max(20).openapi({ example: '2048x2048' });

export const upscaleJobSchema = z.strictObject({
  kind: z.literal('upscale'),
  ...sourceShape,
  factor: z.union([z.literal(2), z.literal(3), z.literal(4)]).default(2),
  method: z.enum(UPSCALE_METHODS).default(DEFAULT_UPSCALE_METHOD).openapi({
    description: '`learned`: a small trained network; `lanczos`: the classical kernel.',
  }),
  ...encodeShape,
  ...marksShape,
  ...nameShape,
});

export const convertJobSchema = z.strictObject({
  kind: z.literal('convert'),
  ...sourceShape,
  crop: word.max(20).optional().openapi({ example: '16:9' }),
  sizes: z
    .array(
      z.strictObject({
        name: z.string().max(40).optional().openapi({
          description: 'Goes into the names of the files; needed with several sizes.',
        }),
        size: word.max(20).openapi({
          description: '`512x512`; `512x` or `x512`: the other side follows.',
        }),
      }),
    )
    .max(20)
    .default([]),
  fit: z.enum(RESIZE_FITS).optional(),
  position: z.enum(CROP_POSITIONS).optional(),
  background: z
    .string()
    .regex(/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i, 'Write a colour like #ffffff')
    .optional(),
  ...encodeShape,
  ...marksShape,
  ...nameShape,
});

export const finishJobSchema = z.strictObject({
  kind: z.literal('finish'),
  ...sourceShape,
  recipe: z.string().min(1).max(2_000).openapi({
    example: 'upscale 2x; webp 82 | thumb: resize 256x256; webp 70',
  }),
  ...marksShape,
  ...nameShape,
});

export const markJobSchema = z.strictObject({
  kind: z.literal('mark'),
  ...sourceShape,
  source_type: z.string().max(100).optional().openapi({
    description: "The IPTC's digital source type; needed for uploaded pictures.",
    example: 'trainedAlgorithmicMedia',
  }),
  model: z.string().max(200).optional(),
  vendor: z.string().max(200).optional(),
  prompt: z.string().max(32_000).optional(),
  negative_prompt: z.string().max(32_000).optional(),
  seed: z.int().min(0).optional(),
  created_at: z.iso.datetime({ offset: true }).optional(),
  without_prompt: z.literal(true).optional().openapi({
    description: 'Leaves prompts out, also those that are known.',
  }),
  ...nameShape,
});

export const checkJobSchema = z.strictObject({
  kind: z.literal('check'),
  ...sourceShape,
  size: sizeText.optional().openapi({ description: 'The size that all pictures should have.' }),
  screen: z.literal(true).optional().openapi({
    description: 'Flags pictures for review by a trained model, where it is installed.',
  }),
});

export const newJobSchema = z
  .discriminatedUnion('kind', [
    upscaleJobSchema,
    convertJobSchema,
    finishJobSchema,
    markJobSchema,
    checkJobSchema,
  ])
  .openapi('NewJob');

export const JOB_KINDS = ['upscale', 'convert', 'finish', 'mark', 'check'] as const;

const findingSchema = z
  .looseObject({ kind: z.string(), text: z.string().openapi({ description: 'In words.' }) })
  .openapi('Finding');

export const jobSchema = z
  .object({
    job: z.string().openapi({ example: 'jk7m2p9qx4ab' }),
    kind: z.enum(JOB_KINDS),
    state: z.enum(['waiting', 'working', 'done', 'failed', 'cancelled']),
    run: z.string().nullable().openapi({ description: 'Null: uploaded pictures.' }),
    items: z.int().nullable().openapi({
      description: 'How many items of the run were chosen; null: all that were delivered.',
    }),
    request: z.record(z.string(), z.unknown()).openapi({
      description: 'As it was asked for, but for the ids of items: its files tell them.',
    }),
    problem: z.string().nullable().openapi({ description: 'Why it failed.' }),
    pictures: z.object({
      done: z.int(),
      failed: z.int(),
      waiting: z.int(),
      gone: z.int(),
    }),
    progress: z.number().openapi({ description: 'From 0 to 1, of the pictures known so far.' }),
    bytes: z.object({
      before: z.int().openapi({ description: 'Of the pictures that are done.' }),
      after: z.int().openapi({ description: 'Of what was made of them.' }),
    }),
    check: z
      .object({
        pictures: z.int(),
        failed: z.int(),
        flagged: z.int(),
        screened: z.boolean(),
        counts: z.record(z.string(), z.int()).openapi({ description: 'By kind of finding.' }),
      })
      .nullable()
      .openapi({ description: 'Of a check that is done.' }),
    created_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .openapi('Job');

export const jobFileSchema = z
  .object({
    number: z.int().openapi({ description: 'Its place in the order of the work, from 1.' }),
    source: z.string().openapi({ description: 'The picture, as it was named.' }),
    item: z.string().nullable().openapi({ description: 'Of a run: which of its items it is.' }),
    state: z.enum(JOB_FILE_STATES),
    reason: z.string().nullable().openapi({ description: 'Why it failed.' }),
    bytes: z.int(),
    thumbnail: z.string().openapi({ description: 'Where the picture is, small.' }),
    outputs: z.array(
      z.object({
        file: z.string(),
        output: z.string().nullable().openapi({ description: "The recipe's name of it." }),
        width: z.int(),
        height: z.int(),
        bytes: z.int(),
        sha256: z.string(),
        url: z.string().openapi({ description: 'Where its bytes are.' }),
        thumbnail: z.string().openapi({ description: 'Where it is, small.' }),
      }),
    ),
  })
  .openapi('JobFile');

export const jobFindingSchema = z
  .object({
    file: z.string(),
    number: z.int().nullable().openapi({
      description: "Of the job's files; null: the file is missing.",
    }),
    row: z.int().nullable(),
    index: z.int().nullable(),
    item: z.string().nullable(),
    thumbnail: z.string().nullable().openapi({ description: 'Where the picture is, small.' }),
    findings: z.array(findingSchema),
  })
  .openapi('JobFinding');
