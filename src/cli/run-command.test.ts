import { describe, expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

describe('the command that makes what was planned', () => {
  test('is the sheet alone when nothing was given', () => {
    expect(runCommand('cats.csv', { json: true })).toBe('imagemill run cats.csv');
  });

  test('repeats every option that was given, so that it can be copied', () => {
    const options = { map: ['image=', 'aspect_ratio='], batchSize: '50', skipBadRows: true };
    expect(runCommand('cats.csv', { ...options, home: '/h' })).toBe(
      'imagemill run cats.csv --batch-size 50 --map image= --map aspect_ratio= --skip-bad-rows --home /h',
    );
  });

  test('quotes what a shell would read otherwise', () => {
    expect(runCommand("my cat's.csv", { name: '{row}' })).toBe(
      `imagemill run 'my cat'\\''s.csv' --name '{row}'`,
    );
  });
});
