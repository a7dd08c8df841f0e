import { describe, expect, test } from 'vitest';
import { plannedRow } from '../../../test/support/store-run.ts';
import { InputError } from '../core/errors.ts';
import { readRewrite } from './rewrite-prompt.ts';

const COLUMNS = ['prompt', 'Name', 'Place of it'];
const made = plannedRow(7, { prompt: 'a fox, in oil', name: 'fox' });
const row = {
  ...made,
  row: { ...made.row, cells: { prompt: 'a fox', Name: 'Reynard', 'Place of it': '{prompt}' } },
};

describe('readRewrite()', () => {
  test.each([
    ['studio photo, {prompt}', 'studio photo, a fox, in oil'],
    ['{NAME} at {place of it} no. {row}', 'Reynard at {prompt} no. 7'],
    ['no braces at all', 'no braces at all'],
  ])('makes of %j', (text, prompt) => {
    expect(readRewrite(text, COLUMNS)(row)).toBe(prompt);
  });

  test('knows a row by its name where the sheet has no column of that name', () => {
    expect(readRewrite('{name}', ['prompt'])(row)).toBe('fox');
    expect(readRewrite('{name}!', ['prompt'])(plannedRow(1, { prompt: 'an owl' }))).toBe('!');
  });

  test.each([
    ['{colour} and {prompt}', '{colour}'],
    ['{}', '{}'],
    ['', 'empty'],
  ])('refuses %j, and says what there is', (text, told) => {
    let problem;
    try {
      readRewrite(text, COLUMNS);
    } catch (error) {
      if (error instanceof InputError) [problem] = error.problems;
    }
    expect(problem?.message).toContain(told);
    expect(problem?.remedy).toContain('{prompt}, {name}, {row}, {Place of it}');
  });
});
