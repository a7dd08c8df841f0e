/**
 * The simulator's answers against OpenAI's own description: github.com/openai/openai-openapi,
 * `openapi.json` at commit db3e53198a66732cfe161339ea63bf36fc0137ad (schemas Batch, BatchError,
 * BatchRequestCounts, OpenAIFile, DeleteFileResponse, ListBatchesResponse, ListFilesResponse,
 * ImagesResponse, Image, ErrorResponse, Error). `output_tokens_details` and free sizes are from the
 * types of the official client 7.57.0. Lines of results (`BatchRequestOutput`) were in the description
 * until 2025; their errors are as reported in its own tracker (302). `moderation_details` is not described;
 * it stands in refusals that several clients recorded (openai/codex 38582 quotes its stage and kind).
 *
 * Fields that are not described fail. A described field may be `null` where the description says so by
 * `anyOf`, or its own example does although the type is not nullable (`expires_at`, a batch's moments).
 */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { createOpenaiSimulator } from './openai-simulator.ts';

const unixTime = z.int().positive();
const count = z.int().min(0);

const ErrorResponse = z.strictObject({
  error: z.strictObject({
    type: z.string(),
    message: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
    moderation_details: z
      .strictObject({ moderation_stage: z.string(), categories: z.array(z.string()) })
      .optional(),
  }),
});

const tokens = z.strictObject({ text_tokens: count, image_tokens: count });

const ImagesResponse = z.strictObject({
  created: unixTime,
  data: z.array(z.strictObject({ b64_json: z.base64() })),
  background: z.enum(['transparent', 'opaque']),
  output_format: z.enum(['png', 'webp', 'jpeg']),
  size: z.string().regex(/^\d+x\d+$/),
  quality: z.enum(['low', 'medium', 'high']),
  usage: z.strictObject({
    total_tokens: count,
    input_tokens: count,
    output_tokens: count,
    input_tokens_details: tokens,
    output_tokens_details: tokens.optional(),
  }),
});

const OpenAIFile = z.strictObject({
  id: z.string(),
  object: z.literal('file'),
  bytes: count,
  created_at: unixTime,
  expires_at: unixTime.nullish(),
  filename: z.string(),
  purpose: z.enum([
    'assistants',
    'assistants_output',
    'batch',
    'batch_output',
    'fine-tune',
    'fine-tune-results',
    'vision',
    'user_data',
  ]),
  status: z.enum(['uploaded', 'processed', 'error']),
  status_details: z.string().nullish(),
});

const DeleteFileResponse = z.strictObject({
  id: z.string(),
  object: z.literal('file'),
  deleted: z.boolean(),
});

const BatchError = z.strictObject({
  code: z.string(),
  message: z.string(),
  param: z.string().nullable(),
  line: z.int().nullable(),
});

