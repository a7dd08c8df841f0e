import { toFile } from 'openai';
import type { Batch } from 'openai/resources/batches';
import { expect, test } from 'vitest';
import { liveServer } from '../../support/live-server.ts';
import { paintPicture } from '../../support/pictures.ts';
import { officialClient, thrownBy } from './clients.ts';

const ENDPOINT = '/v1/images/generations';

function line(customId: string, body: object, more: object = {}) {
  const request = { custom_id: customId, method: 'POST', url: ENDPOINT, body, ...more };
  return JSON.stringify(request);
}

type Client = ReturnType<typeof officialClient>;

async function startBatch(client: Client, lines: readonly string[]): Promise<Batch> {
  const file = await client.files.create({
    file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'batch.jsonl'),
    purpose: 'batch',
  });
  return client.batches.create({
    input_file_id: file.id,
    endpoint: ENDPOINT,
    completion_window: '24h',
    metadata: { team: 'posters' },
  });
}

async function ended(client: Client, id: string): Promise<Batch> {
  const over = ['completed', 'failed', 'expired', 'cancelled'];
  await expect
    .poll(async () => (await client.batches.retrieve(id)).status, { timeout: 30_000 })
    .toSatisfy((status: string) => over.includes(status));
  return client.batches.retrieve(id);
}

async function linesOf(client: Client, file: string | null | undefined): Promise<ResultLine[]> {
  const text = await (await client.files.content(file ?? '')).text();
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as ResultLine);
}

interface ResultLine {
  readonly custom_id: string;
  readonly response: {
    readonly status_code: number;
    readonly body: {
      readonly data: { b64_json: string }[];
      readonly error?: { code: string };
      readonly output_format: string;
    };
  } | null;
  readonly error: { readonly code: string } | null;
}

test('a batch of a file is made, each line with its own model, and its results are read', async () => {
  const server = await liveServer({
    vendors: { refusals: { pattern: 'forbidden', stage: 'input' }, batch: { durationMs: 50 } },
  });
  const client = officialClient(server);
  const started = await startBatch(client, [
    line('one', { model: 'demo', prompt: 'a red boat', n: 2, size: '256x256' }),
    line('two', { model: 'flux-kontext-pro', prompt: 'a blue boat', output_format: 'webp' }),
    line('three', { model: 'gpt-image-2', prompt: 'a forbidden boat' }),
    line('four', { model: 'gpt-image-2', prompt: 'a green boat', quality: 'low' }),
  ]);
  expect(started).toMatchObject({ status: 'validating', metadata: { team: 'posters' } });
  const batch = await ended(client, started.id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 4, completed: 3, failed: 1 },
    errors: null,
  });
  const results = await linesOf(client, batch.output_file_id);
  expect(results.map(({ custom_id }) => custom_id)).toEqual(['one', 'two', 'four']);
  expect(results.map(({ response }) => response?.body.data.length)).toEqual([2, 1, 1]);
  const [one, two] = results.map(({ response }) =>
    Buffer.from(response?.body.data[0]?.b64_json ?? '', 'base64'),
  );
  expect(one!.subarray(1, 4).toString()).toBe('PNG');
  expect(two!.subarray(8, 12).toString()).toBe('WEBP');
  const errors = await linesOf(client, batch.error_file_id);
  expect(errors).toMatchObject([
    {
      custom_id: 'three',
      response: { status_code: 400, body: { error: { code: 'moderation_blocked' } } },
      error: null,
    },
  ]);
  // The half-price lane was taken where there is one.
  const { items } = await server.engine.report(
    (await server.engine.listRuns()).find(({ origin }) => origin === 'batch')!.id,
  );
  expect(items).toMatchObject({ delivered: 4, refused: 1 });
});

test('all that is wrong with a file is told at once, and nothing is made of it', async () => {
  const server = await liveServer();
  const client = officialClient(server);
  const { id } = await startBatch(client, [
    line('one', { model: 'demo', prompt: 'a boat' }),
    '{"custom_id": "two", "method": "POST"',
    line('one', { model: 'demo', prompt: 'a boat' }),
    line('four', { model: 'dall-e-9', prompt: 'a boat' }),
    line('five', { model: 'demo', prompt: 'a boat', sise: '1024x1024' }),
    line('six', { model: 'demo', prompt: 'a boat' }, { url: '/v1/embeddings' }),
  ]);
  const batch = await ended(client, id);
  expect(batch).toMatchObject({ status: 'failed', request_counts: { total: 0 } });
  expect(batch.errors?.data?.map((each) => [each.line, each.code, each.param])).toEqual([
    [2, 'invalid_json_line', null],
    [3, 'duplicate_custom_id', 'custom_id'],
    [4, 'model_not_found', 'model'],
    [5, 'unknown_parameter', 'sise'],
    [6, 'mismatched_endpoint', 'url'],
  ]);
  expect(await server.engine.listRuns()).toEqual([]);
});

