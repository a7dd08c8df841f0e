import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture } from '../../test/support/pictures.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import type { FaultName } from '../behaviour.ts';
import { serveSimulators } from '../serve.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { systemClock } from '../system-clock.ts';
import { createOpenaiSimulator } from './openai-simulator.ts';

const REQUEST = {
  model: 'gpt-image-2',
  prompt: 'a fox',
  size: '1024x1024',
  quality: 'medium',
} as const;

function simulate(options: Partial<SimulatorOptions> = {}) {
  return createOpenaiSimulator({ clock: new VirtualClock(), ...options });
}

async function serve(options: Partial<SimulatorOptions> = {}) {
  const simulator = createOpenaiSimulator({ clock: systemClock, ...options });
  const served = await serveSimulators({ openai: simulator });
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: served.urls.openai, maxRetries: 0 });
  return { simulator, client, url: served.urls.openai, [Symbol.asyncDispose]: served.close };
}

function post(body: unknown, key = 'sk-test') {
  return new Request('http://openai.simulated/v1/images/generations', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('the official client', () => {
  test('generates images of the right size, each traceable to its prompt', async () => {
    await using world = await serve();
    const { data, usage } = await world.client.images.generate({ ...REQUEST, n: 2 });
    const images = (data ?? []).map((image) => Buffer.from(image.b64_json ?? '', 'base64'));

    expect(images).toHaveLength(2);
    expect(images[0]!.equals(images[1]!)).toBe(false);
    for (const image of images) {
      expect(await sharp(image).metadata()).toMatchObject({ width: 1024, height: 1024 });
      expect(readSimulatedMark(image)?.promptHash).toBe(hashPrompt('a fox'));
    }
    expect(usage?.output_tokens).toBe(2 * 1766);
  });

  test.each(['jpeg', 'webp'] as const)('gets %s when it asks for it', async (format) => {
    await using world = await serve();
    const { data } = await world.client.images.generate({ ...REQUEST, output_format: format });
    const image = Buffer.from(data?.[0]?.b64_json ?? '', 'base64');
    expect((await sharp(image).metadata()).format).toBe(format);
    expect((await sharp(image).stats()).channels[0]!.stdev).toBeGreaterThan(5);
    expect(readSimulatedMark(image)?.promptHash).toBe(hashPrompt('a fox'));
  });

  test('edits with files as multipart, and pays for the references', async () => {
    await using world = await serve();
    const pixels = await sharp({
      create: { width: 64, height: 64, channels: 3, background: 'red' },
    })
      .png()
      .toBuffer();
    const files = [await toFile(pixels, 'a.png', { type: 'image/png' })];
    const { usage } = await world.client.images.edit({ ...REQUEST, image: files, n: 2 });
    expect(usage?.input_tokens_details.image_tokens).toBe(323);
    expect(world.simulator.bill.entries[0]).toMatchObject({ images: 2, prompt: 'a fox' });
  });

  test('edits with links as JSON', async () => {
    await using world = await serve();
    const answer = await world.client.post<{ data: unknown[] }>('/images/edits', {
      body: { ...REQUEST, images: [{ image_url: 'https://example.com/fox.png' }] },
    });
    expect(answer.data).toHaveLength(1);
  });

  test('edits with pictures as data URLs, which must be what they say', async () => {
    await using world = await serve();
    const edit = (url: string) =>
      world.client.post('/images/edits', { body: { ...REQUEST, images: [{ image_url: url }] } });
    const picture = await paintPicture(40, 30, 'jpeg');
    const base64 = picture.toString('base64');
    await edit(`data:image/jpeg;base64,${base64}`);
    expect(world.simulator.log.entries[0]?.references).toEqual([
      { mediaType: 'image/jpeg', bytes: picture.length, width: 40, height: 30 },
    ]);
    for (const url of [`data:image/png;base64,${base64}`, 'data:image/png;base64,AAAA']) {
      await expect(edit(url)).rejects.toMatchObject({ status: 400, code: 'invalid_value' });
    }
  });

  test('sees moderation as a 400 with its code, not billed', async () => {
    await using world = await serve({ refusals: { pattern: 'fox' } });
    await expect(world.client.images.generate(REQUEST)).rejects.toMatchObject({
      status: 400,
      code: 'moderation_blocked',
      type: 'image_generation_user_error',
    });
    expect(world.simulator.bill.entries).toEqual([]);
  });

  test('sees a 429 with rate headers once the window is full', async () => {
    await using world = await serve({ limits: { imagesPerMinute: 3 } });
    await world.client.images.generate({ ...REQUEST, n: 2 });
    const error = await world.client.images.generate({ ...REQUEST, n: 2 }).catch((all) => all);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error.code).toBe('rate_limit_exceeded');
    expect(error.headers.get('x-ratelimit-limit-images')).toBe('3');
    expect(error.headers.get('x-ratelimit-remaining-images')).toBe('1');
    expect(Number(error.headers.get('retry-after-ms'))).toBeGreaterThan(50_000);
    expect(world.simulator.bill.images).toBe(2);
  });

  test('lists the models', async () => {
    await using world = await serve();
    const models = await world.client.models.list();
    expect(models.data.map((model) => model.id)).toContain('gpt-image-2');
  });

  test('is refused with a wrong key', async () => {
    await using world = await serve({ apiKey: 'sk-right' });
    await expect(world.client.images.generate(REQUEST)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });
});

describe('faults over HTTP', () => {
  test('a lost reply drops the socket after billing', async () => {
    await using world = await serve({ faults: { replyLost: 1 } });
    await expect(fetch(...httpRequest(world.url))).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'UND_ERR_SOCKET' },
    });
    expect(world.simulator.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
  });

  test('a truncated reply breaks off in the middle of the body', async () => {
    await using world = await serve({ faults: { truncated: 1 } });
    const response = await fetch(...httpRequest(world.url));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toMatchObject({ message: 'terminated' });
    expect(world.simulator.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
  });

  test('a client that gives up on a hanging call is billed all the same', async () => {
    await using world = await serve({ faults: { hang: 1 } });
    const giveUp = new AbortController();
    const [url, init] = httpRequest(world.url);
    const call = fetch(url, { ...init, signal: giveUp.signal });
    await expect.poll(() => world.simulator.bill.images).toBe(1);
    giveUp.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(world.simulator.bill.entries[0]!.delivered).toBe(false);
  });

  test('options can be changed and the bill read from another process', async () => {
    await using world = await serve();
    const root = new URL('/_simulator/', world.url).href;
    const change = { refusals: { share: 1 }, limits: { imagesPerMinute: 9 } };
    const changed = await fetch(`${root}options`, { method: 'POST', body: JSON.stringify(change) });
    expect(await changed.json()).toEqual(change);
    expect((await fetch(...httpRequest(world.url))).status).toBe(400);
    expect(await (await fetch(`${root}bill`)).json()).toMatchObject({ images: 0, entries: [] });
    expect(await (await fetch(`${root}log`)).json()).toMatchObject({
      entries: [{ operation: 'submit', moderated: true, status: 400 }],
    });
    const wrong = await fetch(`${root}options`, { method: 'POST', body: '{"faults":{"fire":1}}' });
    expect(wrong.status).toBe(400);
  });
});

describe('faults in process', () => {
  const cases: readonly [FaultName, number, number][] = [
    ['status429', 429, 0],
    ['status429bare', 429, 0],
    ['status503', 503, 0],
    ['status500', 500, 1],
    ['status502', 502, 1],
    ['status504', 504, 1],
    ['wrongSize', 200, 1],
    ['blank', 200, 1],
    ['fewerImages', 200, 0],
  ];
  test.each(cases)('%s is answered %i with %i images billed', async (fault, status, images) => {
    const simulator = simulate({ faults: { [fault]: 1 }, billedShare: 1 });
    const response = await simulator.fetch(post(REQUEST));
    expect(response.status).toBe(status);
    expect(simulator.bill.images).toBe(images);
  });

  test('server errors are billed in the share that was set', async () => {
    const simulator = simulate({ faults: { status500: 1 }, billedShare: 0 });
    await simulator.fetch(post(REQUEST));
    expect(simulator.bill.entries).toEqual([]);
  });

  test('a lost reply rejects as undici does', async () => {
    const simulator = simulate({ faults: { replyLost: 1 } });
    await expect(simulator.fetch(post(REQUEST))).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'UND_ERR_SOCKET' },
    });
    expect(simulator.log.entries[0]).not.toHaveProperty('status');
  });

  test('a bare 429 has no rate headers', async () => {
    const simulator = simulate({ faults: { status429bare: 1 }, limits: { imagesPerMinute: 5 } });
    const { headers } = await simulator.fetch(post(REQUEST));
    expect([...headers.keys()].filter((name) => /ratelimit|retry/.test(name))).toEqual([]);
    expect(headers.get('x-request-id')).toBe('req-simulated-1');
  });

  test('an exhausted account is told apart by its code', async () => {
    const simulator = simulate({ accountImages: 1 });
    expect((await simulator.fetch(post(REQUEST))).status).toBe(200);
    const response = await simulator.fetch(post(REQUEST));
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
  });
});

