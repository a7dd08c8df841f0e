import { expect, test } from 'vitest';
import { MODELS } from '../catalog/models.ts';
import type { Model } from '../core/model.ts';
import { bundleCost } from './bundle-cost.ts';
import { planSplitting } from './bundle-size.ts';

const paid = MODELS.find(({ id }) => id === 'kling-v3')!;

function refusing(cost: NonNullable<Model['refusalCost']>['input']): Model {
  return { ...paid, refusalCost: { input: cost, output: 'nothing', source: 'a price list' } };
}

test('a refusal that costs the pictures makes bundles small, one that costs nothing leaves them large', () => {
  const sizeAt = (model: Model) =>
    planSplitting({ rate: 0.02, most: 50, cost: bundleCost(model) }).fresh;
  expect(sizeAt(refusing('nothing'))).toBe(34);
  expect(sizeAt(refusing('image'))).toBeLessThan(4);
});

test('what nobody knows costs nothing, as the protocol promises', () => {
  expect(bundleCost(refusing('unknown')).refusedPromptMicros).toBe(0);
});

test('a picture of unknown price weighs as much as a request', () => {
  const model = { ...refusing('image'), prices: { ...paid.prices, usd: 'unknown' } } as const;
  expect(bundleCost(model).refusedPromptMicros).toBe(1000);
});

test('a refusal that costs the words costs their bytes', () => {
  const model = {
    ...refusing('prompt'),
    prices: { ...paid.prices, usdMicrosPerPromptByte: 5 },
  } as const;
  expect(bundleCost(model).refusedPromptMicros).toBe(1000);
});
