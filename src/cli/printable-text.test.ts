import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson, shortened } from './printable-text.ts';

/** What steers a terminal or the direction of writing. */
const STEERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Any code points, those of controls more often. */
const anyText = fc
  .array(fc.oneof(fc.nat(0x10ffff), fc.nat(0x2100), fc.nat(0xff)), { maxLength: 200 })
  .map((points) => String.fromCodePoint(...points));

describe('printable()', () => {
  test('shows what would steer a terminal, and leaves the rest', () => {
    expect(printable('a\u001b[31mred\u0007 \u009b2J \u202eevil')).toBe(
      String.raw`a\u001b[31mred\u0007 \u009b2J \u202eevil`,
    );
    expect(printable('two\r\n lines\tand more')).toBe('two lines and more');
    expect(printable('猫 🐱 ẞ é — “x”')).toBe('猫 🐱 ẞ é — “x”');
  });

  test('leaves nothing that steers in any text, however it is shortened', () => {
    fc.assert(
      fc.property(anyText, fc.nat(100), (text, most) => {
        expect(printable(text)).not.toMatch(STEERS);
        expect(shortened(text, most)).not.toMatch(STEERS);
      }),
    );
  });

  test('says how long a text is that it shortens', () => {
    expect(shortened('a'.repeat(1234), 10)).toBe(`${'a'.repeat(10)}… (1,234 characters)`);
    expect(shortened('short', 10)).toBe('short');
  });
});

describe('printableJson()', () => {
  test('is the same value, with nothing in it that steers', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const json = printableJson({ [text]: [text] });
        expect(json).not.toMatch(STEERS);
        expect(JSON.parse(json)).toEqual({ [text]: [text] });
      }),
    );
  });
});
