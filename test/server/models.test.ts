import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';

interface Listed {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

test('all models are listed with what they cost, take and lack', async () => {
  const { call } = await liveServer({
    config: { vendors: { openai: { apiKey: 'key' } } },
  });
  const answer = await call('GET', '/v1/models?size=1024x1536&quality=high');
  expect(answer.status).toBe(200);
  const { data, next } = (await answer.json()) as Listed;
  expect(next).toBeNull();
  const byId = new Map(data.map((model) => [model['model'], model]));
  expect(byId.get('gpt-image-2')).toMatchObject({
    vendor: 'openai',
    available: true,
    to_use: null,
    batch_maximum: 50,
    usd: 0.165,
    batch_usd: 0.0825,
    lanes: ['live', 'batch'],
    lifecycle: { state: 'active' },
    references: { count: 16 },
  });
  const prices = byId.get('gpt-image-2')!['prices'];
  expect(prices).toContainEqual(
    expect.objectContaining({ size: '1024x1024', quality: 'medium', credits: 2.4, usd: 0.053 }),
  );
  expect(byId.get('demo')).toMatchObject({ available: true });
  const kling = data.find(({ vendor }) => vendor === 'kling')!;
  expect(kling).toMatchObject({ available: false });
  expect(kling['to_use']).toContain('KLING_API_KEY');
  // The installation's own secrets and addresses are nobody's business.
  expect(JSON.stringify(data)).not.toMatch(/base_url|"key"/);
});

test('models are left out by words, and come in pages', async () => {
  const { call } = await liveServer();
  const list = async (query: string) =>
    (await (await call('GET', `/v1/models?${query}`)).json()) as Listed;
  const all = await list('limit=200');
  const active = await list('lifecycle=active&vendor=openai');
  expect(active.data.length).toBeGreaterThan(0);
  expect(active.data.length).toBeLessThan(all.data.length);
  expect(new Set(active.data.map(({ vendor }) => vendor))).toEqual(new Set(['openai']));
  const large = await list('least_prompts=41');
  expect(large.data.map(({ batch_maximum }) => Number(batch_maximum)).every((n) => n > 40)).toBe(
    true,
  );
  const paged: unknown[] = [];
  for (let after = ''; ;) {
    const page = await list(`limit=3${after}`);
    expect(page.data.length).toBeLessThanOrEqual(3);
    paged.push(...page.data.map(({ model }) => model));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(paged).toEqual(all.data.map(({ model }) => model));
});

test('one model is found by an alias, and a misspelled one is answered with names', async () => {
  const { call } = await liveServer();
  expect(await (await call('GET', '/v1/models/openai')).json()).toMatchObject({
    model: 'gpt-image-2',
  });
  const missing = await call('GET', '/v1/models/gpt-image-22');
  expect(missing.status).toBe(404);
  expect(((await missing.json()) as { detail: string }).detail).toContain('gpt-image-2');
  const wrong = await call('GET', '/v1/models?size=large');
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({ problems: [{ field: 'query.size', value: 'large' }] });
});
