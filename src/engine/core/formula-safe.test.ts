import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protectCell, unprotectCell } from './formula-safe.ts';

const nearFormula = fc
  .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1', ' '), { maxLength: 6 })
  .map((characters) => characters.join(''));

describe('protectCell()', () => {
  test.each(['=1+1', '+1', '-5', '@SUM(A1)', '\tx', '\rx'])(
    'puts an apostrophe before %j',
    (cell) => {
      expect(protectCell(cell)).toBe(`'${cell}`);
    },
  );

  test('leaves other cells alone', () => {
    expect(protectCell("a cat's = sign")).toBe("a cat's = sign");
    expect(protectCell("'quoted'")).toBe("'quoted'");
  });

  test('never gives a cell that begins like a formula, and is undone by unprotectCell()', () => {
    fc.assert(
      fc.property(fc.oneof(nearFormula, fc.string()), (cell) => {
        expect(protectCell(cell)).not.toMatch(/^[=+\-@\t\r]/);
        expect(unprotectCell(protectCell(cell))).toBe(cell);
      }),
    );
  });
});