describe('validation', () => {
  test.each([
    [{}, 'prompt', 'missing_required_parameter'],
    [{ ...REQUEST, prompt: 'x'.repeat(32_001) }, 'prompt', 'string_above_max_length'],
    [{ ...REQUEST, n: 11 }, 'n', 'integer_above_max_value'],
    [{ ...REQUEST, n: 0 }, 'n', 'integer_below_min_value'],
    [{ ...REQUEST, seed: 1 }, 'seed', 'unknown_parameter'],
    [{ ...REQUEST, size: '1000x1000' }, 'size', 'invalid_value'],
    [{ ...REQUEST, size: '3840x1024' }, 'size', 'invalid_value'],
    [{ ...REQUEST, quality: 'xhigh' }, 'quality', 'invalid_value'],
    [{ ...REQUEST, model: 'dall-e-3' }, 'model', 'model_not_found'],
  ])('%j is refused naming %s', async (body, param, code) => {
    const response = await simulate().fetch(post(body));
    expect(response.status).toBe(param === 'model' ? 404 : 400);
    expect(await response.json()).toMatchObject({ error: { param, code } });
  });

  test('a missing key is a 401', async () => {
    const response = await simulate().fetch(post(REQUEST, ''));
    expect(response.status).toBe(401);
  });
});

