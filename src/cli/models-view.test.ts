import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { modelJson } from '../api/json/model-json.ts';
import { createCatalog } from '../engine/catalog/catalog.ts';
import { MODELS } from '../engine/catalog/models.ts';
import { DEFAULT_SETTINGS } from '../engine/core/settings.ts';
import type { VendorStanding } from '../engine/engine-types.ts';
import { modelView } from './model-view.ts';
import { modelsView } from './models-view.ts';

const catalog = createCatalog(MODELS);
const view = { colours: picocolors.createColors(false), width: 100 };
const { size, quality } = DEFAULT_SETTINGS;
const openai: VendorStanding = {
  name: 'openai',
  title: 'OpenAI',
  keyVariable: 'OPENAI_API_KEY',
  keyPresent: true,
  baseUrl: 'https://api.openai.com/v1',
};
const kling: VendorStanding = {
  ...openai,
  name: 'kling',
  title: 'Kling',
  keyVariable: 'KLING_API_KEY',
  keyPresent: false,
};

function table(wanted = { size, quality }): string[] {
  return modelsView(catalog, [openai, kling], wanted, view);
}

function lineOf(lines: readonly string[], id: string): string | undefined {
  return lines
    .find((line) => line.startsWith(`  ${id} `))
    ?.replaceAll(/ {2,}/g, ' ')
    .trim();
}

function page(name: string, wanted = { size, quality }): string {
  const model = catalog.find(name)!;
  return modelView(
    catalog,
    model,
    model.vendor === 'openai' ? openai : undefined,
    wanted,
    view,
  ).join('\n');
}

describe('the table of models', () => {
  test('has prices, batches, bounds and abilities of each, under its vendor', () => {
    const lines = table();
    expect(lines[0]).toBe('An image of 1024x1024, medium; figures of 2026-11-22:');
    const heading = lines.indexOf('OpenAI · OPENAI_API_KEY is set');
    expect(lines[heading + 1]).toMatch(/^ {2}gpt-image-2 /);
    expect(lines).toContain('Kling · set KLING_API_KEY to use it');
    expect(lines).toContain('bfl · no such vendor is configured');
    expect(lineOf(lines, 'gpt-image-2')).toBe(
      'gpt-image-2 2.4 $0.053 $0.0265 50 10 16 to 3840x2160 no no',
    );
    expect(lineOf(lines, 'gemini-nano-banana-2.1')).toBe(
      'gemini-nano-banana-2.1 1.4 $0.0336 $0.0168 40 1 14 12 ratios, 1K 2K 4K no yes',
    );
    expect(lineOf(lines, 'kling-v3')).toBe('kling-v3 1.33 $0.028 - 10 9 1 8 ratios, 1k 2k ~ no');
  });

  test('says of a size what it costs, and who cannot make it', () => {
    const lines = table({ size: { width: 2048, height: 2048 }, quality: 'high' });
    expect(lineOf(lines, 'gpt-image-2')).toMatch(/^gpt-image-2 38\.2189 \$0\.844 \$0\.422 /);
    expect(lineOf(lines, 'flux-kontext-pro')).toMatch(/^flux-kontext-pro - - - /);
    expect(lines).toContain(
      'flux-kontext-pro: FLUX Kontext Pro cannot make 2048x2048: at 1:1 it makes 1024x1024 at most',
    );
  });

  test('names what is deprecated, and what is retired with its replacement', () => {
    const text = table().join('\n').replaceAll('\n', ' ');
    expect(text).toContain(
      'gemini-3.1-flash-image: deprecated since 2026-10-06, use gemini-nano-banana-2.1',
    );
    expect(text).toContain('dall-e-3 → gpt-image-2');
    expect(lineOf(table(), 'dall-e-3')).toBeUndefined();
  });

  test('fits a hundred columns, as do the pages of the models', () => {
    const pages = MODELS.flatMap((model) => page(model.id).split('\n'));
    for (const line of [...table(), ...pages]) expect(stringWidth(line), line).toBeLessThan(101);
  });
});

describe('the page of a model', () => {
  test('tells prices by size and quality, limits by tier, and what a refusal costs', () => {
    const text = page('openai');
    expect(text).toMatch(
      /An image +1024x1024, medium: 2\.4 credits, \$0\.053; in a batch 1\.2 credits/,
    );
    expect(text).toMatch(/1024x1536 +0\.23 \/ \$0\.005 +1\.86 \/ \$0\.041 +7\.47 \/ \$0\.165/);
    expect(text).toMatch(/images-per-minute +images in 1 min +learned +5 +20 +50 +150 +250/);
    expect(text).toMatch(/Refusals +of the prompt: nothing; of the picture: not known/);
    expect(text).toMatch(
      /Batch lane +50 % of the price; 500 requests at most; usually 6 h, at most 24 h/,
    );
    expect(text).toContain('2026-05-01; credits of the guide');
  });

  test('prices classes by their names, and says that one price is for all', () => {
    expect(page('gemini-3.1-flash')).toMatch(/\n {2}512 +0\.94 \/ \$0\.045 /);
    expect(page('flux')).toContain('One price for all sizes and qualities');
    const unpriced = createCatalog(MODELS, { flux: { usd: 'unknown' } });
    const lines = modelView(unpriced, unpriced.find('flux')!, undefined, { size, quality }, view);
    expect(lines.join('\n')).toContain('Dollars are not known');
  });

  test('tells the bounds of references, and what is made with one', () => {
    expect(page('wan-pro').replaceAll(/\s+/g, ' ')).toContain(
      '9 at most, each to 20 MB, sides from 240 to 8000, ratio to 8:1, png jpeg webp bmp, makes 2048x2048 at most with one',
    );
    expect(page('kling')).toMatch(/sides from 300, ratio to 2\.5:1/);
  });
});

test('the JSON of a model has all of the entry, and null for what nobody knows', () => {
  const json = modelJson(catalog, catalog.find('openai')!, openai, { size, quality });
  expect(json).toMatchObject({
    model: 'gpt-image-2',
    vendor: 'openai',
    key_present: true,
    credits: 2.4,
    usd: 0.053,
    batch_credits: 1.2,
    batch_usd: 0.0265,
    lifecycle: { state: 'active' },
    references: { count: 16, pixels: null },
    refusal_cost: { input: 'nothing', output: 'unknown' },
    batch: { price_share: 0.5, longest_seconds: 86_400 },
    limits: [
      { name: 'images-per-minute', max: null, seconds: 60 },
      { name: 'requests-per-minute' },
    ],
    tiers: { 'tier-1': { 'images-per-minute': 5 } },
  });
  expect(json.prices.usd).toHaveLength(9);
  const large = { size: { width: 2048, height: 2048 }, quality } as const;
  expect(modelJson(catalog, catalog.find('flux')!, undefined, large)).toMatchObject({
    credits: null,
    usd: null,
    batch: null,
    excluded: expect.stringContaining('cannot make 2048x2048'),
  });
});
