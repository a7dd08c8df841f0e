import { expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { createModelResolver } from './resolve-model.ts';
import { rowWish } from './row-wish.ts';

test('auto says once why it took a model for many sizes, and names the sizes', () => {
  const access = {
    catalog: createCatalog(MODELS),
    available: ['gpt-image-2', 'flux-kontext-pro', 'gemini-nano-banana-2.1'],
  };
  const resolver = createModelResolver({ models: ['auto'], rotateEvery: 30 }, access);
  const sides = [1024, 1008, 992, 976, 960, 944, 928, 912, 896, 880];
  for (const side of sides) {
    const size = { width: side, height: side };
    const row = { number: 1, line: 2, prompt: 'a fox', size, references: [], cells: {} };
    resolver.resolve(undefined, rowWish(row, DEFAULT_SETTINGS, undefined));
  }
  const chosen = resolver.explanations().slice(1);
  expect(chosen).toHaveLength(1);
  expect(chosen[0]).toMatch(
    /^auto, 1024x1024, 1008x1008, .*, 912x912 and 2 more: GPT-Image 2.0 \(2.4 credits\), the lowest/,
  );
});