test('the usage multiplied out is the bill, in whole micro-dollars', async () => {
  const simulator = simulate();
  for (const size of ['1024x1024', '1024x1536', '1536x1024', '512x512', '1280x720']) {
    for (const quality of ['low', 'medium', 'high']) {
      const request = { ...REQUEST, prompt: `${size} ${quality} é`, n: 3, size, quality };
      const { usage } = (await (await simulator.fetch(post(request))).json()) as {
        usage: { input_tokens: number; output_tokens: number };
      };
      const usdMicros = usage.input_tokens * 5 + usage.output_tokens * 30;
      expect(simulator.bill.entries.at(-1)!.usdMicros).toBe(usdMicros);
      expect(Number.isInteger(usdMicros)).toBe(true);
    }
  }
});

test('the same seed on a virtual clock gives the same log and bill', async () => {
  const runOnce = async (seed: number) => {
    const clock = new VirtualClock();
    const simulator = createOpenaiSimulator({
      clock,
      seed,
      latencyMs: [100, 9000],
      limits: { imagesPerMinute: 20 },
      refusals: { share: 0.2 },
      faults: { replyLost: 0.1, status503: 0.1, status500: 0.1, truncated: 0.1 },
    });
    const client = async (name: number) => {
      for (let turn = 0; turn < 10; turn += 1) {
        await simulator.fetch(post({ ...REQUEST, prompt: `${name} ${turn}` })).catch(() => {});
        await clock.sleep(500 * name);
      }
    };
    const all = Promise.all([1, 2, 3, 4].map(client));
    await clock.runUntil(all);
    return JSON.stringify([simulator.log, simulator.bill]);
  };
  const first = await runOnce(7);
  expect(await runOnce(7)).toBe(first);
  expect(await runOnce(8)).not.toBe(first);
});

test('no window is ever fuller than its limit, by the independent auditor', async () => {
  const clock = new VirtualClock();
  const limits = { imagesPerMinute: 7, windowMs: 10_000 };
  const simulator = createOpenaiSimulator({ clock, latencyMs: 300, limits });
  const client = async (count: number) => {
    for (let turn = 0; turn < 40; turn += 1) {
      await simulator.fetch(post({ ...REQUEST, n: count }));
      await clock.sleep(333 * count);
    }
  };
  const all = Promise.all([1, 2, 3].map(client));
  await clock.runUntil(all);
  const findings = audit(simulator.log, { windowMs: 10_000, max: 7 });
  expect(findings.highest).toBe(7);
  expect(findings.isWithin).toBe(true);
  expect(findings.refused).toBeGreaterThan(0);
});

function httpRequest(baseUrl: string): [string, RequestInit] {
  const headers = { authorization: 'Bearer sk-test', 'content-type': 'application/json' };
  return [
    `${baseUrl}/images/generations`,
    { method: 'POST', headers, body: JSON.stringify(REQUEST) },
  ];
}
