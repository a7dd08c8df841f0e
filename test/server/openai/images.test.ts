import { toFile } from 'openai';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type LiveServer, liveServer } from '../../support/live-server.ts';
import { paintPicture } from '../../support/pictures.ts';
import { officialClient, thrownBy } from './clients.ts';

const PROMPT = 'a lighthouse at dusk';
const GPT = { model: 'gpt-image-2', prompt: PROMPT } as const;

function bytesOf(base64: string | undefined): Buffer {
  return Buffer.from(base64 ?? '', 'base64');
}

/** What OpenAI's simulator was paid for. */
function billed({ simulation }: Pick<LiveServer, 'simulation'>): number {
  return simulation.openai.bill.entries.reduce((sum, { images }) => sum + images, 0);
}

describe('images.generate()', () => {
  test('gives the images, what they cost, and the run that has them', async () => {
    const server = await liveServer();
    const { data, response, request_id } = await officialClient(server)
      .images.generate({ ...GPT, n: 2, size: '1536x1024', quality: 'hd', user: 'u-1' })
      .withResponse();
    expect(data).toMatchObject({
      output_format: 'png',
      size: '1536x1024',
      quality: 'high',
      usage: { credits: expect.any(Number), usd: expect.any(Number), total_tokens: null },
    });
    expect(data.created).toBeGreaterThan(1_700_000_000);
    const facts = await Promise.all(
      (data.data ?? []).map((each) => sharp(bytesOf(each.b64_json)).metadata()),
    );
    expect(facts).toMatchObject([
      { width: 1536, height: 1024, format: 'png' },
      { width: 1536, height: 1024, format: 'png' },
    ]);
    const run = await server.engine.run(response.headers.get('x-imagemill-run') ?? '');
    expect(run).toMatchObject({ state: 'done', origin: 'request' });
    const charged = Number(response.headers.get('x-imagemill-credits'));
    expect(charged * 1e6).toBe(run?.postedCreditMicros);
    expect(response.headers.get('x-imagemill-ignored')).toBe('user');
    expect(request_id).toMatch(/\S{10,}/);
    expect(billed(server)).toBe(2);
  });

  test.each([
    ['jpeg', { output_format: 'jpeg', output_compression: 40 }, 'jpeg', 1024],
    ['webp', { output_format: 'webp' }, 'webp', 1024],
    ['a small size', { size: '512x512' }, 'png', 512],
    [
      'auto',
      { size: 'auto', quality: 'auto', background: 'auto', moderation: 'auto' },
      'png',
      1024,
    ],
  ] as const)('gives %s', async (_name, order, format, width) => {
    const client = officialClient(await liveServer());
    const answer = await client.images.generate({ ...GPT, ...order });
    const facts = await sharp(bytesOf(answer.data?.[0]?.b64_json)).metadata();
    expect([facts.format, facts.width]).toEqual([format, width]);
    expect([answer.output_format, answer.size]).toEqual([format, `${width}x${width}`]);
  });

  test('makes images with models of other vendors by the same call', async () => {
    const server = await liveServer();
    const own = { seed: 7, negative_prompt: 'people', aspect_ratio: '16:9' };
    const { response } = await officialClient(server)
      .images.generate({ model: 'kling-v3', prompt: PROMPT, ...own } as never)
      .withResponse();
    const run = response.headers.get('x-imagemill-run') ?? '';
    const [item] = await Array.fromAsync(server.engine.items(run));
    expect(item).toMatchObject({ model: 'kling-v3', negativePrompt: 'people', state: 'delivered' });
    expect(item!.size.width / item!.size.height).toBeCloseTo(16 / 9, 1);
  });

  test('gives links that need no key, name one image, and end', async () => {
    const server = await liveServer();
    const answer = await officialClient(server).images.generate({
      ...GPT,
      response_format: 'url',
      output_format: 'webp',
    });
    const link = new URL(answer.data?.[0]?.url ?? '');
    expect(link.href).not.toContain(server.secret);
    const image = await fetch(new URL(link.pathname, server.url));
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await sharp(await image.arrayBuffer()).metadata()).width).toBe(1024);
    const [facts, signature] = link.pathname.split('.');
    const forged = `${facts}.${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
    expect((await fetch(new URL(forged, server.url))).status).toBe(404);
  });

  test('streams an event for each image', async () => {
    const client = officialClient(await liveServer());
    const events = await Array.fromAsync(
      await client.images.generate({ ...GPT, n: 2, stream: true }),
    );
    expect(events).toMatchObject([
      { type: 'image_generation.completed', output_format: 'png', size: '1024x1024' },
      { type: 'image_generation.completed', output_format: 'png', size: '1024x1024' },
    ]);
    const hashes = new Set(events.map(({ b64_json }) => b64_json));
    expect(hashes.size).toBe(2);
  });
});

describe('images.edit()', () => {
  test('sends pictures of a form to the model', async () => {
    const server = await liveServer();
    const pictures = [await paintPicture(256, 256), await paintPicture(256, 256, 'jpeg', 2)];
    const answer = await officialClient(server).images.edit({
      ...GPT,
      image: await Promise.all(pictures.map((each, at) => toFile(each, `../p${at}.png`))),
      n: 2,
    });
    expect(answer.data).toHaveLength(2);
    const [run] = await server.engine.listRuns();
    const [item] = await Array.fromAsync(server.engine.items(run!.id));
    expect(item?.references).toHaveLength(2);
    expect(billed(server)).toBe(2);
  });

  test('takes addresses and uploaded files as JSON, and streams', async () => {
    const server = await liveServer();
    const client = officialClient(server);
    const picture = await paintPicture(128, 128);
    const file = await client.files.create({
      file: await toFile(picture, 'p.png'),
      purpose: 'vision',
    });
    const image = `data:image/png;base64,${picture.toString('base64')}`;
    const images = [{ image_url: image }, { file_id: file.id }];
    const response = await server.call('POST', '/openai/v1/images/edits', {
      body: { ...GPT, images, stream: true },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toMatch(/^event: image_edit\.completed\ndata: \{"type":"image_edit\.completed"/);
    const [run] = await server.engine.listRuns();
    const [item] = await Array.fromAsync(server.engine.items(run!.id));
    expect(item?.references).toHaveLength(2);
  });

  test('takes no file of another workspace, and none of the machine', async () => {
    const server = await liveServer();
    const other = await server.issueKey({ workspace: 'other' });
    const foreign = await officialClient({ ...server, secret: other }).files.create({
      file: await toFile(await paintPicture(), 'p.png'),
      purpose: 'vision',
    });
    const edit = (image: object) =>
      server.call('POST', '/openai/v1/images/edits', { body: { ...GPT, images: [image] } });
    expect((await edit({ file_id: foreign.id })).status).toBe(404);
    for (const image_url of ['/etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1:1/p.png']) {
      const answer = await edit({ image_url });
      expect([image_url, answer.status]).toEqual([image_url, 400]);
    }
    expect(billed(server)).toBe(0);
  });
});

describe('what cannot be honoured is refused, and named', () => {
  test.each([
    ['model', 'model_not_found', 404, { model: 'dall-e-9' }],
    ['model', 'model_not_found', 404, { model: 'dall-e-3' }],
    ['size', 'invalid_value', 400, { size: '9000x20' }],
    ['size', 'invalid_value', 400, { size: 'large' }],
    ['n', 'invalid_value', 400, { n: 11 }],
    ['prompt', 'invalid_value', 400, { prompt: '' }],
    ['prompt', 'missing_required_parameter', 400, { prompt: undefined }],
    ['background', 'unsupported_value', 400, { background: 'transparent' }],
    ['output_compression', 'invalid_value', 400, { output_compression: 50 }],
    ['output_format', 'invalid_value', 400, { output_format: 'gif' }],
    ['style', 'unknown_parameter', 400, { style: 'vivid' }],
  ])('%s: %s', async (param, code, status, change) => {
    const server = await liveServer();
    const order = { ...GPT, ...change } as never;
    const error = await thrownBy(officialClient(server).images.generate(order));
    expect(error).toMatchObject({ status, code, param, type: 'invalid_request_error' });
    expect(error.message.length).toBeGreaterThan(20);
    expect(await server.engine.listRuns()).toEqual([]);
  });

  test('a mask', async () => {
    const server = await liveServer();
    const picture = await toFile(await paintPicture(), 'p.png');
    const edit = officialClient(server).images.edit({ ...GPT, image: picture, mask: picture });
    expect(await thrownBy(edit)).toMatchObject({ status: 400, param: 'mask' });
  });

  test('a key that may only look', async () => {
    const server = await liveServer();
    const client = officialClient({ ...server, secret: await server.issueKey({ role: 'viewer' }) });
    const error = await thrownBy(client.images.generate(GPT));
    expect(error).toMatchObject({ status: 403, code: 'insufficient_permissions' });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  test('a key that is none, a path that is none, a body that is none', async () => {
    const server = await liveServer();
    const key = `im_${'a'.repeat(40)}`;
    const generate = officialClient({ ...server, secret: key }).images.generate(GPT);
    expect(await thrownBy(generate)).toMatchObject({ status: 401, code: 'invalid_api_key' });
    for (const [path, status] of [
      ['/openai/v1/audio/speech', 404],
      ['/openai/v1/images/edits', 400],
    ] as const) {
      const answer = await server.call('POST', path, { body: {} });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    }
  });
});

describe('models', () => {
  test('lists what can be reached, under its own names and OpenAI’s', async () => {
    const client = officialClient(await liveServer());
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toContain('gpt-image-2');
    expect(ids).toContain('flux-kontext-pro');
    expect(ids).not.toContain('dall-e-3');
    const named = await client.models.retrieve('gpt-image-2-2026-04-21');
    expect(named).toMatchObject({ id: 'gpt-image-2-2026-04-21', owned_by: 'openai' });
    expect(await thrownBy(client.models.retrieve('dall-e-3'))).toMatchObject({ status: 404 });
  });
});
