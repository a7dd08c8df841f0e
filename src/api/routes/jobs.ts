/** Jobs: the tools, worked on in the background. */
import { JOB_FILE_STATES } from '../../engine/core/job.ts';
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import { jobFileSchema, jobFindingSchema, jobSchema, newJobSchema } from '../schemas/job.ts';
import { z } from '../zod.ts';

const jobParam = z.object({ job: z.string().max(64) });

const bytesAnswer = (description: string, mediaType: string) => ({
  description,
  content: { [mediaType]: { schema: { type: 'string' as const, format: 'binary' as const } } },
});

export const createJobRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/jobs',
    tags: ['jobs'],
    operationId: 'createJob',
    summary: 'Upscale, convert, finish, mark or check pictures',
    description:
      'On a run of the workspace: JSON with `run`. On pictures of your own: JSON with `uploads`, or a form with `job` (the same JSON, without `run`) and the pictures as files. It is worked on in the background, without any vendor, for nothing.',
    request: {
      body: {
        required: false,
        content: {
          ...json(newJobSchema, '').content,
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['job', 'pictures'],
              properties: {
                job: { type: 'string', description: 'What to do, as JSON.' },
                pictures: { type: 'array', items: { type: 'string', format: 'binary' } },
              },
            },
          },
        },
      },
    },
    responses: { 201: json(jobSchema, 'The job; it waits for its turn, or is worked on.') },
  },
);

export const listJobsRoute = defineRoute('runs:read', [], {
  method: 'get',
  path: '/v1/jobs',
  tags: ['jobs'],
  operationId: 'listJobs',
  summary: 'Jobs of the workspace',
  request: {
    query: pageQuery.extend({
      open: z.enum(['true', 'false']).optional().openapi({
        description: '`true`: those that wait or are worked on; `false`: those that have ended.',
      }),
    }),
  },
  responses: { 200: json(pageOf(jobSchema), 'The newest first.') },
});

export const getJobRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/jobs/{job}',
  tags: ['jobs'],
  operationId: 'getJob',
  summary: 'How a job stands',
  request: { params: jobParam },
  responses: { 200: json(jobSchema, 'The job.') },
});

export const cancelJobRoute = defineRoute('runs:write', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/jobs/{job}/cancel',
  tags: ['jobs'],
  operationId: 'cancelJob',
  summary: 'End a job early; what is made stays',
  request: { params: jobParam },
  responses: { 200: json(jobSchema, 'The job.') },
});

export const listJobFilesRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/jobs/{job}/files',
  tags: ['jobs'],
  operationId: 'listJobFiles',
  summary: 'Pictures of a job, and what was made of each',
  request: {
    params: jobParam,
    query: pageQuery.extend({
      state: z
        .enum(JOB_FILE_STATES)
        .optional()
        .openapi({ description: 'Only pictures that stand so.' }),
    }),
  },
  responses: { 200: json(pageOf(jobFileSchema), 'In the order of the work.') },
});

export const getJobFileRoute = defineRoute('runs:read', ['not-found', 'range-not-satisfiable'], {
  method: 'get',
  path: '/v1/jobs/{job}/files/{number}/content',
  tags: ['jobs'],
  operationId: 'getJobFile',
  summary: 'A file that a job made',
  request: {
    params: jobParam.extend({ number: z.coerce.number().int().min(1).max(1e9) }),
    query: z.object({
      output: z.string().max(200).optional().openapi({
        description: "The recipe's name of the file; absent: the first one.",
      }),
    }),
  },
  responses: {
    200: bytesAnswer('The file.', 'image/*'),
    206: bytesAnswer('The part of it that was asked for.', 'image/*'),
    304: { description: 'It has not changed.' },
  },
});

export const getJobThumbnailRoute = defineRoute('runs:read', ['not-found', 'gone'], {
  method: 'get',
  path: '/v1/jobs/{job}/files/{number}/thumbnail',
  tags: ['jobs'],
  operationId: 'getJobThumbnail',
  summary: 'A picture of a job, or what was made of it, small',
  request: {
    params: jobParam.extend({ number: z.coerce.number().int().min(1).max(1e9) }),
    query: z.object({
      of: z.enum(['source', 'result']).default('result').openapi({
        description: '`source`: the picture as it came; `result`: what the job made of it.',
      }),
      output: z.string().max(200).optional().openapi({
        description: "The recipe's name of the file; absent: the first one.",
      }),
      width: z.coerce.number().int().min(16).max(1_280).default(360).openapi({
        description: 'Pixels of the longest side: the next size that is made is given.',
      }),
    }),
  },
  responses: {
    200: bytesAnswer('A WebP.', 'image/webp'),
    304: { description: 'It has not changed.' },
  },
});

export const getJobZipRoute = defineRoute('runs:read', ['not-found', 'conflict'], {
  method: 'get',
  path: '/v1/jobs/{job}/zip',
  tags: ['jobs'],
  operationId: 'getJobZip',
  summary: 'All files of a job as a ZIP archive',
  request: { params: jobParam },
  responses: { 200: bytesAnswer('The archive, as a stream.', 'application/zip') },
});

export const listJobFindingsRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/jobs/{job}/findings',
  tags: ['jobs'],
  operationId: 'listJobFindings',
  summary: 'What a check found, the worst first',
  request: { params: jobParam, query: pageQuery },
  responses: { 200: json(pageOf(jobFindingSchema), 'Pictures of which something was found.') },
});
