import { describe, expect, test } from 'vitest';
import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { createCatalog } from './catalog.ts';
import { MODELS } from './models.ts';
import { parseOverrides } from './overrides.ts';

const catalog = createCatalog(MODELS);

function modelNamed(name: string): Model {
  const model = catalog.find(name);
  if (!model) throw new Error(`no ${name} in the catalog`);
  return model;
}

describe('the catalog', () => {
  test('finds a model by id or alias in any case', () => {
    expect(catalog.find('GPT-Image-2.0')?.id).toBe('gpt-image-2');
    expect(catalog.find('openai')?.id).toBe('gpt-image-2');
    expect(catalog.find(' flux ')?.id).toBe('flux-kontext-pro');
    expect(catalog.find('kling-3.0')?.id).toBe('kling-v3');
    expect(catalog.find('dall-e-9')).toBeUndefined();
  });

  test('suggests ids that are spelled alike', () => {
    expect(catalog.suggest('gpt-imgae-2')[0]).toBe('gpt-image-2');
    expect(catalog.suggest('flux-kontekst')[0]).toBe('flux-kontext-pro');
    expect(catalog.suggest('klang')).toEqual(['kling-v3']);
    expect(catalog.suggest('zzzzzzzzz')).toEqual([]);
  });

  test('has every name once, and a base price for every model', () => {
    for (const model of MODELS) {
      expect(model.batchMaximum).toBeGreaterThan(0);
      expect(catalog.imagePrice(model, { width: 1024, height: 1024 }, 'medium')).toEqual({
        creditMicros: model.prices.creditMicros,
        creditSource: 'list',
        usdMicros: expect.any(Number),
        usdSource: 'list',
      });
    }
  });

  test('warns of a deprecated model and refuses a retired one, naming the replacement', () => {
    const demo = modelNamed('demo');
    const since = '2026-10-06';
    expect(catalog.standing(demo)).toEqual({ kind: 'usable' });
    expect(
      catalog.standing({
        ...demo,
        lifecycle: { state: 'deprecated', since, replacement: 'demo-2' },
      }),
    ).toMatchObject({ kind: 'warning', message: expect.stringContaining('demo-2') });
    expect(
      catalog.standing({ ...demo, lifecycle: { state: 'retired', since, replacement: 'demo-2' } }),
    ).toMatchObject({ kind: 'problem', remedy: 'Use demo-2 instead.' });
  });
});

describe('overrides of a config file', () => {
  test('correct prices, limits, batches, aliases and auto', () => {
    const corrected = createCatalog(
      MODELS,
      parseOverrides({
        kling: { credits: 2.5, usd: 'unknown', inAuto: true, aliases: ['k3'], batchMaximum: 5 },
        'gpt-image-2': { tier: 'tier-3', limits: { 'requests-per-minute': 40 } },
      }),
    );
    const kling = corrected.find('K3');
    expect(kling).toMatchObject({ id: 'kling-v3', inAuto: true, batchMaximum: 5 });
    expect(kling?.prices).toMatchObject({ creditMicros: 2_500_000, usd: 'unknown' });
    expect(corrected.find('gpt-image-2')?.limits.map(({ name, max }) => [name, max])).toEqual([
      ['images-per-minute', 50],
      ['requests-per-minute', 40],
    ]);
  });

  test('add a model of a known vendor', () => {
    const added = createCatalog(
      MODELS,
      parseOverrides({
        'gpt-image-2.6-flare': { like: 'gpt-image-2', credits: 1, usd: 0.02, inAuto: true },
      }),
    ).find('gpt-image-2.6-flare');
    expect(added).toMatchObject({ vendor: 'openai', inAuto: true, aliases: [] });
    expect(added?.guideSide).toBeUndefined();
    expect(added?.prices).toMatchObject({ creditMicros: 1_000_000, flat: true });
  });

  test.each([
    [{ 'gpt-image-2': { credits: -1 } }, 'models.gpt-image-2.credits', '-1'],
    [{ 'gpt-image-2': { price: 1 } }, 'models.gpt-image-2', '{"price":1}'],
    [{ flux: { batchMaximum: 0.5 } }, 'models.flux.batchMaximum', '0.5'],
  ])('that are malformed are refused with path and value: %j', (raw, column, value) => {
    const problems = problemsOf(() => parseOverrides(raw));
    expect(problems).toMatchObject([{ column, value }]);
    expect(problems[0]?.remedy).not.toBe('');
  });

  test.each([
    [{ nobody: { credits: 1 } }, 'models.nobody', 'nobody'],
    [{ x: { like: 'nobody' } }, 'models.x.like', 'nobody'],
    [{ flux: { tier: 'gold' } }, 'models.flux.tier', 'gold'],
    [{ flux: { limits: { speed: 3 } } }, 'models.flux.limits.speed', 'speed'],
  ])('that name what is not there are refused: %j', (raw, column, value) => {
    const problems = problemsOf(() => createCatalog(MODELS, parseOverrides(raw)));
    expect(problems).toMatchObject([{ column, value }]);
  });

  test('may not give one name to two models', () => {
    const overrides = parseOverrides({ 'kling-v3': { aliases: ['flux'] } });
    expect(problemsOf(() => createCatalog(MODELS, overrides))).toMatchObject([{ value: 'flux' }]);
  });
});

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error('expected problems');
}