test('what planning finds is told by the line of the file', async () => {
  const client = officialClient(await liveServer());
  const { id } = await startBatch(client, [
    line('one', { model: 'demo', prompt: 'a boat' }),
    '',
    line('two', { prompt: 'a boat', model: 'auto', aspect_ratio: '99:1' }),
  ]);
  const batch = await ended(client, id);
  expect(batch.status).toBe('failed');
  expect(batch.errors?.data?.map((each) => [each.line, each.param])).toEqual([[3, 'aspect_ratio']]);
});

test('a cancelled batch keeps what was made, and says of the rest that it was not begun', async () => {
  const server = await liveServer({ vendors: { latencyMs: 300, limits: { slots: 1 } } });
  const client = officialClient(server);
  const { id } = await startBatch(
    client,
    Array.from({ length: 8 }, (_, at) =>
      line(`r${at}`, { model: 'flux-kontext-pro', prompt: `boat ${at}` }),
    ),
  );
  await expect
    .poll(async () => (await client.batches.retrieve(id)).request_counts?.completed, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  expect((await client.batches.cancel(id)).status).toBe('cancelling');
  const batch = await ended(client, id);
  const { total, completed } = batch.request_counts!;
  expect(batch.status).toBe('cancelled');
  expect(total).toBe(8);
  expect(completed).toBeLessThan(8);
  expect(await linesOf(client, batch.output_file_id)).toHaveLength(completed);
  const errors = await linesOf(client, batch.error_file_id);
  expect(errors).toHaveLength(8 - completed);
  expect(errors.every(({ error }) => error?.code === 'batch_cancelled')).toBe(true);
  expect((await thrownBy(client.batches.cancel(id))).status).toBe(409);
});

test('a batch goes on after a restart, and pays for nothing twice', async () => {
  const first = await liveServer({ vendors: { latencyMs: 150 } });
  const before = officialClient(first);
  const { id } = await startBatch(
    before,
    Array.from({ length: 30 }, (_, at) =>
      line(`r${at}`, { model: 'flux-kontext-pro', prompt: `b ${at}` }),
    ),
  );
  await expect
    .poll(async () => (await before.batches.retrieve(id)).request_counts?.completed, {
      timeout: 20_000,
      interval: 20,
    })
    .toBeGreaterThan(0);
  const { stop, home, secret, simulation } = first;
  await stop();
  const billed = simulation.bfl.bill.entries.length;
  expect(billed).toBeLessThan(30);
  const second = await liveServer({ home });
  const client = officialClient({ ...second, secret });
  const batch = await ended(client, id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 30, completed: 30, failed: 0 },
  });
  expect(billed + second.simulation.bfl.bill.entries.length).toBe(30);
  expect(await linesOf(client, batch.output_file_id)).toHaveLength(30);
});

test('what is not made when the window ends is not made, and the batch says so', async () => {
  const server = await liveServer({ vendors: { latencyMs: 1_500, limits: { slots: 1 } } });
  const client = officialClient(server);
  const lines = Array.from({ length: 8 }, (_, at) =>
    line(`r${at}`, { model: 'flux-kontext-pro', prompt: `boat ${at}` }),
  );
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines.join('\n')), 'batch.jsonl'),
    purpose: 'batch',
  });
  const { id } = await server.engine.service.batches.create({
    id: 'batch_short',
    workspace: 'local',
    runId: 'rshort',
    inputFile: file.id,
    endpoint: ENDPOINT,
    completionWindow: '1h',
    windowMs: 3_000,
  });
  const batch = await ended(client, id);
  expect(batch.status).toBe('expired');
  const errors = await linesOf(client, batch.error_file_id);
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.every(({ error }) => error?.code === 'batch_expired')).toBe(true);
  const made = batch.request_counts?.completed ?? 0;
  expect(made + errors.length).toBe(8);
});

test('edits are made of pictures in the file and of uploaded ones', async () => {
  const server = await liveServer({ vendors: { batch: { durationMs: 50 } } });
  const client = officialClient(server);
  const picture = await paintPicture(128, 128);
  const { id: fileId } = await client.files.create({
    file: await toFile(picture, 'p.png'),
    purpose: 'vision',
  });
  const address = `data:image/png;base64,${picture.toString('base64')}`;
  const edit = (customId: string, images: object[]) =>
    line(
      customId,
      { model: 'gpt-image-2', prompt: 'at night', images },
      { url: '/v1/images/edits' },
    );
  const input = [
    edit('one', [{ image_url: address }, { file_id: fileId }]),
    edit('two', [{ file_id: fileId }]),
  ];
  const file = await client.files.create({
    file: await toFile(Buffer.from(input.join('\n')), 'edits.jsonl'),
    purpose: 'batch',
  });
  const { id } = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/images/edits',
    completion_window: '24h',
  });
  const batch = await ended(client, id);
  expect(batch).toMatchObject({ status: 'completed', request_counts: { completed: 2, failed: 0 } });
  const run = (await server.engine.listRuns()).find(({ origin }) => origin === 'batch');
  const items = await Array.fromAsync(server.engine.items(run!.id));
  expect(items.map(({ references }) => references?.length)).toEqual([2, 1]);
});
