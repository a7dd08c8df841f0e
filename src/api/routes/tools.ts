/** Looks at single pictures: what a job's settings would make of one, and what a file says of itself. */
import { defineRoute, json } from '../define-route.ts';
import { FIGURES_HEADER } from '../figures-header.ts';
import { inspectionSchema } from '../schemas/inspection.ts';
import { itemParam } from '../schemas/items.ts';
import { newJobSchema } from '../schemas/job.ts';
import { z } from '../zod.ts';
import { binary } from './images.ts';

const sideSchema = z.object({
  width: z.int().nullable(),
  height: z.int().nullable(),
  bytes: z.int(),
  format: z.string().nullable(),
});

export const previewFiguresSchema = z
  .object({
    took_ms: z.int().openapi({ description: 'What the work on this one took.' }),
    at_once: z.int().openapi({ description: 'Pictures that a job works on at a time.' }),
    before: sideSchema,
    files: z.array(sideSchema.extend({ output: z.string().nullable() })).openapi({
      description: "All files that the job would make of it, in the recipe's order.",
    }),
  })
  .openapi('PreviewFigures');
export type PreviewFigures = z.output<typeof previewFiguresSchema>;

export const createPreviewRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/previews',
    tags: ['tools'],
    operationId: 'createPreview',
    summary: 'What a job would make of one picture',
    description:
      'Takes what `POST /v1/jobs` takes, with one picture: a single one in `items` of a `run`, or a single file in the form. The job itself works in the same way. Nothing is kept, and nothing is spent. A workspace has one try at a time; what takes longer than a minute is not waited for.',
    request: {
      query: z.object({
        output: z.string().max(60).optional().openapi({
          description: "The recipe's name of the file that is answered; absent: the first one.",
        }),
      }),
      body: {
        required: false,
        content: {
          ...json(newJobSchema, '').content,
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['job', 'picture'],
              properties: {
                job: { type: 'string', description: 'What to do, as JSON.' },
                picture: { type: 'string', format: 'binary' },
              },
            },
          },
        },
      },
    },
    responses: {
      200: {
        ...binary('The finished file.', 'image/png', 'image/jpeg', 'image/webp', 'image/avif'),
        headers: {
          [FIGURES_HEADER]: {
            description: 'Sizes before and after, and the time: `PreviewFigures` as JSON.',
            schema: { type: 'string' },
          },
        },
      },
    },
  },
);

export const createInspectionRoute = defineRoute(
  'runs:read',
  ['malformed-request', 'invalid', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/inspections',
    tags: ['tools'],
    operationId: 'createInspection',
    summary: 'All that a picture says of itself',
    description:
      'Format, size, marks of origin, XMP, IPTC, EXIF, texts of generators, content credentials with their state. Nobody is asked over the network, and nothing is kept.',
    request: {
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['picture'],
              properties: { picture: { type: 'string', format: 'binary' } },
            },
          },
        },
      },
    },
    responses: { 200: json(inspectionSchema, 'What it says.') },
  },
);

export const getItemInspectionRoute = defineRoute('runs:read', ['not-found', 'gone'], {
  method: 'get',
  path: '/v1/runs/{run}/items/{item}/inspection',
  tags: ['tools'],
  operationId: 'getItemInspection',
  summary: 'All that the picture of an item says of itself',
  request: {
    params: itemParam,
    query: z.object({
      output: z.string().min(1).max(60).optional().openapi({
        description:
          "Absent: as the model made it. `main`: the item's delivered file; else an output's name in the recipe.",
      }),
    }),
  },
  responses: { 200: json(inspectionSchema, 'What it says.') },
});
