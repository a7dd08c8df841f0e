import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../core/model.ts';
import { covers, parseSize, sizeOfRatio, type Size } from '../core/size.ts';
import { MODELS } from './models.ts';
import { fitSize } from './sizes.ts';

function made(id: string, text: string) {
  const fit = fitSize(modelNamed(id), size(text));
  if (!fit.ok) return fit.message;
  const { asked } = fit;
  const picture = `${asked.made.width}x${asked.made.height}`;
  return asked.kind === 'ratio' ? `${asked.ratio} ${asked.className} ${picture}` : picture;
}

function size(text: string): Size {
  const parsed = parseSize(text);
  if (!parsed) throw new Error(`not a size: ${text}`);
  return parsed;
}

function modelNamed(id: string): Model {
  const model = MODELS.find((each) => each.id === id);
  if (!model) throw new Error(`no ${id}`);
  return model;
}

describe('a model of free sizes', () => {
  test.each([
    ['1024x1024', '1024x1024'],
    ['1536x1024', '1536x1024'],
    ['1000x1000', '1008x1008'],
    ['1920x1080', '1920x1088'],
    ['3840x2160', '3840x2160'],
    ['512x512', '816x816'],
  ])('is asked for the smallest picture that covers %s: %s', (wanted, asked) => {
    expect(made('gpt-image-2', wanted)).toBe(asked);
  });

  test.each(['4096x1024', '300x1000', '3840x3840', '5000x5000'])('cannot make %s', (wanted) => {
    expect(made('gpt-image-2', wanted)).toMatch(`GPT-Image 2.0 cannot make ${wanted}`);
  });

  test.each(['64x64', '1x1', '2048x2048', '333x777'])('demo paints %s', (wanted) => {
    expect(fitSize(modelNamed('demo'), size(wanted)).ok).toBe(true);
  });
});

describe('a model of ratios and classes', () => {
  test.each([
    ['flux-kontext-pro', '1024x1024', '1:1 1mp 1024x1024'],
    ['flux-kontext-pro', '768x768', '1:1 1mp 1024x1024'],
    ['flux-kontext-pro', '1280x720', '16:9 1mp 1360x768'],
    ['kling-v3', '1024x1024', '1:1 1k 1024x1024'],
    ['kling-v3', '1920x1080', '16:9 2k 2736x1536'],
  ])('%s is asked for the smallest that covers %s: %s', (id, wanted, asked) => {
    expect(made(id, wanted)).toBe(asked);
  });

  test('says which ratios it makes, and what its largest picture is', () => {
    expect(made('kling-v3', '1000x300')).toMatch('it makes the ratios 16:9, 9:16');
    expect(made('flux-kontext-pro', '2048x2048')).toMatch('at 1:1 it makes 1024x1024 at most');
  });

  test('makes every ratio of its list at the area of its classes', () => {
    for (const model of MODELS) {
      if (model.sizes.kind !== 'ratio') continue;
      for (const ratio of model.sizes.ratios) {
        const [across = 1, down = 1] = ratio.split(':').map(Number);
        const wanted = sizeOfRatio(across, down, { width: 1024, height: 1024 });
        expect(fitSize(model, wanted), `${model.id} ${ratio}`).toMatchObject({ ok: true });
      }
    }
  });
});

test('what a model is asked for always covers what is wanted', () => {
  const side = fc.integer({ min: 1, max: 4200 });
  fc.assert(
    fc.property(fc.constantFrom(...MODELS), side, side, (model, width, height) => {
      const fit = fitSize(model, { width, height });
      return !fit.ok || covers(fit.asked.made, { width, height });
    }),
    { numRuns: 300 },
  );
});
