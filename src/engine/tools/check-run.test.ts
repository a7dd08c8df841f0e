import { expect, test } from 'vitest';
import type { Flag } from '../core/flag.ts';
import { mergeFlags } from './check-run.ts';

const TWIN: Flag = { kind: 'near-duplicate', row: 3, index: 1 };
const DRIFT: Flag = { kind: 'drifted', from: 'start' };
const SCREENED: Flag = { kind: 'screened', label: 'sexy', score: 0.8 };

test('what the run found itself stays, and is not said twice', () => {
  const other: Flag = { kind: 'near-duplicate', row: 9, index: 1 };
  expect(
    mergeFlags([TWIN, DRIFT], [other, { kind: 'missing-file' }], { isScreened: false }),
  ).toEqual([TWIN, DRIFT, { kind: 'missing-file' }]);
  expect(mergeFlags([DRIFT], [other], { isScreened: false })).toEqual([DRIFT, other]);
});

test('what a check said before, and no longer holds, is gone', () => {
  const before: Flag[] = [TWIN, { kind: 'missing-file' }, { kind: 'low-detail', share: 0.1 }];
  expect(mergeFlags(before, [], { isScreened: false })).toEqual([TWIN]);
});

test('what screening said is only taken back by screening', () => {
  expect(mergeFlags([SCREENED], [{ kind: 'unmarked' }], { isScreened: false })).toEqual([
    { kind: 'unmarked' },
    SCREENED,
  ]);
  expect(mergeFlags([TWIN, SCREENED], [], { isScreened: true })).toEqual([TWIN]);
});
