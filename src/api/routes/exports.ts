/** Everything of a run in one archive or data set, made in the background. */
import { defineRoute, json } from '../define-route.ts';
import { FILE_FORMATS } from '../../engine/core/quality.ts';
import { pageOf } from '../page.ts';
import { recipeSchema } from '../schemas/run-settings.ts';
import { binary } from './images.ts';
import { runParam } from './runs.ts';
import { z } from '../zod.ts';

export const EXPORT_STATES = ['working', 'done', 'failed'] as const;

export const exportSchema = z
  .object({
    export: z.string(),
    run: z.string(),
    as: z.enum(['zip', 'webdataset']),
    state: z.enum(EXPORT_STATES),
    problem: z.string().nullable(),
    images: z.int().openapi({ description: 'Images written so far.' }),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), url: z.string() })),
    created_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .openapi('Export');

const newExportSchema = z
  .strictObject({
    as: z.enum(['zip', 'webdataset']).default('zip'),
    finish: recipeSchema.optional(),
    format: z.enum(FILE_FORMATS).optional(),
    marks: z.enum(['no-prompt', 'none']).optional(),
    name_template: z.string().min(1).max(300).optional(),
  })
  .openapi('NewExport');

const exportParam = runParam.extend({
  export: z.string().regex(/^exp_[a-z0-9]{12}$/, 'An export is called exp_ and 12 characters.'),
});

export const createExportRoute = defineRoute(
  'runs:read',
  ['not-found', 'conflict', 'invalid', 'malformed-request', 'unsupported-media-type', 'too-large'],
  {
    method: 'post',
    path: '/v1/runs/{run}/exports',
    tags: ['results'],
    operationId: 'createExport',
    summary: 'Pack everything of a run',
    description:
      'From what is stored, for nothing, with the images finished otherwise if that is said. It is kept for a day.',
    request: {
      params: runParam,
      body: { required: true, ...json(newExportSchema, 'What to make.') },
    },
    responses: { 202: json(exportSchema, 'The export; it is being made.') },
  },
);

export const listExportsRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/exports',
  tags: ['results'],
  operationId: 'listExports',
  summary: 'Exports of a run, newest first',
  request: { params: runParam },
  responses: { 200: json(pageOf(exportSchema), 'All of them.') },
});

export const getExportRoute = defineRoute('runs:read', ['not-found', 'invalid'], {
  method: 'get',
  path: '/v1/runs/{run}/exports/{export}',
  tags: ['results'],
  operationId: 'getExport',
  summary: 'How an export stands',
  request: { params: exportParam },
  responses: { 200: json(exportSchema, 'The export.') },
});

export const exportFileRoute = defineRoute(
  'runs:read',
  ['not-found', 'invalid', 'range-not-satisfiable'],
  {
    method: 'get',
    path: '/v1/runs/{run}/exports/{export}/files/{file}',
    tags: ['results'],
    operationId: 'getExportFile',
    summary: 'A file of an export',
    request: { params: exportParam.extend({ file: z.string().min(1).max(255) }) },
    responses: {
      200: binary('The file.', 'application/octet-stream'),
      206: binary('A part of it.', 'application/octet-stream'),
      304: { description: 'What the client has is still right.' },
    },
  },
);
