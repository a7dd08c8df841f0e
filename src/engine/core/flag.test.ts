import { expect, test } from 'vitest';
import { type Flag, FLAG_KINDS, flagText } from './flag.ts';

test('every flag has words of its own', () => {
  const flags: readonly Flag[] = [
    { kind: 'near-duplicate', row: 12, index: 1 },
    { kind: 'exact-duplicate', row: 12, index: 3 },
    { kind: 'low-detail', share: 0.08 },
    { kind: 'screened', label: 'sexy', score: 0.83 },
    { kind: 'missing-file' },
    { kind: 'changed-file', output: 'thumb' },
    { kind: 'unmarked' },
    { kind: 'broken-credentials' },
  ];
  expect(flags.map(flagText)).toEqual([
    'near-duplicate of row 12',
    'exact-duplicate of row 12 image 3',
    'low detail (8 % of the median)',
    'flagged for review: sexy 83 %',
    'file is missing',
    'thumb: file was changed',
    'marks are gone',
    'content credentials do not hold',
  ]);
});

test('no kind is listed twice', () => {
  expect(new Set(FLAG_KINDS).size).toBe(FLAG_KINDS.length);
});
