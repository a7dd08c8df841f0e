import OpenAI, { toFile } from 'openai';
import type { BatchCreateParams } from 'openai/resources/batches';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { serveSimulators } from '../serve.ts';
import { simulatedFetch } from '../simulated-fetch.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { systemClock } from '../system-clock.ts';
import { createOpenaiSimulator } from './openai-simulator.ts';

const ORIGIN = 'http://openai.simulated';
const BODY = { model: 'gpt-image-2', prompt: 'a fox', size: '1024x1024', quality: 'low' };

/** The official client as it comes, in this process and on a clock that stands still. */
function createWorld(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createOpenaiSimulator({ clock, ...options });
  const client = new OpenAI({
    apiKey: 'sk-test',
    baseURL: `${ORIGIN}/v1`,
    fetch: simulatedFetch({ [ORIGIN]: simulator }),
    maxRetries: 0,
  });
  return { clock, simulator, client };
}

function line(customId: string, given: object = {}, more: object = {}) {
  const body = { ...BODY, prompt: `prompt of ${customId}`, ...given };
  return { custom_id: customId, method: 'POST', url: '/v1/images/generations', body, ...more };
}

function upload(client: OpenAI, lines: readonly (object | string)[], name = 'input.jsonl') {
  const text = lines
    .map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    .join('\n');
  return toFile(Buffer.from(text), name).then((file) =>
    client.files.create({ file, purpose: 'batch' }),
  );
}

async function begin(
  client: OpenAI,
  lines: readonly (object | string)[],
  given: Partial<BatchCreateParams> = {},
) {
  const file = await upload(client, lines);
  return client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/images/generations',
    completion_window: '24h',
    ...given,
  });
}

async function readLines(client: OpenAI, fileId: string | null | undefined) {
  if (!fileId) return [];
  const text = await (await client.files.content(fileId)).text();
  return text
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each));
}

describe('the official client, over HTTP', () => {
  test('has a batch of pictures made, and reads them from its files', async () => {
    const simulator = createOpenaiSimulator({
      clock: systemClock,
      batch: { durationMs: 0 },
      refusals: { pattern: 'of c' },
    });
    await using served = await serveSimulators({ openai: simulator });
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: served.urls.openai, maxRetries: 0 });
    const lines = [line('a'), line('b', { n: 2 }), line('c'), line('d', { size: '10x10' })];
    const created = await begin(client, lines, { metadata: { mine: 'yes' } });
    expect(created).toMatchObject({ object: 'batch', metadata: { mine: 'yes' } });
    await expect
      .poll(async () => (await client.batches.retrieve(created.id)).status)
      .toBe('completed');

    const batch = await client.batches.retrieve(created.id);
    expect(batch.request_counts).toEqual({ total: 4, completed: 2, failed: 2 });
    const output = await readLines(client, batch.output_file_id);
    expect(new Set(output.map((each) => each.custom_id))).toEqual(new Set(['a', 'b']));
    for (const { custom_id: id, response, error } of output) {
      expect([response.status_code, error]).toEqual([200, null]);
      const pictures = response.body.data.map((each: { b64_json: string }) =>
        readSimulatedMark(Buffer.from(each.b64_json, 'base64')),
      );
      expect(pictures).toHaveLength(id === 'b' ? 2 : 1);
      expect(pictures[0].promptHash).toBe(hashPrompt(`prompt of ${id}`));
    }
    const errors = await readLines(client, batch.error_file_id);
    const codes = errors.map((each) => [each.custom_id, each.response.body.error.code]);
    expect(Object.fromEntries(codes)).toEqual({ c: 'moderation_blocked', d: 'invalid_value' });
    expect((await client.files.retrieve(batch.output_file_id!)).bytes).toBe(
      (await (await client.files.content(batch.output_file_id!)).bytes()).byteLength,
    );
    expect(simulator.bill.images).toBe(3);
  });

  test('edits a picture that it has uploaded, live and in a batch', async () => {
    const simulator = createOpenaiSimulator({ clock: systemClock, batch: { durationMs: 0 } });
    await using served = await serveSimulators({ openai: simulator });
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: served.urls.openai, maxRetries: 0 });
    const picture = await toFile(Buffer.from([1, 2, 3]), 'a.png', { type: 'image/png' });
    const { id } = await client.files.create({ file: picture, purpose: 'vision' });
    const edit = { ...BODY, images: [{ file_id: id }] };
    const live = await client.post<{ data: unknown[] }>('/images/edits', { body: edit });
    expect(live.data).toHaveLength(1);
    const batch = await begin(client, [line('a', edit, { url: '/v1/images/edits' })], {
      endpoint: '/v1/images/edits',
    });
    await expect.poll(() => simulator.bill.images).toBe(2);
    const [whole, half] = simulator.bill.entries;
    expect(half).toMatchObject({ requestKey: 'a', prompt: 'a fox' });
    expect(half!.usdMicros).toBe(Math.round(whole!.usdMicros / 2));
    expect((await client.batches.retrieve(batch.id)).usage?.input_tokens).toBeGreaterThan(323);
  });
});

