import { describe as suite, expect, test } from 'vitest';
import { describe } from './words.ts';

const read = (prompt: string, negative = '', draw = 0) => describe(prompt, negative, () => draw);

suite('describe()', () => {
  test.each([
    ['a mountain lake at sunset', 'lake', 'sunset'],
    ['the skyline of Manhattan at night', 'city', 'night'],
    ['a lighthouse in the evening', 'sea', 'sunset'],
    ['a ringed planet in deep space', 'space', 'day'],
    ['sand dunes at sunrise', 'desert', 'dawn'],
    ['an abstract pattern', 'abstract', 'day'],
  ])('%s is painted as %s at %s', (prompt, scene, time) => {
    expect(read(prompt)).toMatchObject({ scene, time });
  });

  test('a subject without a scene is painted where it is at home', () => {
    expect(read('a fish')).toMatchObject({ scene: 'underwater', subjects: ['fish'] });
    expect(read('a blue mug')).toMatchObject({ scene: 'studio', subjects: ['mug'] });
  });

  test('plurals and numbers are understood, up to three subjects', () => {
    expect(read('two cats').subjects).toEqual(['cat', 'cat']);
    expect(read('a cat, a dog, a bird and a robot').subjects).toEqual(['cat', 'dog', 'bird']);
  });

  test('a colour belongs to the subject, or without one to the whole picture', () => {
    expect(read('a red car').subjectColour).toBeDefined();
    expect(read('a red car').tint).toBeUndefined();
    expect(read('a red desert').tint).toBeDefined();
  });

  test('words of the negative prompt are not painted', () => {
    const description = read('a man and his dog in a city at night', 'people, city, night');
    expect(description.subjects).toEqual(['dog']);
    expect(description.scene).not.toBe('city');
    expect(description.time).not.toBe('night');
    expect(description.omitted.has('person')).toBe(true);
  });

  test('an unwanted thing is taken out of its place, an unwanted place is left', () => {
    expect(read('a beach', 'lighthouse').scene).toBe('sea');
    expect(read('an owl', 'forest').scene).toBe('snow');
  });

  test('a negative colour and negative details are left out', () => {
    expect(read('a red car', 'red').subjectColour).toBeUndefined();
    expect(read('a car', 'red, ugly').unwantedColours).toHaveLength(1);
    expect(read('a lake', 'clouds, boats').omitted).toEqual(new Set(['clouds', 'sailboat']));
  });

  test('"no" and "without" inside the prompt exclude the word that follows', () => {
    expect(read('a stone pedestal without a statue of a horse').subjects).not.toContain('person');
    expect(read('a beach with no boats').omitted.has('sailboat')).toBe(true);
    expect(read('a lake, avoid: boats, birds').omitted.has('bird')).toBe(true);
  });

  test('unknown words and other scripts make a plausible scene', () => {
    expect(read('qwxz', '', 0.4).scene).toBe('forest');
    expect(read('山の湖').subjects).toEqual([]);
    expect(read('').scene).toBe('lake');
  });

  test('any chance stays inside the lists', () => {
    for (const draw of [0, 0.25, 0.5, 0.75, 0.999999]) {
      expect(read('a cat', '', draw).subjects).toEqual(['cat']);
    }
  });
});