const Batch = z.strictObject({
  id: z.string(),
  object: z.literal('batch'),
  endpoint: z.string(),
  model: z.string().nullish(),
  errors: z.strictObject({ object: z.string(), data: z.array(BatchError) }).nullish(),
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
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
  created_at: unixTime,
  in_progress_at: unixTime.nullish(),
  expires_at: unixTime.nullish(),
  finalizing_at: unixTime.nullish(),
  completed_at: unixTime.nullish(),
  failed_at: unixTime.nullish(),
  expired_at: unixTime.nullish(),
  cancelling_at: unixTime.nullish(),
  cancelled_at: unixTime.nullish(),
  request_counts: z.strictObject({ total: count, completed: count, failed: count }),
  usage: z
    .strictObject({
      input_tokens: count,
      input_tokens_details: z.strictObject({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.strictObject({ reasoning_tokens: count }),
      total_tokens: count,
    })
    .nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});

function listOf(schema: z.ZodType) {
  return z.strictObject({
    object: z.literal('list'),
    data: z.array(schema),
    first_id: z.string(),
    last_id: z.string(),
    has_more: z.boolean(),
  });
}

const BatchRequestOutput = z.strictObject({
  id: z.string(),
  custom_id: z.string(),
  response: z
    .strictObject({
      status_code: z.int(),
      request_id: z.string(),
      body: z.union([ImagesResponse, ErrorResponse]),
    })
    .nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

const ORDER = { model: 'gpt-image-2', prompt: 'a fox', size: '1024x1024', quality: 'low' };

function createWorld(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createOpenaiSimulator({ clock, ...options });
  const ask = async (method: string, path: string, body?: object) => {
    const isForm = body instanceof FormData;
    const request = new Request(`http://openai.simulated/v1${path}`, {
      method,
      headers: {
        authorization: 'Bearer sk-test',
        ...(isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    return (await simulator.fetch(request)).json();
  };
  const upload = async (purpose: string, name: string, text: string) => {
    const form = new FormData();
    form.set('purpose', purpose);
    form.set('file', new File([text], name));
    return OpenAIFile.parse(await ask('POST', '/files', form));
  };
  const begin = async (...lines: readonly string[]) => {
    const { id } = await upload('batch', 'input.jsonl', lines.join('\n'));
    const endpoint = '/v1/images/generations';
    const body = { input_file_id: id, endpoint, completion_window: '24h', metadata: { a: 'b' } };
    return Batch.parse(await ask('POST', '/batches', body));
  };
  const readFile = async (id: string) => {
    const headers = { authorization: 'Bearer sk-test' };
    const url = `http://openai.simulated/v1/files/${id}/content`;
    const text = await (await simulator.fetch(new Request(url, { headers }))).text();
    return text.trim().split('\n');
  };
  return { clock, ask, upload, begin, readFile };
}

function line(customId: string, given: object = {}): string {
  const body = { ...ORDER, prompt: `prompt of ${customId}`, ...given };
  return JSON.stringify({
    custom_id: customId,
    method: 'POST',
    url: '/v1/images/generations',
    body,
  });
}

describe('as its OpenAPI file has it', () => {
  test.each([
    ['a generation', '/images/generations', {}],
    ['a generation of another size', '/images/generations', { size: '2048x1024', n: 2 }],
    ['a transparent one', '/images/generations', { background: 'transparent' }],
    ['an edit', '/images/edits', { images: [{ image_url: 'https://pictures.example/a.png' }] }],
  ])('is the answer to %s', async (_what, path, given) => {
    const { ask } = createWorld();
    ImagesResponse.parse(await ask('POST', path, { ...ORDER, ...given }));
  });

  test.each([
    ['an invalid size', {}, 'POST', '/images/generations', { ...ORDER, size: '10x10' }],
    ['moderation', { refusals: { share: 1 } }, 'POST', '/images/generations', ORDER],
    ['a wrong key', { apiKey: 'another' }, 'GET', '/models', undefined],
    ['a full window', { faults: { status429: 1 } }, 'POST', '/images/generations', ORDER],
    ['an overload', { faults: { status503: 1 } }, 'POST', '/images/generations', ORDER],
    ['a file that is not there', {}, 'GET', '/files/file-x', undefined],
    ['a batch that is not there', {}, 'GET', '/batches/batch_x', undefined],
    ['a batch of nothing', {}, 'POST', '/batches', {}],
    ['a path that is not there', {}, 'GET', '/nothing', undefined],
  ] as const)('is the error of %s', async (_what, options, method, path, body) => {
    const { ask } = createWorld(options);
    ErrorResponse.parse(await ask(method, path, body));
  });

  test('are files, their list and their end', async () => {
    const { ask, upload } = createWorld();
    const { id } = await upload('vision', 'a.png', 'x');
    await upload('batch', 'b.jsonl', line('a'));
    OpenAIFile.parse(await ask('GET', `/files/${id}`));
    expect(listOf(OpenAIFile).parse(await ask('GET', '/files')).data).toHaveLength(2);
    DeleteFileResponse.parse(await ask('DELETE', `/files/${id}`));
  });

  test('are a batch at every moment, its list and its results', async () => {
    const { clock, ask, begin, readFile } = createWorld({ refusals: { pattern: 'of b' } });
    const { id } = await begin(line('a'), line('b'), line('c', { size: '1x1' }));
    const seen = new Set<string>();
    for (let waitedMs = 0; waitedMs <= 60_000; waitedMs += 1_000) {
      seen.add(Batch.parse(await ask('GET', `/batches/${id}`)).status);
      await clock.advance(1_000);
    }
    expect([...seen]).toEqual(['validating', 'in_progress', 'finalizing', 'completed']);
    expect(listOf(Batch).parse(await ask('GET', '/batches')).data).toHaveLength(1);
    const ended = Batch.parse(await ask('GET', `/batches/${id}`));
    const output = await readFile(ended.output_file_id!);
    const errors = await readFile(ended.error_file_id!);
    expect([output.length, errors.length]).toEqual([1, 2]);
    for (const text of [...output, ...errors]) BatchRequestOutput.parse(JSON.parse(text));
    const outputs = OpenAIFile.parse(await ask('GET', `/files/${ended.output_file_id}`));
    expect(outputs.purpose).toBe('batch_output');
  });

  test.each([
    ['failed', {}, ['not JSON']],
    ['expired', { durationMs: 200_000, expireAfterMs: 100_000 }, [line('a'), line('b')]],
  ])('is a batch that is %s', async (status, batch, lines) => {
    const { clock, ask, begin, readFile } = createWorld({ batch });
    const { id } = await begin(...lines);
    await clock.advance(200_000);
    const ended = Batch.parse(await ask('GET', `/batches/${id}`));
    expect(ended.status).toBe(status);
    for (const fileId of [ended.output_file_id, ended.error_file_id]) {
      for (const text of fileId ? await readFile(fileId) : []) {
        BatchRequestOutput.parse(JSON.parse(text));
      }
    }
  });

  test('is a batch that is cancelled', async () => {
    const { clock, ask, begin } = createWorld();
    const { id } = await begin(line('a'));
    expect(Batch.parse(await ask('POST', `/batches/${id}/cancel`)).status).toBe('cancelling');
    await clock.advance(60_000);
    expect(Batch.parse(await ask('GET', `/batches/${id}`)).status).toBe('cancelled');
  });
});
