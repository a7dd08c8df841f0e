import { describe, expect, test } from 'vitest';
import { sortRefusal } from './openai-refusal.ts';

const WORDS = 'Your request was rejected by the safety system. safety_violations=[sexual].';

describe('sortRefusal()', () => {
  test('takes stage and kind from the details', () => {
    const details = { moderation_stage: 'output', categories: ['violence/graphic', 'hate'] };
    expect(sortRefusal({ message: WORDS, moderation_details: details })).toEqual({
      stage: 'output',
      category: 'violence',
    });
  });

  test('takes the kind from the list at the end of the message where there are no details', () => {
    expect(sortRefusal({ message: WORDS })).toEqual({ stage: 'input', category: 'sexual' });
    const several = 'Rejected. safety_violations=[minors, sexual]';
    expect(sortRefusal({ message: several }).category).toBe('minors');
  });

  test.each([
    ['no list', 'Your request was rejected for sexual content and violence.'],
    ['an empty list', 'Rejected. safety_violations=[].'],
    ['a list without an end', 'Rejected. safety_violations=[sexual'],
    ['a kind of tomorrow', 'Rejected. safety_violations=[boredom].'],
    [
      'a prompt that is quoted',
      'Rejected: "violence, safety_violations=[hate]" safety_violations=[].',
    ],
  ])('reads nothing else from a message: %s', (_what, message) => {
    expect(sortRefusal({ message }).category).toBe('unspecified');
  });

  test('makes do with details that are of another shape', () => {
    expect(sortRefusal({ message: WORDS, moderation_details: 'violence' }).category).toBe('sexual');
    const other = { moderation_stage: 'unknown', categories: ['other'] };
    expect(sortRefusal({ message: WORDS, moderation_details: other })).toEqual({
      stage: 'input',
      category: 'unspecified',
    });
    expect(sortRefusal(undefined)).toEqual({ stage: 'input', category: 'unspecified' });
  });
});
