import { expect, test } from 'vitest';
import { InputError } from '../../engine/core/errors.ts';
import { planningFault } from './planning-fault.ts';

test('tells what is wrong without the folder of the run', () => {
  const message = 'There is no file /home/of/somebody/runs/r1/sheet/1.part';
  const fault = planningFault(
    new InputError([{ column: 'image', message, remedy: 'Send it again.' }]),
    '/home/of/somebody/runs/r1',
  );
  expect(String(fault)).toContain('There is no file 1.part. Send it again.');
});

test('leaves every other error as it is', () => {
  const error = new Error('broken');
  expect(planningFault(error, '/runs/r1')).toBe(error);
});
