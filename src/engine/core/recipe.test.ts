import { describe, expect, test } from 'vitest';
import { formatRecipe, parseBytes, parseRecipe, type Recipe } from './recipe.ts';

function recipeOf(text: string): Recipe {
  const read = parseRecipe(text);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.recipe;
}

function problemsOf(text: string): string[] {
  const read = parseRecipe(text);
  return 'problems' in read
    ? read.problems.map(({ value, message }) => `${value}: ${message}`)
    : [];
}

describe('a recipe', () => {
  test('is read step by step', () => {
    expect(recipeOf('upscale 2x; webp 82')).toEqual({
      outputs: [
        {
          steps: [
            { kind: 'upscale', factor: 2, method: 'learned' },
            { kind: 'encode', format: 'webp', quality: 82 },
          ],
        },
      ],
    });
  });

  test('makes several files of one master', () => {
    const { outputs } = recipeOf('webp 200KB | banner: crop 16:9 top; resize 1600x; jpg 90');
    expect(outputs.map(({ name }) => name)).toEqual([undefined, 'banner']);
    expect(outputs[1]?.steps).toEqual([
      { kind: 'crop', ratio: { width: 16, height: 9 }, position: 'top' },
      { kind: 'resize', width: 1600, fit: 'inside', position: 'center' },
      { kind: 'encode', format: 'jpeg', quality: 90 },
    ]);
    expect(outputs[0]?.steps).toEqual([{ kind: 'encode', format: 'webp', mostBytes: 200_000 }]);
  });

  test.each([
    'upscale 4x lanczos; avif 55',
    'resize 512x512 pad #ffffff; png',
    'resize x768 inside; webp lossless',
    'crop 4:5 attention; jpeg | thumb: resize 128x128 cover top; webp 70',
  ])('is written as it was read: %s', (text) => {
    const recipe = recipeOf(text);
    expect(recipeOf(formatRecipe(recipe))).toEqual(recipe);
  });

  test.each(['webp 200KB', 'jpeg 2MB', 'avif 1234B'])('writes sizes as people do: %s', (text) => {
    expect(formatRecipe(recipeOf(text))).toBe(text);
  });

  test('tells everything that is wrong with it at once', () => {
    expect(problemsOf('upscale 5x; sharpen; webp 200 | a b: png | png 9 | jpeg lossless')).toEqual([
      'upscale 5x: This is no enlargement',
      'sharpen: There is no such step',
      'webp 200: This is no quality',
      'a b: png: There is no such step',
      'png 9: A word of this is not understood',
      'jpeg lossless: This is no quality',
      expect.stringContaining('Two outputs have no name'),
    ]);
  });

  test.each([
    ['', ': Nothing is said to do'],
    ['webp 82; resize 10x10', 'resize 10x10 cover: This step comes after the format'],
    ['upscale 2x; upscale 2x', 'upscale: It is enlarged twice'],
    ['a: png | a: webp', 'a: Two outputs have this name'],
    ['../x: png', '../x: This is no name of an output'],
    ['resize 0x10', 'resize 0x10: This is no size'],
    ['resize 99999x10', 'resize 99999x10: This is no size'],
    ['resize 10x10 #ffffff', 'resize 10x10 #ffffff: A colour fills only what pad leaves free'],
    ['crop 0:9', 'crop 0:9: This is no crop'],
  ])('is refused: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('reads sizes of files', () => {
    expect(['200KB', '1.5mb', '900 B', '12'].map(parseBytes)).toEqual([
      200_000,
      1_500_000,
      900,
      undefined,
    ]);
  });
});
