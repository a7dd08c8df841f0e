import { expect, test } from 'vitest';
import { createCatalog } from './catalog/catalog.ts';
import { MODELS } from './catalog/models.ts';
import { checkAccounts } from './check-accounts.ts';
import { InputError } from './core/errors.ts';

const catalog = createCatalog(MODELS);

function problems(config: Parameters<typeof checkAccounts>[0]) {
  try {
    checkAccounts(config, catalog);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

test('takes tiers, limits and models that are there', () => {
  const vendors = {
    openai: { tier: 'tier-3', limits: { 'images-per-minute': 50 } },
    kling: { limits: { 'parallel-images': 5 } },
    bfl: { concurrency: 8 },
  };
  expect(problems({ vendors, autoModels: ['kling-v3'] })).toEqual([]);
});

test('names every tier, limit and model that would change nothing, and what there is', () => {
  const vendors = {
    openai: { tier: 'tier-9', limits: { 'images-per-hour': 5 } },
    bfl: { tier: 'tier-1' },
  };
  expect(problems({ vendors, autoModels: ['nope', 'kling'] })).toMatchObject([
    { column: 'vendors.openai.tier', value: 'tier-9', remedy: expect.stringContaining('tier-5') },
    {
      column: 'vendors.openai.limits',
      value: 'images-per-hour',
      remedy: expect.stringContaining('images-per-minute'),
    },
    { column: 'vendors.bfl.tier', value: 'tier-1', remedy: 'It has none: leave it out.' },
    { column: 'auto', value: 'nope', remedy: expect.stringContaining('kling-v3') },
    { column: 'auto', value: 'kling', remedy: 'Write its id: kling-v3.' },
  ]);
});
