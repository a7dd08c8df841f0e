import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fillPlaceholders, placeholdersIn, valuesOf } from './placeholders.ts';

const values = { prompt: 'a fox', seed: 7, negative_prompt: undefined };

describe('fillPlaceholders()', () => {
  test('gives a text that is one placeholder the value itself', () => {
    expect(fillPlaceholders({ seed: '{{seed}}', text: ' {{ prompt }} ' }, values)).toEqual({
      seed: 7,
      text: 'a fox',
    });
  });

  test('leaves a field out that has no value, in objects and in lists', () => {
    const template = { a: { negative: '{{negative_prompt}}', steps: 20 }, b: ['{{mask}}', 1] };
    expect(fillPlaceholders(template, values)).toEqual({ a: { steps: 20 }, b: [1] });
  });

  test('fills in the middle of a text, where a missing value is nothing', () => {
    const template = { prompt: '{{prompt}}|{{negative_prompt}}<seed:{{seed}}>' };
    expect(fillPlaceholders(template, values)).toEqual({ prompt: 'a fox|<seed:7>' });
  });

  test('does not read what was filled in', () => {
    const filled = fillPlaceholders(
      { prompt: 'x {{prompt}}' },
      { prompt: 'sign: {{seed}}', seed: 7 },
    );
    expect(filled).toEqual({ prompt: 'x sign: {{seed}}' });
  });

  test('leaves everything else as it is', () => {
    const template = { list: ['4', 0], flag: true, none: null, braces: '{a|b} {{Not One}}' };
    expect(fillPlaceholders(template, values)).toEqual(template);
  });
});

test('placeholdersIn() finds the names at every depth', () => {
  const template = { a: ['{{seed}}', { b: '{{width}}x{{height}}' }], c: 3 };
  expect([...placeholdersIn(template)]).toEqual(['seed', 'width', 'height']);
});

test('a request has a value for everything that it says', () => {
  const request = laneRequest({ seed: 3, count: 2, size: { width: 1024, height: 768 } });
  expect(valuesOf(request)).toMatchObject({ seed: 3, count: 2, size: '1024x768', format: 'png' });
});
