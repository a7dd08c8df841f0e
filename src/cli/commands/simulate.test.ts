import { expect, test } from 'vitest';
import { FAULTS } from '../../../simulators/behaviour.ts';
import { InputError } from '../../engine/core/errors.ts';
import { readFlags, type SimulateFlags } from './simulate.ts';

function problems(flags: SimulateFlags): readonly string[] {
  try {
    readFlags(flags, FAULTS);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

test('takes a share of refusals or a pattern, and faults by name', () => {
  const fault = ['status503=0.5', 'replyLost=0.5'];
  expect(readFlags({ refuse: '0.05', fault }, FAULTS)).toMatchObject({
    refusals: { share: 0.05 },
    faults: { status503: 0.5, replyLost: 0.5 },
  });
  expect(readFlags({ refuse: 'dragon|knight' }, FAULTS).refusals).toEqual({
    pattern: 'dragon|knight',
  });
});

test.each(['(', '1.5', '-1'])('--refuse %s is told, neither a share nor a pattern', (refuse) => {
  expect(problems({ refuse })).toEqual(['--refuse is neither a share nor a pattern']);
});

test('faults that are more than all requests are told', () => {
  expect(problems({ fault: ['replyLost=0.9', 'hang=0.9'] })).toEqual([
    'The shares of all --fault together are above 1',
  ]);
});
