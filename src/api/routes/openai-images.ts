import { json } from '../define-route.ts';
import {
  editImageSchema,
  generateImageSchema,
  imagesSchema,
  MOST_IMAGES,
  MOST_REFERENCES,
} from '../schemas/openai-image.ts';
import { z } from '../zod.ts';
import { defineOpenaiRoute } from './openai-route.ts';

const eventStream = { 'text/event-stream': { schema: z.string() } };
const images = json(imagesSchema, 'The images, or events with `stream`.');

/** A call that waited too long is a 504. */
const WAITING = [409, 504];

export const generateImagesRoute = defineOpenaiRoute('runs:write', WAITING, {
  method: 'post',
  path: '/openai/v1/images/generations',
  operationId: 'generateOpenaiImages',
  summary: 'Make images, and wait for them',
  request: { body: { required: true, ...json(generateImageSchema, 'What to make.') } },
  responses: { 200: { ...images, content: { ...images.content, ...eventStream } } },
});

/** A form is read as a stream, so that it is described here and checked where it is read. */
const editForm = {
  type: 'object' as const,
  required: ['prompt', 'image'],
  properties: {
    prompt: { type: 'string' as const, maxLength: 32_000 },
    image: {
      type: 'array' as const,
      items: { type: 'string' as const, format: 'binary' },
      maxItems: MOST_REFERENCES,
    },
    model: { type: 'string' as const, maxLength: 100 },
    n: { type: 'integer' as const, minimum: 1, maximum: MOST_IMAGES },
    size: { type: 'string' as const },
    quality: { type: 'string' as const },
    output_format: { type: 'string' as const },
    response_format: { type: 'string' as const },
  },
};

export const editImagesRoute = defineOpenaiRoute('runs:write', WAITING, {
  method: 'post',
  path: '/openai/v1/images/edits',
  operationId: 'editOpenaiImages',
  summary: 'Make images from reference pictures, and wait for them',
  request: {
    body: {
      required: false,
      description: 'What to make, as JSON or as a form.',
      content: {
        'application/json': { schema: editImageSchema },
        'multipart/form-data': { schema: editForm },
      },
    },
  },
  responses: { 200: { ...images, content: { ...images.content, ...eventStream } } },
});

export const getOpenaiImageRoute = defineOpenaiRoute('public', [], {
  method: 'get',
  path: '/openai/images/{link}',
  operationId: 'getOpenaiImage',
  summary: 'An image by its signed link',
  request: { params: z.object({ link: z.string().max(500) }) },
  responses: {
    200: {
      description: 'The image.',
      content: { 'image/*': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
});
