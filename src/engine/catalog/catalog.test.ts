import { describe, expect, test } from 'vitest';
import type { Model } from '../core/model.ts';
import { createCatalog } from './catalog.ts';
import { MODELS } from './models.ts';

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
    expect(catalog.find('gemini-3.1-flash')?.id).toBe('gemini-3.1-flash-image');
    expect(catalog.find('Gemini')?.id).toBe('gemini-nano-banana-2.1');
    expect(catalog.find('wan')?.id).toBe('wan2.7-image');
    expect(catalog.find('dall-e-9')).toBeUndefined();
  });

  test('suggests ids that are spelled alike', () => {
    expect(catalog.suggest('gpt-imgae-2')[0]).toBe('gpt-image-2');
    expect(catalog.suggest('flux-kontekst')[0]).toBe('flux-kontext-pro');
    expect(catalog.suggest('klang')[0]).toBe('kling-v3');
    expect(catalog.suggest('zzzzzzzzz')).toEqual([]);
    expect(catalog.suggest('dall-e-4')).toEqual([]);
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
