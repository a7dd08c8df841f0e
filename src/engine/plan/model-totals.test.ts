import { expect, test } from 'vitest';
import { MODELS } from '../catalog/models.ts';
import type { PlannedRequest } from '../core/plan.ts';
import { ModelTotals } from './model-totals.ts';

const model = MODELS.find(({ id }) => id === 'kling-v3')!;

function request(count: number): PlannedRequest {
  return {
    firstIndex: 1,
    count,
    creditMicrosPerImage: 10,
    worstUsdMicros: count,
    expectedUsdMicros: count,
  };
}

test('a call carries one row’s images', () => {
  const totals = new ModelTotals(model);
  for (const count of [1, 1, 4]) totals.add([request(count)]);
  expect(totals.plan()).toMatchObject({ requests: 3, items: 6, requestSizes: { 1: 2, 4: 1 } });
});

test('where a vendor takes many prompts, rows travel together', () => {
  const totals = new ModelTotals({ ...model, promptsPerRequest: 16 });
  for (let row = 0; row < 40; row += 1) totals.add([request(1)]);
  const plan = totals.plan();
  expect(plan).toMatchObject({ requests: 3, items: 40, requestSizes: { 13: 2, 14: 1 } });
  expect(plan.amount).toEqual({ creditMicros: 400, usdMicros: 40 });
});
