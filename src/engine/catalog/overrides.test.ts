import { describe, expect, test } from 'vitest';
import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { createCatalog } from './catalog.ts';
import { MODELS } from './models.ts';

function corrected(name: string, raw: unknown): Model {
  const model = createCatalog(MODELS, raw).find(name);
  if (!model) throw new Error(`no ${name}`);
  return model;
}

function problemsOf(raw: unknown, vendors?: readonly string[]) {
  try {
    createCatalog(MODELS, raw, vendors);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error('expected problems');
}

describe('a correction of the config file', () => {
  test('may concern every field of an entry', () => {
    const everything = {
      vendor: 'kling',
      wire: 'kling-v3-2026',
      title: 'Kling of the house',
      aliases: ['k3'],
      lifecycle: { state: 'deprecated', since: '2026-12-01', replacement: 'wan' },
      credits: 2.5,
      usd: [
        { size: '1024x1024', quality: 'high', usd: 0.05 },
        { size: 2048, usd: 0.06 },
      ],
      usdPerMillionPromptTokens: 5,
      usdPerReference: 0.001,
      usdOfThoughts: { expected: 0.002, worst: 0.004 },
      batchMaximum: 5,
      imagesPerRequest: 2,
      promptsPerRequest: 3,
      guideSide: 700,
      inAuto: true,
      sizes: { ratios: ['1:1'], classes: { '2k': 2048, '1k': 1024 } },
      promptCharacters: 100,
      negativePrompt: true,
      seed: true,
      formats: ['webp'],
      references: { count: 2, pixels: 1_000_000, largestPicture: 1024 },
      batch: { priceShare: 0.6, longestSeconds: 60 },
      limits: { 'parallel-images': 7, 'images-per-minute': 4, own: { max: 2, seconds: 10 } },
      tiers: { gold: { 'parallel-images': 30 } },
      longestSeconds: { low: 1, medium: 2, high: 3 },
      typicalSeconds: 0.5,
      refusalCost: { output: 'image' },
      source: 'our contract',
      date: '2026-11-30',
    };
    expect(corrected('k3', { kling: everything })).toMatchObject({
      id: 'kling-v3',
      wireId: 'kling-v3-2026',
      title: 'Kling of the house',
      aliases: expect.arrayContaining(['kling', 'k3']),
      lifecycle: { state: 'deprecated', since: '2026-12-01', replacement: 'wan' },
      prices: {
        creditMicros: 2_500_000,
        creditSource: 'ours',
        flat: false,
        usd: [
          { size: { width: 1024, height: 1024 }, quality: 'high', usdMicros: 50_000 },
          { size: { width: 2048, height: 2048 }, usdMicros: 60_000 },
        ],
        usdMicrosPerPromptByte: 5,
        usdMicrosPerReference: 1_000,
        usdMicrosOfThoughts: { expected: 2_000, worst: 4_000 },
        source: 'our contract',
        date: '2026-11-30',
      },
      batchMaximum: 5,
      imagesPerRequest: 2,
      promptsPerRequest: 3,
      guideSide: 700,
      inAuto: true,
      sizes: {
        kind: 'ratio',
        ratios: ['1:1'],
        classes: [
          { name: '1k', square: 1024 },
          { name: '2k', square: 2048 },
        ],
      },
      promptCharacters: 100,
      negativePrompt: 'yes',
      seed: true,
      formats: ['webp'],
      references: {
        count: 2,
        bytes: 10 * 1024 * 1024,
        pixels: 1_000_000,
        largestPicture: { width: 1024, height: 1024 },
      },
      batch: { priceShare: 0.6, longestMs: 60_000, mostRequests: 500 },
      limits: [
        { name: 'parallel-images', kind: 'slots', max: 7 },
        { name: 'images-per-minute', kind: 'window', windowMs: 60_000, max: 4 },
        { name: 'own', kind: 'window', windowMs: 10_000, max: 2, unit: 'requests' },
      ],
      tiers: { gold: { 'parallel-images': 30 } },
      longestCallMs: { low: 1_000, medium: 2_000, high: 3_000 },
      typicalCallMs: { low: 500, medium: 500, high: 500 },
      refusalCost: { input: 'nothing', output: 'image', source: 'our contract' },
      source: 'our contract',
    });
  });

  test('leaves alone what it does not speak of', () => {
    const [own] = MODELS.filter(({ id }) => id === 'gpt-image-2');
    expect(corrected('gpt-image-2', { 'gpt-image-2': {} })).toEqual(own);
    expect(corrected('gpt-image-2', { 'gpt-image-2': { title: 'Ours' } })).toEqual({
      ...own,
      title: 'Ours',
    });
  });

  test('may make the price unknown, and take the batch lane away', () => {
    const model = corrected('openai', { openai: { usd: 'unknown', batch: false } });
    expect(model.prices.usd).toBe('unknown');
    expect(model).not.toHaveProperty('batch');
  });

  test('takes a tier’s figures, and single figures before them', () => {
    const limits = (override: object) =>
      corrected('openai', { openai: override }).limits.map(({ name, max }) => [name, max]);
    expect(limits({ tier: 'tier-3' })).toEqual([
      ['images-per-minute', 50],
      ['requests-per-minute', undefined],
    ]);
    expect(limits({ tier: 'tier-3', limits: { 'images-per-minute': 60 } })[0]).toEqual([
      'images-per-minute',
      60,
    ]);
    expect(limits({ tier: 'own', tiers: { own: { 'requests-per-minute': 7 } } })[1]).toEqual([
      'requests-per-minute',
      7,
    ]);
  });

  test('brings a retired model back where a gateway still serves it', () => {
    const catalog = createCatalog(MODELS, { 'dall-e-3': { lifecycle: 'active' } });
    const model = catalog.find('dall-e-3');
    expect(model && catalog.standing(model)).toEqual({ kind: 'usable' });
  });
});

describe('a new model', () => {
  test('is like another in all but name, standing and place in the guide’s table', () => {
    const raw = { 'gpt-image-2.6-flare': { like: 'openai', credits: 1, usd: 0.02, inAuto: true } };
    const added = corrected('gpt-image-2.6-flare', raw);
    expect(added).toMatchObject({
      vendor: 'openai',
      inAuto: true,
      aliases: [],
      imagesPerRequest: 10,
    });
    expect(added).not.toHaveProperty('guideSide');
    expect(added).not.toHaveProperty('wireId');
    expect(added.prices).toMatchObject({ creditMicros: 1_000_000, flat: true });
  });

  test('may not take a name by which another vendor’s model is known', () => {
    expect(() => createCatalog(MODELS, { flux: { vendor: 'comfy' } })).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ column: 'models.flux', value: 'flux' })],
      }),
    );
  });

  test('may be like another one of the file', () => {
    const raw = { one: { like: 'flux', imagesPerRequest: 3 }, two: { like: 'one', credits: 9 } };
    expect(corrected('two', raw)).toMatchObject({ imagesPerRequest: 3 });
  });

  test('of a vendor alone is a plain one, whose credits follow its dollars', () => {
    const plain = corrected('sdxl', { sdxl: { vendor: 'garage', usd: 0.04 } });
    expect(plain).toMatchObject({
      id: 'sdxl',
      vendor: 'garage',
      imagesPerRequest: 1,
      sizes: { kind: 'free', multipleOf: 8, smallest: { width: 64 }, largest: { width: 2048 } },
      prices: { creditMicros: 1_900_000, flat: true },
      references: { count: 0 },
      refusalCost: { input: 'unknown', output: 'unknown' },
    });
    expect(corrected('free', { free: { vendor: 'garage', usd: 0 } }).prices.creditMicros).toBe(0);
    expect(corrected('dark', { dark: { vendor: 'garage' } }).prices.usd).toBe('unknown');
  });

  test('may be of one vendor and like a model of another', () => {
    const raw = { mine: { like: 'gpt-image-2', vendor: 'gateway', wire: 'openai/gpt-image-2' } };
    expect(corrected('mine', raw)).toMatchObject({
      vendor: 'gateway',
      wireId: 'openai/gpt-image-2',
      formats: ['png', 'jpeg', 'webp'],
    });
    expect(corrected('mine', raw)).not.toHaveProperty('batch');
  });
});

