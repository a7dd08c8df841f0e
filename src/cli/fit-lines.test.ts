import { expect, test } from 'vitest';
import { fitLines } from './fit-lines.ts';

test('breaks between words, keeps the indent, and leaves what fits', () => {
  const text = 'short\n  one two three four five\n\nlast';
  expect(fitLines(text, 14)).toBe('short\n  one two\n  three four\n  five\n\nlast');
  expect(fitLines(text, 80)).toBe(text);
});

test('leaves whole what has no space to break at', () => {
  expect(fitLines('    https://example.org/a/long/way and on', 12)).toBe(
    '    https://example.org/a/long/way and on',
  );
});
