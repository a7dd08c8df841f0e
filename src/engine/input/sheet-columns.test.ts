import { describe, expect, test } from 'vitest';
import { mapColumns } from './sheet-columns.ts';

describe('mapColumns()', () => {
  test.each([
    ['prompt, name, seed', { prompt: 'prompt', name: 'name', seed: 'seed' }],
    [
      'PROMPT, Negative-Prompt, Aspect Ratio',
      { PROMPT: 'prompt', 'Negative-Prompt': 'negative_prompt', 'Aspect Ratio': 'aspect_ratio' },
    ],
    [
      'caption, neg prompt, ar, n',
      { caption: 'prompt', 'neg prompt': 'negative_prompt', ar: 'aspect_ratio', n: 'count' },
    ],
    ['id, title, prompt', { title: 'name', prompt: 'prompt' }],
    ['id, prompt', { id: 'name', prompt: 'prompt' }],
    ['description, prompt, mood', { prompt: 'prompt' }],
    ['prompt, image_2, image_1', { prompt: 'prompt', image_2: 'image', image_1: 'image' }],
    ['prompt, image, ref3', { prompt: 'prompt', image: 'image', ref3: 'image' }],
    ['prompt, image, image_url', { prompt: 'prompt', image: 'image' }],
    [
      'text, width, height, model, style',
      { text: 'prompt', width: 'width', height: 'height', model: 'model', style: 'style' },
    ],
  ])('gives %s their meanings', (headings, mapping) => {
    expect(mapColumns(headings.split(', '), {}, [])).toEqual({ mapping, problems: [] });
  });

  test('an explicit mapping takes the meaning from the usual heading', () => {
    const { mapping } = mapColumns(['prompt', 'shot'], { shot: 'prompt' }, []);
    expect(mapping).toEqual({ shot: 'prompt' });
  });

  test('a heading mapped twice or two headings for one meaning are problems with a way out', () => {
    const twice = mapColumns(['a', 'b'], { a: 'prompt', b: 'prompt' }, []);
    expect(twice.problems).toMatchObject([
      { message: 'The columns "a", "b" are both mapped to prompt' },
    ]);
    const unsure = mapColumns(['prompt', 'resolution', 'dimensions'], {}, []);
    expect(unsure.problems[0]?.remedy).toContain('--map "resolution=size"');
  });
});
