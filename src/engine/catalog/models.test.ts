import { describe, expect, test } from 'vitest';
import type { Model } from '../core/model.ts';
import { QUALITIES } from '../core/quality.ts';
import { createCatalog } from './catalog.ts';
import { MODELS } from './models.ts';

const catalog = createCatalog(MODELS);
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const usable = MODELS.filter((model) => catalog.standing(model).kind !== 'problem');

function modelNamed(id: string): Model {
  const model = catalog.find(id);
  if (!model) throw new Error(`no ${id}`);
  return model;
}

describe('the guide’s figures', () => {
  test.each([
    ['gpt-image-2', 50, 120, 1024],
    ['flux-kontext-pro', 30, 95, 768],
    ['gemini-nano-banana-2.1', 40, 70, 512],
    ['gemini-3.1-flash-image', 40, 70, undefined],
  ])('%s: %d prompts a batch, %d credits for 50 images', (id, batch, credits, side) => {
    const model = modelNamed(id);
    const { creditMicros } = catalog.imagePrice(model, { width: 1024, height: 1024 }, 'medium');
    expect(model.batchMaximum).toBe(batch);
    expect(50 * creditMicros).toBe(credits * 1_000_000);
    expect(model.prices.creditSource).toBe('guide');
    expect(model.guideSide).toBe(side);
  });

  test.each(['kling-v3', 'kling-v3-omni', 'wan2.7-image', 'wan2.7-image-pro'])(
    '%s: 10 prompts a batch, and our credits in proportion to FLUX Kontext’s dollars',
    (id) => {
      const model = modelNamed(id);
      const { usdMicros } = catalog.imagePrice(model, { width: 1024, height: 1024 }, 'medium');
      expect(model.batchMaximum).toBe(10);
      expect(model.prices.creditMicros / ((usdMicros ?? 0) * 47.5)).toBeCloseTo(1, 2);
      expect(model.prices.creditSource).toBe('ours');
    },
  );
});

describe('every entry', () => {
  test('has sources and dates', () => {
    for (const { id, source, prices, refusalCost, limits, batch } of MODELS) {
      expect(prices.date, id).toMatch(DAY);
      if (batch) expect(batch.date, id).toMatch(DAY);
      const sources = [source, prices, refusalCost, ...limits, ...(batch ? [batch] : [])].map(
        (each) => (typeof each === 'string' ? each : each.source),
      );
      for (const text of sources) expect(text.length, id).toBeGreaterThan(10);
    }
  });

  test('has a price for each size that it makes, at each quality', () => {
    for (const model of usable) {
      const squares = model.sizes.kind === 'ratio' ? model.sizes.classes : [{ square: 1024 }];
      for (const { square } of squares) {
        for (const quality of QUALITIES) {
          const price = catalog.imagePrice(model, { width: square, height: square }, quality);
          expect(price.usdMicros, `${model.id} ${square} ${quality}`).toEqual(expect.any(Number));
          expect(price.usdSource, model.id).toBe('list');
        }
      }
    }
  });

  test('costs no less for a larger class', () => {
    for (const model of usable) {
      if (model.sizes.kind === 'free') continue;
      const prices = model.sizes.classes.map(
        ({ square }) =>
          catalog.imagePrice(model, { width: square, height: square }, 'medium').usdMicros ?? 0,
      );
      expect(prices, model.id).toEqual(prices.toSorted((one, other) => one - other));
    }
  });

  test('knows the figures of its tiers by the names of its limits', () => {
    for (const { id, limits, tiers } of MODELS) {
      const names = limits.map(({ name }) => name);
      for (const figures of Object.values(tiers)) {
        for (const name of Object.keys(figures)) expect(names, id).toContain(name);
      }
    }
  });

  test('that is deprecated or retired names a usable replacement and a day', () => {
    const ended = MODELS.filter(({ lifecycle }) => lifecycle.state !== 'active');
    expect(ended.map(({ id }) => id).toSorted()).toEqual([
      'dall-e-2',
      'dall-e-3',
      'gemini-2.5-flash-image',
      'gemini-3.1-flash-image',
      'gemini-3.1-flash-image-preview',
      'gpt-image-1',
    ]);
    for (const { lifecycle } of ended) {
      if (lifecycle.state === 'active') continue;
      expect(lifecycle.since).toMatch(DAY);
      expect(modelNamed(lifecycle.replacement).lifecycle.state).toBe('active');
    }
  });

  test('that is not active is never in auto', () => {
    const inAuto = MODELS.filter((model) => model.inAuto);
    expect(inAuto.map(({ lifecycle }) => lifecycle.state)).toEqual(Array(3).fill('active'));
  });

  test('with a batch lane is of OpenAI or Google, at half the price', () => {
    const batched = MODELS.filter((model) => model.batch);
    expect(batched.map(({ id }) => id)).toEqual([
      'gpt-image-2',
      'gemini-nano-banana-2.1',
      'gemini-3.1-flash-image',
    ]);
    for (const { batch } of batched) expect(batch?.priceShare).toBe(0.5);
  });
});
