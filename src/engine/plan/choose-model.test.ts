import { describe, expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import type { Model } from '../core/model.ts';
import { parseSize, type Size } from '../core/size.ts';
import { autoCandidates } from './auto-candidates.ts';
import { chooseModel } from './choose-model.ts';

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

/** The guide's third row, at 70 credits for 50 images, is the successor's of its Gemini model. */
const gemini = modelNamed('gemini-nano-banana-2.1');
const guide = [gemini, modelNamed('flux-kontext-pro'), modelNamed('gpt-image-2')];
const catalog = createCatalog(MODELS);

function choice(text: string, candidates: readonly Model[] = guide) {
  return chooseModel(size(text), 'medium', candidates, catalog);
}

describe('the guide’s rule', () => {
  test.each([
    ['512x512', 'gemini-nano-banana-2.1'],
    ['768x768', 'flux-kontext-pro'],
    ['1024x1024', 'gpt-image-2'],
    ['600x400', 'gemini-nano-banana-2.1'],
    ['640x400', 'flux-kontext-pro'],
    ['1360x768', 'gpt-image-2'],
  ])('takes for %s the cheapest model that meets it: %s', (wanted, id) => {
    expect(choice(wanted).model?.id).toBe(id);
  });

  test('takes the dearer model when the cheaper one’s key is missing', () => {
    expect(choice('512x512', guide.slice(2)).model?.id).toBe('gpt-image-2');
  });

  test('compares own prices only where no model meets the size by the table', () => {
    expect(choice('1024x1024', guide.slice(0, 2)).model?.id).toBe('gemini-nano-banana-2.1');
    expect(choice('2048x2048').model?.id).toBe('gemini-nano-banana-2.1');
    expect(choice('3840x2160', guide.slice(1)).model?.id).toBe('gpt-image-2');
  });

  test('explains the choice with prices and exclusions', () => {
    expect(choice('768x768').explanation).toBe(
      'auto, 768x768: FLUX Kontext Pro (1.9 credits), the lowest credits at 1024x1024 of the models that meet this size; dearer: GPT-Image 2.0 (2.4 credits); left out: Gemini Nano Banana 2.1 (guide size 512)',
    );
    expect(choice('2048x2048').explanation).toContain('no guide size reaches it');
  });

  test('gives a tie to the higher guide side, then to the first name, and says so', () => {
    const twin = { ...gemini, id: 'a-twin', title: 'Twin' };
    const wide = { ...gemini, id: 'z-wide', title: 'Wide', guideSide: 768 };
    expect(choice('512x512', [gemini, twin])).toMatchObject({
      model: { id: 'a-twin' },
      explanation: expect.stringContaining('tie with Gemini Nano Banana 2.1: the first name wins'),
    });
    expect(choice('512x512', [gemini, wide])).toMatchObject({
      model: { id: 'z-wide' },
      explanation: expect.stringContaining(
        'tie with Gemini Nano Banana 2.1: the higher guide size wins',
      ),
    });
  });

  test('says that nobody can make a size', () => {
    const { model, explanation } = choice('9000x9000');
    expect(model).toBeUndefined();
    expect(explanation).toContain('no available model can make it');
  });
});

describe('the candidates of auto', () => {
  const ids = (available: readonly string[], auto: readonly string[] = []) =>
    autoCandidates(catalog, new Set(available), new Set(auto)).models.map((model) => model.id);

  test('are the models in auto whose key is there', () => {
    expect(ids(['demo', 'gpt-image-2', 'kling-v3'])).toEqual(['gpt-image-2']);
  });

  test('are joined by those that the config lists', () => {
    expect(ids(['gpt-image-2', 'kling-v3'], ['kling-v3'])).toEqual(['gpt-image-2', 'kling-v3']);
  });

  test('leave a deprecated model out while its replacement is there', () => {
    const [old, successor] = ['gemini-3.1-flash-image', 'gemini-nano-banana-2.1'];
    expect(ids([old, successor], [old])).toEqual([successor]);
    expect(ids([old, 'gpt-image-2'], [old])).toEqual(['gpt-image-2', old]);
  });

  test('never are retired models', () => {
    expect(ids(['dall-e-3', 'gpt-image-2'], ['dall-e-3'])).toEqual(['gpt-image-2']);
  });

  test('are the demo painter alone when no key is there', () => {
    expect(ids(['demo'])).toEqual(['demo']);
  });
});
