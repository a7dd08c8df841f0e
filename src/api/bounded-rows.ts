/** Rows as somebody sent them, down to where enough of them is wrong: each mistake takes memory and time. */
import { z } from './zod.ts';

export const MOST_CELLS = 200;
/** As many mistakes as are told: see `MOST_PROBLEMS` of the server. */
const MOST_WRONG = 200;

/**
 * Checks rows by their schema up to the row in which the 200th wrong cell stands, and no more of a row than
 * shows that it is too long: nobody is told of the rest. It reads and is documented as the schema itself.
 */
export function boundedRows<Rows extends z.ZodType>(schema: Rows): Rows {
  // A step before it makes its input `unknown` for the compiler, and changes nothing else of it.
  return z.preprocess(cutMistakes, schema) as unknown as Rows;
}

function cutMistakes(rows: unknown): unknown {
  if (!Array.isArray(rows)) return rows;
  let wrong = 0;
  const last = rows.findIndex((row) => (wrong += mistakesIn(row)) >= MOST_WRONG);
  return (last === -1 ? rows : rows.slice(0, last + 1)).map(cutRow);
}

function mistakesIn(row: unknown): number {
  if (typeof row !== 'object' || row === null) return 1;
  const cells = Object.values(row);
  return Number(cells.length > MOST_CELLS) + cells.filter((cell) => !isLikeCell(cell)).length;
}

function cutRow(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const cells = Object.entries(row);
  return cells.length > MOST_CELLS ? Object.fromEntries(cells.slice(0, MOST_CELLS + 1)) : row;
}

function isLikeCell(cell: unknown): boolean {
  if (typeof cell !== 'object' || cell === null) return true;
  return Array.isArray(cell) && cell.every((part) => typeof part === 'string');
}
