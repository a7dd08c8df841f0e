import { expect, test } from 'vitest';
import { codeLines } from '../../bench/yardstick/code-lines.ts';

test('codeLines() counts neither blank lines nor comments', () => {
  const text = [
    '#!/bin/sh',
    '/**',
    ' * What it does.',
    ' */',
    "import { a } from './a.ts'; // counted",
    '',
    '/* short */',
    '  // nothing',
    'a();',
  ];
  expect(codeLines(text.join('\n'))).toBe(2);
});
