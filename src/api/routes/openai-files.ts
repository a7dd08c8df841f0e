import { json } from '../define-route.ts';
import {
  deletedSchema,
  FILE_PURPOSES,
  fileQuerySchema,
  listQuerySchema,
  newBatchSchema,
  openaiBatchSchema,
  openaiFileSchema,
  openaiListOf,
} from '../schemas/openai-file.ts';
import { z } from '../zod.ts';
import { defineOpenaiRoute } from './openai-route.ts';

const fileParam = { params: z.object({ file: z.string().max(100) }) };
const batchParam = { params: z.object({ batch: z.string().max(100) }) };

export const uploadFileRoute = defineOpenaiRoute('runs:write', [], {
  method: 'post',
  path: '/openai/v1/files',
  operationId: 'uploadOpenaiFile',
  summary: 'Upload a file',
  request: {
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file', 'purpose'],
            properties: {
              file: { type: 'string', format: 'binary' },
              purpose: { type: 'string', enum: [...FILE_PURPOSES] },
            },
          },
        },
      },
    },
  },
  responses: { 200: json(openaiFileSchema, 'The file.') },
});

export const listFilesRoute = defineOpenaiRoute('runs:read', [], {
  method: 'get',
  path: '/openai/v1/files',
  operationId: 'listOpenaiFiles',
  summary: 'Files',
  request: { query: fileQuerySchema },
  responses: { 200: json(openaiListOf(openaiFileSchema), 'A page.') },
});

export const getFileRoute = defineOpenaiRoute('runs:read', [], {
  method: 'get',
  path: '/openai/v1/files/{file}',
  operationId: 'getOpenaiFile',
  summary: 'A file',
  request: fileParam,
  responses: { 200: json(openaiFileSchema, 'The file.') },
});

export const getFileContentRoute = defineOpenaiRoute('runs:read', [], {
  method: 'get',
  path: '/openai/v1/files/{file}/content',
  operationId: 'getOpenaiFileContent',
  summary: 'What is in a file',
  request: fileParam,
  responses: {
    200: {
      description: 'The bytes.',
      content: { 'application/octet-stream': { schema: z.string() } },
    },
  },
});

export const deleteFileRoute = defineOpenaiRoute('runs:write', [], {
  method: 'delete',
  path: '/openai/v1/files/{file}',
  operationId: 'deleteOpenaiFile',
  summary: 'Delete a file',
  request: fileParam,
  responses: { 200: json(deletedSchema, 'It is gone.') },
});

export const createBatchRoute = defineOpenaiRoute('runs:write', [409], {
  method: 'post',
  path: '/openai/v1/batches',
  operationId: 'createOpenaiBatch',
  summary: 'Make a batch of a file of requests',
  request: { body: { required: true, ...json(newBatchSchema, 'The file and its endpoint.') } },
  responses: { 200: json(openaiBatchSchema, 'The batch; its file is being checked.') },
});

export const listBatchesRoute = defineOpenaiRoute('runs:read', [], {
  method: 'get',
  path: '/openai/v1/batches',
  operationId: 'listOpenaiBatches',
  summary: 'Batches, newest first',
  request: { query: listQuerySchema },
  responses: { 200: json(openaiListOf(openaiBatchSchema), 'A page.') },
});

export const getBatchRoute = defineOpenaiRoute('runs:read', [], {
  method: 'get',
  path: '/openai/v1/batches/{batch}',
  operationId: 'getOpenaiBatch',
  summary: 'How a batch stands',
  request: batchParam,
  responses: { 200: json(openaiBatchSchema, 'The batch.') },
});

export const cancelBatchRoute = defineOpenaiRoute('runs:write', [409], {
  method: 'post',
  path: '/openai/v1/batches/{batch}/cancel',
  operationId: 'cancelOpenaiBatch',
  summary: 'Stop a batch; what is made is kept',
  request: batchParam,
  responses: { 200: json(openaiBatchSchema, 'The batch.') },
});
