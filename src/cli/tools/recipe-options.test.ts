import { describe, expect, test } from 'vitest';
import { formatRecipe, type ReadRecipe } from '../../engine/core/recipe.ts';
import { convertRecipe, finishRecipe, upscaleRecipe } from './recipe-options.ts';

const text = (read: ReadRecipe) => ('recipe' in read ? formatRecipe(read.recipe) : read.problems);
const messages = (read: ReadRecipe) =>
  'problems' in read ? read.problems.map(({ message }) => message) : [];

describe('options become a recipe', () => {
  test('upscale: twice with the usual method, or as it is said', () => {
    expect(text(upscaleRecipe({}))).toMatch(/^upscale 2x (learned|lanczos)$/);
    const all = { factor: '4', method: 'lanczos', format: 'webp', quality: '82' };
    expect(text(upscaleRecipe(all))).toBe('upscale 4x lanczos; webp 82');
    expect(text(upscaleRecipe({ factor: '3x', method: 'learned' }))).toBe('upscale 3x learned');
  });

  test('convert: a format with a quality, a target of bytes, or lossless', () => {
    expect(text(convertRecipe({ format: 'webp' }))).toBe('webp');
    expect(text(convertRecipe({ format: 'JPG', quality: '90' }))).toBe('jpeg 90');
    expect(text(convertRecipe({ format: 'avif', maxBytes: '200KB' }))).toBe('avif 200KB');
    expect(text(convertRecipe({ format: 'avif', maxBytes: '30000' }))).toBe('avif 30KB');
    expect(text(convertRecipe({ format: 'webp', lossless: true }))).toBe('webp lossless');
    expect(text(convertRecipe({ format: 'png', lossless: true }))).toBe('png');
  });

  test('convert: crops, sizes and what stays of a picture', () => {
    expect(text(convertRecipe({ crop: '16:9', position: 'top', format: 'webp' }))).toBe(
      'crop 16:9 top; webp',
    );
    const padded = { resize: '512x512', fit: 'pad', background: '#ff0000' };
    expect(text(convertRecipe(padded))).toBe('resize 512x512 pad #ff0000');
    expect(text(convertRecipe({ resize: '1024x' }))).toBe('resize 1024x inside');
  });

  test('convert: each size is a file with a name', () => {
    const sizes = { size: ['1024x1024', 'thumb=256x256'], format: 'webp', quality: '80' };
    expect(text(convertRecipe(sizes))).toBe(
      '1024x1024: resize 1024x1024 cover; webp 80 | thumb: resize 256x256 cover; webp 80',
    );
    expect(text(convertRecipe({ size: ['300x200'] }))).toBe('resize 300x200 cover');
    expect(text(convertRecipe({ size: ['small=300x200'] }))).toBe('small: resize 300x200 cover');
  });

  test('finish: the recipe itself', () => {
    expect(text(finishRecipe({ recipe: 'webp 82 | thumb: resize 64x64' }))).toBe(
      'webp 82 | thumb: resize 64x64 cover',
    );
    expect(messages(finishRecipe({}))).toEqual(['There is no recipe']);
  });
});

describe('what is wrong is told at once', () => {
  test('values that are none', () => {
    const wrong = { format: 'bmp', fit: 'squeeze', position: 'up', resize: '10x10' };
    expect(messages(convertRecipe(wrong))).toEqual([
      '--fit is not understood',
      '--position is not understood',
      '--format is not understood',
    ]);
    expect(messages(upscaleRecipe({ factor: '5', method: 'magic' }))).toEqual([
      '--factor is not understood',
      '--method is not understood',
    ]);
    const all = { ...wrong, crop: '16x9', resize: 'large', background: 'red', quality: '0' };
    expect(messages(convertRecipe({ ...all, format: 'webp' }))).toEqual([
      '--fit is not understood',
      '--position is not understood',
      '--background is not understood',
      'This is no crop',
      'This is no size',
      'This is no quality',
    ]);
    const twice = { size: ['8x8', '9x9'], fit: 'squeeze', crop: '16x9' };
    expect(messages(convertRecipe(twice))).toEqual(['--fit is not understood', 'This is no crop']);
    expect(messages(convertRecipe({ format: 'tiff' }))).toEqual(['--format is not understood']);
    expect(messages(convertRecipe({ format: 'png', quality: '50' }))).toEqual([
      '--quality is nothing for PNG, which keeps every pixel',
    ]);
    expect(messages(convertRecipe({ format: 'jpg', lossless: true }))).toEqual([
      '--lossless cannot be done by JPEG',
    ]);
    expect(messages(convertRecipe({ resize: 'large' }))).toEqual(['This is no size']);
    expect(messages(convertRecipe({ crop: 'wide' }))).toEqual(['This is no crop']);
    expect(messages(convertRecipe({ format: 'webp', quality: '101' }))).toEqual([
      'This is no quality',
    ]);
  });

  test('options that do not go together, or need another', () => {
    expect(messages(convertRecipe({}))).toEqual(['There is nothing to do']);
    expect(messages(convertRecipe({ format: 'webp', quality: '8', lossless: true }))).toEqual([
      'Only one of these can be kept to',
    ]);
    expect(messages(convertRecipe({ resize: '8x8', size: ['9x9'] }))).toContain(
      '--resize cannot stand beside --size',
    );
    expect(messages(convertRecipe({ quality: '80', resize: '8x8' }))).toEqual([
      '--quality needs a format',
    ]);
    expect(messages(convertRecipe({ fit: 'pad', format: 'webp' }))).toEqual(['--fit needs a size']);
    expect(messages(convertRecipe({ position: 'top', format: 'webp' }))).toEqual([
      '--position needs a crop',
    ]);
    expect(messages(convertRecipe({ resize: '8x8', background: '#ffffff' }))).toEqual([
      'A colour fills only what pad leaves free',
    ]);
  });

  test('a value cannot bring other steps along', () => {
    expect(messages(convertRecipe({ resize: '512x512; webp 3' }))).toEqual([
      '--resize is not understood',
    ]);
    expect(messages(convertRecipe({ format: 'webp', quality: '82 | x: png' }))).toEqual([
      '--quality is not understood',
    ]);
    expect(messages(convertRecipe({ size: ['a|b=1x1'] }))).not.toEqual([]);
  });
});
