import { bad, good, type Reading } from './reading.ts';

/** Reads a whole number between `least` and `most`; `42.0` (a table tool's idea of 42) is 42. */
export function readInteger(
  cell: string,
  what: string,
  least: number,
  most: number,
): Reading<number> {
  const text = cell.trim();
  const range = `a whole number from ${least} to ${most}`;
  if (/^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
    return bad(
      `A spreadsheet rounded this ${what} to a few digits`,
      `Format the column as a whole number or as text, and enter the ${what} again (${range}).`,
    );
  }
  if (!/^\d+(?:\.0+)?$/.test(text)) {
    const hint =
      text === '-1' && what === 'seed' ? ', or leave the cell empty for a random one' : '';
    return bad(`The ${what} must be ${range}`, `Write ${range}${hint}.`);
  }
  const value = Number(text);
  return value >= least && value <= most
    ? good(value)
    : bad(`The ${what} must be ${range}`, `Write ${range}.`);
}
