import { APICallError, generateImage, RetryError } from 'ai';
import { expect, test } from 'vitest';
import { type LiveServer, liveServer } from '../../support/live-server.ts';
import { paintPicture } from '../../support/pictures.ts';
import { aiSdk, officialClient, thrownBy } from './clients.ts';

/** The machine may be busy with other tests. */
const PATIENTLY = { timeout: 20_000 };
const GPT = { model: 'gpt-image-2', prompt: 'a lighthouse at dusk' } as const;

function billed({ simulation }: Pick<LiveServer, 'simulation'>): number {
  return simulation.openai.bill.entries.reduce((sum, { images }) => sum + images, 0);
}

function keyed(key: string) {
  return { headers: { 'Idempotency-Key': key } };
}

test('a refusal is an error of the prompt, and costs nothing', async () => {
  const server = await liveServer({ vendors: { refusals: { share: 1, stage: 'input' } } });
  const error = await thrownBy(officialClient(server, { maxRetries: 2 }).images.generate(GPT));
  expect(error).toMatchObject({ status: 400, code: 'moderation_blocked', param: 'prompt' });
  expect(await server.engine.listRuns()).toHaveLength(1);
  expect((await server.engine.listRuns())[0]).toMatchObject({ postedCreditMicros: 0 });
});

test('some refused: the others are given, and it is said how many are missing', async () => {
  const server = await liveServer({ vendors: { faults: { fewerImages: 1 } } });
  const { data, response } = await officialClient(server)
    .images.generate({ ...GPT, n: 3 })
    .withResponse();
  expect(data.data).toHaveLength(2);
  expect(response.headers.get('x-imagemill-missing')).toBe('1');
});

test('an unknown outcome is never bought again, not even by clients that retry', async () => {
  const server = await liveServer({ vendors: { faults: { status500: 1 }, billedShare: 1 } });
  const error = await thrownBy(officialClient(server, { maxRetries: 2 }).images.generate(GPT));
  expect(error).toMatchObject({ status: 500, code: 'outcome_unknown' });
  expect(error.message).toContain('not safe');
  const run = error.headers?.get('x-imagemill-run') ?? '';
  expect(await server.engine.report(run)).toMatchObject({ items: { unknown: 1 } });
  expect(billed(server)).toBe(1);
});

test('a call that waits too long names its run, and the same key waits for the same images', async () => {
  const server = await liveServer({
    vendors: { latencyMs: 1_500 },
    settings: { longestWaitMs: 100 },
  });
  const client = officialClient(server, { maxRetries: 2 });
  const error = await thrownBy(client.images.generate(GPT));
  expect(error).toMatchObject({ status: 504, code: 'wait_timeout' });
  const run = error.headers?.get('x-imagemill-run');
  expect(error.message).toContain(run);
  const again = await thrownBy(officialClient(server).images.generate(GPT, keyed('k-1')));
  const first = again.headers?.get('x-imagemill-run');
  await expect
    .poll(async () => (await server.engine.run(first ?? ''))?.state, PATIENTLY)
    .toBe('done');
  const answer = await client.images.generate(GPT, keyed('k-1')).withResponse();
  expect(answer.response.headers.get('x-imagemill-run')).toBe(first);
  expect(answer.data.data).toHaveLength(1);
  expect(billed(server)).toBe(2);
});

test('a client that left and comes back with its key pays once', async () => {
  const server = await liveServer({ vendors: { latencyMs: 800 } });
  const client = officialClient(server);
  const leaving = new AbortController();
  const call = client.images.generate(GPT, { ...keyed('k-2'), signal: leaving.signal });
  await expect.poll(() => server.engine.listRuns(), PATIENTLY).toHaveLength(1);
  leaving.abort();
  await expect(call).rejects.toThrow('aborted');
  const [one, other] = await Promise.all([
    client.images.generate(GPT, keyed('k-2')),
    client.images.generate(GPT, keyed('k-2')),
  ]);
  expect(one.data?.[0]?.b64_json).toBe(other.data?.[0]?.b64_json);
  expect(await server.engine.listRuns()).toHaveLength(1);
  expect(billed(server)).toBe(1);
  const changed = client.images.generate({ ...GPT, n: 2 }, keyed('k-2'));
  expect(await thrownBy(changed)).toMatchObject({ status: 400, code: 'idempotency_mismatch' });
});

test('a client that left and sends the same again is given the same, and others others', async () => {
  const server = await liveServer({ vendors: { latencyMs: 800 } });
  const client = officialClient(server);
  const leaving = new AbortController();
  const call = client.images.generate(GPT, { signal: leaving.signal });
  await expect.poll(() => server.engine.listRuns(), PATIENTLY).toHaveLength(1);
  leaving.abort();
  await expect(call).rejects.toThrow('aborted');
  const run = (await server.engine.listRuns())[0]!.id;
  await expect.poll(async () => (await server.engine.run(run))?.state, PATIENTLY).toBe('done');
  const again = await client.images.generate(GPT).withResponse();
  expect(again.response.headers.get('x-imagemill-run')).toBe(run);
  // It has been answered now: the next one is a wish of its own.
  const next = await client.images.generate(GPT).withResponse();
  expect(next.response.headers.get('x-imagemill-run')).not.toBe(run);
  expect(billed(server)).toBe(2);
});

