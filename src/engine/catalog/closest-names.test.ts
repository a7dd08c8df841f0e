import { expect, test } from 'vitest';
import { closestNames } from './closest-names.ts';

const NAMES = ['gpt-image-2', 'gpt-image-1', 'flux-2-pro', 'wan'];

test.each([
  ['gpt-imge-2', ['gpt-image-2', 'gpt-image-1']],
  ['FLUX 2 pro', ['flux-2-pro']],
  ['flux', ['flux-2-pro']],
  ['dall-e', []],
])('closestNames() of %s', (wanted, close) => {
  expect(closestNames(wanted, NAMES)).toEqual(close);
});

test('closestNames() of a text that is no name takes no time', () => {
  const wanted = 'x'.repeat(100_000);
  const began = performance.now();
  for (let time = 0; time < 20; time += 1) expect(closestNames(wanted, NAMES)).toEqual([]);
  // Compared letter by letter, each takes tens of milliseconds.
  expect(performance.now() - began).toBeLessThan(200);
});
