import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManyPromptsSimulator } from '../../../simulators/many-prompts/many-prompts-simulator.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { planSheet } from '../prepare/plan-sheet.ts';
import { planQuotedSheet, quotedCatalog, type QuotingDeps } from './quote-prices.ts';
import { createManyPromptsLane } from '../vendors/many-prompts/many-prompts.ts';

const BASE = 'https://images.example.com';
const painter = {
  vendor: 'many-prompts',
  credits: 1,
  usd: 0.05,
  references: { count: 4 },
  imagesPerRequest: 4,
};
const catalog = createCatalog(MODELS, { painter });
const clock = new VirtualClock();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quotes-'));
});
afterEach(() => rm(folder, { recursive: true }));

function world(answer?: (request: Request) => Promise<Response>) {
  const simulator = createManyPromptsSimulator({ clock, apiKey: 'k' });
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  const lane = createManyPromptsLane({
    apiKey: 'k',
    baseUrl: BASE,
    clock,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body = (await request.clone().json()) as Record<string, unknown>;
      asked.push({ path: new URL(request.url).pathname, body });
      return (answer ?? ((each) => simulator.fetch(each)))(request);
    },
  });
  const deps: QuotingDeps = {
    catalog,
    config: { vendors: {} },
    laneOf: () => undefined,
    bundleLaneOf: (vendor) => (vendor === 'many-prompts' ? lane : undefined),
    available: ['painter', 'gpt-image-2'],
    autoModels: [],
    howToReach: () => '',
    references: {
      find: async () => ({
        kind: 'picture',
        facts: { hash: 'a', bytes: 1, mediaType: 'image/png', width: 512, height: 512 },
      }),
    },
    clock,
  };
  return { simulator, asked, deps };
}

async function order(sheet: string, settings: Partial<RunSettings> = {}) {
  const file = join(folder, 'sheet.csv');
  await writeFile(file, sheet);
  return { sheet: file, settings: { ...DEFAULT_SETTINGS, models: ['painter'], ...settings } };
}

describe('a plan of a vendor that quotes', () => {
  test('rests on the quoted dollars, and on the catalog’s credits', async () => {
    const { deps, simulator } = world();
    const { plan, quotes, quoteWarnings } = await planQuotedSheet(
      deps,
      await order('prompt\na fox\na hare\n', { count: 3 }),
    );
    expect(quotes).toEqual([
      {
        model: 'painter',
        size: { width: 1024, height: 1024 },
        quality: 'medium',
        references: 0,
        usdMicrosPerImage: 20_000,
      },
    ]);
    expect(plan.expected).toEqual({ creditMicros: 6_000_000, usdMicros: 120_000 });
    expect(plan.worst.usdMicros).toBe(120_000);
    expect(quoteWarnings).toEqual([]);
    expect(simulator.bill.usdMicros).toBe(0);
  });

  test('asks once for each size, quality and number of references, with a pixel for each', async () => {
    const { deps, asked } = world();
    const sheet = await order(
      'prompt,size,image\na,512x512,\nb,512x512,\nc,1024x1024,\nd,1024x1024,https://example.org/private.png\n',
    );
    const { quotes } = await planQuotedSheet(deps, sheet);
    expect(asked.map(({ path }) => path)).toEqual(Array(3).fill('/quote'));
    expect(quotes.map(({ size, references }) => [size.width, references])).toEqual([
      [512, 0],
      [1024, 0],
      [1024, 1],
    ]);
    expect(JSON.stringify(asked)).not.toContain('private');
  });

  test('is the same plan again at the same quotes, as a run needs it', async () => {
    const { deps } = world();
    const sheet = await order('prompt\na fox\n');
    const { plan, quotes } = await planQuotedSheet(deps, sheet);
    const again = await planSheet({ ...deps, catalog: quotedCatalog(catalog, quotes) }, sheet);
    expect(again.plan.hash).toBe(plan.hash);
    expect((await planSheet(deps, sheet)).plan.hash).not.toBe(plan.hash);
  });

  test('keeps the catalog’s price where no quote can be had, and says so', async () => {
    const { deps } = world(async () => new Response('{}', { status: 500 }));
    const { plan, quotes, quoteWarnings } = await planQuotedSheet(deps, await order('prompt\na\n'));
    expect(quotes).toEqual([]);
    expect(plan.expected.usdMicros).toBe(50_000);
    expect(quoteWarnings).toEqual([
      expect.stringMatching(/^many-prompts quoted no price for painter/),
    ]);
  });

  test('does not wait for an answer that never comes', async () => {
    const { deps } = world(
      (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
        }),
    );
    let ended = false;
    const work = planQuotedSheet(deps, await order('prompt\na\n')).finally(() => {
      ended = true;
    });
    while (!ended) await clock.step();
    expect((await work).quoteWarnings).toHaveLength(1);
  });

  test('asks for no more than fifty kinds', async () => {
    const { deps, asked } = world();
    const rows = Array.from({ length: 60 }, (_, place) => `a,${512 + 8 * place}x512`);
    const { plan, quotes, quoteWarnings } = await planQuotedSheet(
      deps,
      await order(`prompt,size\n${rows.join('\n')}\n`),
    );
    expect([asked.length, quotes.length]).toEqual([50, 50]);
    expect(plan.expected.usdMicros).toBe(50 * 20_000 + 10 * 50_000);
    expect(quoteWarnings).toEqual([expect.stringContaining('of others they are the catalog’s')]);
  });
});

test('a plan without such a vendor asks nobody', async () => {
  const { deps, asked } = world();
  const { plan, quotes } = await planQuotedSheet(
    deps,
    await order('prompt\na\n', { models: ['gpt-image-2'] }),
  );
  expect(asked).toEqual([]);
  expect(quotes).toEqual([]);
  expect(plan.expected.usdMicros).toBe(53_002);
});

test('a quoted price names its source', () => {
  const model = catalog.find('painter')!;
  const size = { width: 1024, height: 1024 };
  const quote = {
    model: 'painter',
    size,
    quality: 'medium',
    references: 0,
    usdMicrosPerImage: 7,
  } as const;
  expect(quotedCatalog(catalog, [quote]).imagePrice(model, size, 'medium')).toEqual({
    creditMicros: 1_000_000,
    creditSource: 'list',
    usdMicros: 7,
    usdSource: 'quote',
  });
});