test('an upload that is sent again with its key pays once, though its form is another', async () => {
  const server = await liveServer();
  const picture = await paintPicture(128, 128);
  const edit = async () => {
    const form = new FormData();
    form.set('prompt', GPT.prompt);
    form.set('n', '1');
    form.set('image', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'p.png');
    return server.call('POST', '/openai/v1/images/edits', {
      body: form,
      headers: { 'Idempotency-Key': 'k-3' },
    });
  };
  const [one, other] = [await (await edit()).json(), await (await edit()).json()];
  expect(other).toEqual(one);
  expect(billed(server)).toBe(1);
});

test('without credits nothing is sent, and a client does not try again', async () => {
  const server = await liveServer();
  await server.engine.service.workspaces.create({ id: 'poor' });
  const secret = await server.issueKey({ workspace: 'poor' });
  const client = officialClient({ ...server, secret }, { maxRetries: 2 });
  const error = await thrownBy(client.images.generate(GPT));
  expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' });
  expect(error.message).toMatch(/takes 2\.4 credits/);
  expect(await server.engine.listRuns()).toEqual([]);
  expect(billed(server)).toBe(0);
});

test('over the ceiling a call waits in the queue, and the first are not held up', async () => {
  const server = await liveServer({ settings: { longestWaitMs: 6_000 } });
  const secret = await server.issueKey({ workspace: 'small' });
  await server.engine.service.workspaces.change('small', { imagesPerHour: 1 });
  const client = officialClient({ ...server, secret });
  expect((await client.images.generate(GPT)).data).toHaveLength(1);
  expect(await thrownBy(client.images.generate(GPT))).toMatchObject({ code: 'wait_timeout' });
  expect(billed(server)).toBe(1);
});

test('a call whose server is stopped in its queue is made by the next one, and paid once', async () => {
  const first = await liveServer();
  const secret = await first.issueKey({ workspace: 'small' });
  await first.engine.service.workspaces.change('small', { imagesPerHour: 1 });
  const before = officialClient({ ...first, secret });
  await before.images.generate(GPT);
  const waiting = thrownBy(before.images.generate(GPT, keyed('k-5')));
  const waits = async () => {
    const runs = await first.engine.listRuns();
    return runs.flatMap((run) => Object.keys(run.waits));
  };
  await expect.poll(waits, PATIENTLY).toHaveLength(1);
  await first.stop();
  const error = await waiting;
  expect(error).toMatchObject({ status: 503, code: 'interrupted' });
  const second = await liveServer({ home: first.home });
  await second.engine.service.workspaces.change('small', { imagesPerHour: 2 });
  const client = officialClient({ ...second, secret });
  const answer = await client.images.generate(GPT, keyed('k-5')).withResponse();
  const run = error.headers?.get('x-imagemill-run');
  expect(answer.response.headers.get('x-imagemill-run')).toBe(run);
  expect([billed(first), billed(second)]).toEqual([1, 1]);
});

test('a stream tells of its failure as an error', async () => {
  const server = await liveServer({ vendors: { refusals: { share: 1, stage: 'input' } } });
  const stream = await officialClient(server).images.generate({ ...GPT, stream: true });
  const error = await thrownBy(Array.fromAsync(stream));
  expect(error).toMatchObject({ code: 'moderation_blocked' });
});

test('the AI SDK makes and edits images', async () => {
  const server = await liveServer();
  const model = aiSdk(server).image('gpt-image-2');
  const { images, responses } = await generateImage({
    model,
    prompt: GPT.prompt,
    n: 2,
    size: '1024x1536',
    providerOptions: { openai: { quality: 'low', outputFormat: 'webp' } },
  });
  expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/webp', 'image/webp']);
  expect(responses[0]?.headers?.['x-imagemill-run']).toMatch(/^r/);
  const edited = await generateImage({
    model,
    prompt: { text: 'the same at night', images: [await paintPicture(128, 128)] },
  });
  expect(edited.images).toHaveLength(1);
  expect(billed(server)).toBe(3);
});

test('the AI SDK is told of refusals, and pays once when it tries again, with a key or none', async () => {
  const server = await liveServer({
    vendors: { refusals: { pattern: 'forbidden' }, faults: { status500: 1 }, billedShare: 1 },
  });
  const model = aiSdk(server).image('gpt-image-2');
  const refused = generateImage({ model, prompt: 'a forbidden boat' });
  await expect(refused).rejects.toSatisfy(
    (error: unknown) => APICallError.isInstance(error) && error.statusCode === 400,
  );
  for (const more of [{}, keyed('k-4')]) {
    const unknown = generateImage({ model, prompt: GPT.prompt, maxRetries: 1, ...more });
    await expect(unknown).rejects.toSatisfy((error: unknown) => RetryError.isInstance(error));
  }
  expect(billed(server)).toBe(2);
});
