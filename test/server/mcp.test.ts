import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../simulators/simulate.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { assistantOverHttp, assistantOverStdio } from '../support/assistant.ts';
import { liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TOOLS = [
  'budget',
  'cancel_run',
  'get_image',
  'list_items',
  'list_models',
  'list_references',
  'list_runs',
  'make_images',
  'pause_run',
  'plan_images',
  'resume_run',
  'run_status',
];
/** Credits and dollars of an image of 1024x1024 at medium quality. */
const PRICE = 2.4;
const USD = 0.053;

describe('over stdio', () => {
  test('an assistant plans, makes, watches and fetches, and its budget runs out exactly', async () => {
    await using simulation = await simulate({ latencyMs: 1 });
    const folder = await temporaryFolder();
    const home = join(folder, 'home');
    const { client, call, close, errors } = await assistantOverStdio(
      ['--home', home, '--budget', String(3 * PRICE)],
      { cwd: folder, env: simulation.environment },
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(TOOLS);
    const { models } = (await call('list_models')).data as { models: { model: string }[] };
    expect(models.map(({ model }) => model)).toContain('gpt-image-2');
    const wish = { prompts: ['a red boat', 'a blue boat'], model: 'gpt-image-2' };
    const plan = await call('plan_images', wish);
    expect(plan.data).toMatchObject({ images: 2, expected: { credits: 2 * PRICE } });

    const made = await call('make_images', { ...wish, wait_seconds: 50, title: 'boats' });
    expect(made.data).toMatchObject({
      title: 'boats',
      state: 'done',
      has_ended: true,
      images: { delivered: 2 },
      credits: { posted: 2 * PRICE, held: 0 },
    });
    const { run } = made.data as { run: string };
    const { items } = (await call('list_items', { run })).data as { items: { item: string }[] };
    expect(items).toMatchObject([{ prompt: 'a red boat' }, { prompt: 'a blue boat' }]);
    const shown = await call('get_image', { run, item: items[0]!.item, longest_side: 256 });
    const [, image, link] = shown.content;
    expect(image).toMatchObject({ type: 'image', mimeType: 'image/webp' });
    const small = await sharp(Buffer.from(String(image!['data']), 'base64')).metadata();
    expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(480);
    expect(link).toMatchObject({ type: 'resource_link', mimeType: 'image/png' });
    const { contents } = await client.readResource({ uri: String(link!['uri']) });
    const full = Buffer.from((contents[0] as { blob: string }).blob, 'base64');
    expect(await sharp(full).metadata()).toMatchObject({ width: 1024, height: 1024 });

    // What a key stands for is remembered for moments.
    await expect
      .poll(async () => (await call('budget')).data, { timeout: 10_000 })
      .toMatchObject({ credits: { spent: 4.8, left: 2.4 } });
    const tooMuch = await call('make_images', wish);
    expect(tooMuch).toMatchObject({ isError: true });
    expect(tooMuch.text).toMatch(
      /2\.4 are left of the budget, enough for about 1\. .*allow_partial/s,
    );
    const partly = await call('make_images', { ...wish, allow_partial: true, wait_seconds: 50 });
    expect(partly.data).toMatchObject({
      state: 'stopped',
      images: { delivered: 1, waiting: 1 },
      next: expect.stringMatching(/^1 are not made \(budget of .*resume_run/) as string,
      credits: { posted: PRICE, held: 0 },
    });
    await expect
      .poll(async () => (await call('budget')).data, { timeout: 10_000 })
      .toMatchObject({ credits: { spent: 7.2, left: 0 } });
    const none = await call('make_images', { ...wish, allow_partial: true });
    expect(none).toMatchObject({ isError: true });
    expect(none.text).toContain('0 are left of the budget. Nothing was made. Ask the user');
    // Its own run may go on, as far as the budget does; another one would spend outside of it.
    const { run: second } = partly.data as { run: string };
    expect((await call('resume_run', { run: second })).isError).toBe(false);
    const resumed = await call('run_status', { run: second, wait_seconds: 30 });
    expect(resumed.data).toMatchObject({ state: 'stopped', credits: { posted: PRICE, held: 0 } });
    expect((await call('cancel_run', { run: second })).data).toMatchObject({ has_ended: true });
    expect((await call('resume_run', { run: 'r1' })).text).toContain('runs of this session');

    await close();
    expect(errors).toEqual([]);
    await using engine = await createEngine({ home, config: { vendors: {} } });
    const keys = await engine.service.keys.list('local');
    expect(keys).toMatchObject([
      {
        name: 'assistant',
        revokedAt: expect.any(Number) as number,
        postedCreditMicros: 7_200_000,
        heldCreditMicros: 0,
      },
    ]);
  });

  test('a bound of dollars holds over the runs of a session', async () => {
    await using simulation = await simulate({ latencyMs: 1 });
    const folder = await temporaryFolder();
    const { call } = await assistantOverStdio(
      ['--home', join(folder, 'home'), '--max-usd', '0.2'],
      { cwd: folder, env: simulation.environment },
    );
    const wish = { model: 'gpt-image-2', wait_seconds: 50 };
    const tooMany = await call('make_images', { ...wish, prompts: ['1', '2', '3', '4', '5'] });
    expect(tooMany.text).toMatch(/\$0\.2 are left, enough for about 3\./);
    const made = await call('make_images', { ...wish, prompts: ['1', '2', '3'] });
    expect(made.data).toMatchObject({ images: { delivered: 3 } });
    const { usd } = made.data as { usd: { actual: number } };
    expect(usd.actual).toBeCloseTo(3 * USD, 1);
    const { usd: left } = (await call('budget')).data as { usd: { budget: number; left: number } };
    expect(left.budget).toBe(0.2);
    expect(left.left).toBeCloseTo(0.2 - usd.actual, 6);
    const more = await call('make_images', { ...wish, prompts: ['6'] });
    expect(more).toMatchObject({ isError: true });
    expect((await call('resume_run', { run: 'r1' })).text).toContain('runs of this session');
  });

  test('of a service elsewhere, under a key of its own with the budget', async () => {
    const server = await liveServer();
    const folder = await temporaryFolder();
    const { call, close } = await assistantOverStdio(
      ['--server', server.url, '--budget', String(PRICE)],
      { cwd: folder, env: { IMAGEMILL_API_KEY: server.secret } },
    );
    const wish = { model: 'gpt-image-2', prompts: ['a boat'], wait_seconds: 50 };
    expect((await call('make_images', wish)).data).toMatchObject({ images: { delivered: 1 } });
    await expect
      .poll(async () => (await call('budget')).data, { timeout: 10_000 })
      .toMatchObject({ credits: { left: 0 } });
    expect((await call('make_images', wish)).text).toContain('0 are left');
    const { runs } = (await call('list_runs')).data as { runs: object[] };
    expect(runs).toHaveLength(1);
    await close();
    const assistants = async () =>
      (await server.engine.service.keys.list('local')).filter(({ name }) => name === 'assistant');
    await expect
      .poll(assistants, { timeout: 20_000 })
      .toMatchObject([{ revokedAt: expect.any(Number) as number, postedCreditMicros: 2_400_000 }]);
  });
});

describe('over HTTP', () => {
  test('the same tools work in the name of the key, and two that share its budget stay in it', async () => {
    const server = await liveServer();
    const key = await server.issueKey({ budgetCreditMicros: 2_400_000 });
    const [one, other] = [
      await assistantOverHttp(server.url, key),
      await assistantOverHttp(server.url, key),
    ];
    const { tools } = await one.client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(TOOLS);
    const wish = {
      model: 'gpt-image-2',
      prompts: ['a', 'b'],
      allow_partial: true,
      wait_seconds: 40,
    };
    await Promise.all([one.call('make_images', wish), other.call('make_images', wish)]);
    await expect
      .poll(async () => (await one.call('budget')).data, { timeout: 10_000 })
      .toMatchObject({ credits: { budget: 2.4, spent: 2.4, held: 0, left: 0 } });
    expect((await other.call('make_images', wish)).text).toContain('larger budget');
  });

  test('errors of a tool tell what to do', async () => {
    const server = await liveServer();
    const { call } = await assistantOverHttp(server.url, await server.issueKey());
    expect((await call('make_images')).text).toContain('Give either prompts or rows');
    const model = await call('plan_images', { prompts: ['a'], model: 'gpt-image-22' });
    expect(model).toMatchObject({ isError: true });
    expect(model.text).toContain('gpt-image-2');
    expect((await call('run_status', { run: 'r1' })).text).toContain('list_runs');
    const viewer = await assistantOverHttp(server.url, await server.issueKey({ role: 'viewer' }));
    const refused = await viewer.call('make_images', { prompts: ['a'], model: 'demo' });
    expect(refused.text).toContain('Ask the user for a key');
    await server.engine.service.workspaces.create({ id: 'other', balance: 'none' });
    const theirs = await assistantOverHttp(
      server.url,
      await server.issueKey({ workspace: 'other' }),
    );
    const made = await call('make_images', {
      prompts: ['a boat'],
      model: 'demo',
      wait_seconds: 40,
    });
    const { run } = made.data as { run: string };
    const { items } = (await call('list_items', { run })).data as { items: { item: string }[] };
    for (const [tool, more] of [
      ['run_status', {}],
      ['list_items', {}],
      ['get_image', { item: items[0]!.item }],
      ['cancel_run', {}],
    ] as const) {
      expect((await theirs.call(tool, { run, ...more })).isError).toBe(true);
    }
    expect((await theirs.call('list_runs')).data).toEqual({ runs: [], next: null });
  });

  test('pages of other sites, and callers without a key, get nowhere', async () => {
    const { call, url } = await liveServer();
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const headers = { accept: 'application/json, text/event-stream' };
    const ask = (more: Record<string, string>, key?: string) =>
      call('POST', '/mcp', {
        body,
        headers: { ...headers, ...more },
        ...(key !== undefined && { key }),
      });
    expect((await ask({ origin: 'http://evil.example:8787' })).status).toBe(403);
    expect((await ask({}, '')).status).toBe(401);
    expect((await ask({}, 'im_nokeynokeynokeynokeynokeynokeynokey')).status).toBe(401);
    expect((await ask({ origin: url })).status).toBe(200);
    expect((await call('GET', '/mcp')).status).toBe(405);
    expect((await call('DELETE', '/mcp')).status).toBe(405);
  });
});