describe('files', () => {
  test('are kept, listed newest first by pages, and deleted', async () => {
    const { client } = createWorld();
    const ids: string[] = [];
    for (const name of ['a.jsonl', 'b.jsonl', 'c.jsonl']) {
      ids.push((await upload(client, [line(name)], name)).id);
    }
    const page = await client.files.list({ limit: 2 });
    expect(page.data.map(({ filename }) => filename)).toEqual(['c.jsonl', 'b.jsonl']);
    expect((await Array.fromAsync(page)).map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await client.files.list({ order: 'asc', purpose: 'batch' })).data[0]!.id).toBe(ids[0]);
    expect((await client.files.list({ purpose: 'vision' })).data).toEqual([]);
    expect(await client.files.delete(ids[0]!)).toEqual({
      id: ids[0],
      object: 'file',
      deleted: true,
    });
    await expect(client.files.content(ids[0]!)).rejects.toMatchObject({ status: 404 });
  });

  test('of batches are gone after 30 days, others when they are told to be', async () => {
    const { client, clock } = createWorld();
    const batch = await upload(client, [line('a')]);
    const file = await toFile(Buffer.from('x'), 'a.png', { type: 'image/png' });
    const kept = await client.files.create({ file, purpose: 'vision' });
    const brief = await client.files.create({
      file,
      purpose: 'vision',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    expect(batch.expires_at).toBe(batch.created_at + 2_592_000);
    expect([kept.expires_at ?? null, brief.expires_at]).toEqual([null, brief.created_at + 3600]);
    await clock.advance(3_600_000);
    await expect(client.files.retrieve(brief.id)).rejects.toMatchObject({ status: 404 });
    await clock.advance(2_592_000_000);
    expect((await client.files.list()).data.map(({ id }) => id)).toEqual([kept.id]);
  });

  test.each([
    [{ purpose: 'pictures' }, 'purpose'],
    [{ purpose: 'batch', file: 'a.txt' }, null],
    [{ expires_after: { anchor: 'created_at', seconds: 60 } }, 'expires_after.seconds'],
    [{ expires_after: { anchor: 'now', seconds: 3600 } }, 'expires_after.anchor'],
  ])('are refused when %j', async (given, param) => {
    const { client } = createWorld();
    const name = (given as { file?: string }).file ?? 'a.png';
    const file = await toFile(Buffer.from('x'), name);
    const wrong = { purpose: 'vision', ...given, file } as never;
    await expect(client.files.create(wrong)).rejects.toMatchObject({ status: 400, param });
  });
});

describe('batches', () => {
  test('are listed newest first, by pages', async () => {
    const { client } = createWorld();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await begin(client, [line('a')])).id);
    const page = await client.batches.list({ limit: 2 });
    expect(page.data).toHaveLength(2);
    expect((await Array.fromAsync(page)).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test.each([
    [{ input_file_id: 'file-unknown' }, 'input_file_id'],
    [{ endpoint: '/v1/pictures' }, 'endpoint'],
    [{ completion_window: '1h' }, 'completion_window'],
    [{ metadata: { long: 'x'.repeat(513) } }, 'metadata'],
    [
      { output_expires_after: { anchor: 'created_at', seconds: 1 } },
      'output_expires_after.seconds',
    ],
  ])('are refused when %j', async (given, param) => {
    const { client, simulator, clock } = createWorld();
    await expect(begin(client, [line('a')], given as never)).rejects.toMatchObject({
      status: 400,
      param,
    });
    await clock.advance(60_000);
    expect([simulator.bill.images, (await client.batches.list()).data]).toEqual([0, []]);
  });

  test('need a file that was uploaded for a batch', async () => {
    const { client } = createWorld();
    const file = await toFile(Buffer.from(JSON.stringify(line('a'))), 'a.jsonl');
    const { id } = await client.files.create({ file, purpose: 'user_data' });
    await expect(begin(client, [], { input_file_id: id })).rejects.toMatchObject({
      param: 'input_file_id',
    });
  });

  test.each([
    ['invalid_json_line', [line('a'), '{"custom_id":'], 2],
    ['invalid_json_line', ['[1]'], 1],
    ['duplicate_custom_id', [line('a'), line('b'), line('a')], 3],
    ['url_mismatch', [line('a', {}, { url: '/v1/images/edits' })], 1],
    ['missing_required_parameter', [line('a'), { custom_id: 'b', method: 'POST' }], 2],
    ['model_not_found', [line('a', { model: 'dall-e-9' })], 1],
    ['model_mismatch', [line('a'), line('b', { model: 'gpt-image-2-2026-04-21' })], 2],
    ['empty_file', [''], null],
  ])('fail as a whole with %s, and make nothing', async (code, lines, where) => {
    const { client, simulator, clock } = createWorld();
    const { id, status } = await begin(client, lines);
    expect(status).toBe('validating');
    await clock.advance(60_000);
    const failed = await client.batches.retrieve(id);
    expect(failed).toMatchObject({ status: 'failed', output_file_id: null, error_file_id: null });
    expect(failed.errors?.data).toMatchObject([{ code, line: where }]);
    expect(simulator.bill.images).toBe(0);
  });

  test('fail while too many requests are queued, and are taken later', async () => {
    const { client, clock } = createWorld({ batch: { mostQueued: 3 } });
    await begin(client, [line('a'), line('b')]);
    const second = await begin(client, [line('c'), line('d')]);
    await clock.advance(60_000);
    expect((await client.batches.retrieve(second.id)).errors?.data).toMatchObject([
      { code: 'token_limit_exceeded' },
    ]);
    const third = await begin(client, [line('c'), line('d')]);
    await clock.advance(60_000);
    expect((await client.batches.retrieve(third.id)).status).toBe('completed');
  });

  test('tell their moments, and keep what was made when they are cancelled', async () => {
    const { client, simulator, clock } = createWorld({ batch: { durationMs: 100_000 } });
    const { id, created_at: created } = await begin(
      client,
      ['a', 'b', 'c', 'd'].map((each) => line(each)),
    );
    await clock.advance(55_000);
    expect((await client.batches.cancel(id)).status).toBe('cancelling');
    await clock.advance(5_000);
    const batch = await client.batches.retrieve(id);
    expect(batch).toMatchObject({
      status: 'cancelled',
      in_progress_at: created + 5,
      cancelling_at: created + 55,
      cancelled_at: created + 60,
      expires_at: created + 86_400,
      completed_at: null,
      request_counts: { total: 4, completed: 2, failed: 2 },
    });
    expect(await readLines(client, batch.output_file_id)).toHaveLength(2);
    expect((await readLines(client, batch.error_file_id)).map((each) => each.error.code)).toEqual([
      'batch_cancelled',
      'batch_cancelled',
    ]);
    expect(simulator.bill.images).toBe(2);
    await expect(client.batches.cancel(id)).rejects.toMatchObject({ status: 409 });
  });

  test('are not limited by the pace of live calls, nor counted by it', async () => {
    const { client, simulator, clock } = createWorld({ limits: { imagesPerMinute: 1 } });
    await begin(client, [line('a'), line('b'), line('c')]);
    await clock.advance(60_000);
    expect(simulator.bill.images).toBe(3);
    expect(simulator.log.entries.some(({ admitted }) => admitted)).toBe(false);
  });

  test('give the same bytes at each reading, and lose them when they expire', async () => {
    const { client, clock } = createWorld();
    const kept = { anchor: 'created_at', seconds: 3600 } as const;
    const { id } = await begin(client, [line('a'), line('b')], { output_expires_after: kept });
    await clock.advance(60_000);
    const { output_file_id: output } = await client.batches.retrieve(id);
    const once = await (await client.files.content(output!)).text();
    expect(await (await client.files.content(output!)).text()).toBe(once);
    await clock.advance(3_600_000);
    await expect(client.files.content(output!)).rejects.toMatchObject({ status: 404 });
  });

  test('have faults of single lines', async () => {
    const { client, clock } = createWorld({ faults: { wrongSize: 1 } });
    const { id } = await begin(client, [line('a')]);
    await clock.advance(60_000);
    const [made] = await readLines(client, (await client.batches.retrieve(id)).output_file_id);
    const png = Buffer.from(made.response.body.data[0].b64_json, 'base64');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512]);
  });
});