describe('what does not fit', () => {
  test.each([
    [{ flux: { credits: -1 } }, 'models.flux.credits', '-1'],
    [{ flux: { price: 1 } }, 'models.flux.price', '1'],
    [{ flux: { batchMaximum: 0.5 } }, 'models.flux.batchMaximum', '0.5'],
    [{ flux: { sizes: { largest: 'huge' } } }, 'models.flux.sizes.largest', 'huge'],
    [{ flux: { references: { count: 'two' } } }, 'models.flux.references.count', 'two'],
    [{ flux: { references: { size: 3 } } }, 'models.flux.references.size', '3'],
    [{ flux: 3 }, 'models.flux', '3'],
    [[1], 'models', '[1]'],
    [{ nobody: { credits: 1 } }, 'models.nobody', 'nobody'],
    [{ x: { like: 'nobody' } }, 'models.x.like', 'nobody'],
    [{ flux: { tier: 'gold' } }, 'models.flux.tier', 'gold'],
    [{ flux: { limits: { speed: 3 } } }, 'models.flux.limits.speed', 'speed'],
    [
      { flux: { lifecycle: { state: 'retired', since: '2027-01-01', replacement: 'dall-e-3' } } },
      'models.flux-kontext-pro.lifecycle',
      'dall-e-3',
    ],
    [{ wan: { sizes: { ratios: ['1:1'] } } }, 'models.wan.sizes', undefined],
    [{ wan: { sizes: { smallest: 4096 } } }, 'models.wan.sizes', '4096x4096 to 2048x2048'],
  ])('is told with its path, its value and what to write: %j', (raw, column, value) => {
    const problems = problemsOf(raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ column, ...(value !== undefined && { value }) });
    expect(problems[0]?.remedy).toMatch(/\.$/);
  });

  test('is told all at once, of the shape and of the sense', () => {
    const columns = problemsOf({
      flux: { credits: -1, seed: 'maybe', tiers: 3 },
      openai: { tier: 'gold' },
      kling: { aliases: ['wan'] },
      mine: {},
    }).map(({ column, value }) => column ?? value);
    expect(columns).toEqual([
      'models.flux.credits',
      'models.flux.seed',
      'models.flux.tiers',
      'models.openai.tier',
      'models.mine',
      'wan',
    ]);
  });

  test('is guessed at where a field is spelled wrong', () => {
    expect(problemsOf({ flux: { credit: 1 } })[0]?.remedy).toMatch(/^Did you mean credits\?/);
  });

  test('is a vendor that nobody described', () => {
    expect(problemsOf({ x: { vendor: 'garage' } }, ['openai', 'shed'])).toMatchObject([
      { column: 'models.x.vendor', value: 'garage', remedy: expect.stringContaining('shed') },
    ]);
  });
});
