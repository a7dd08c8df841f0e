/** Moves in a grid by keys, as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has them. */
import { type KeyboardEvent, useCallback, useState } from 'react';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that a page key goes over. */
  readonly rowsInView: number;
  readonly isCell: (cell: Cell) => boolean;
}

const MOVES: Readonly<Record<string, (at: Cell, grid: GridSize) => Cell>> = {
  ArrowLeft: ({ row, column }, { columns }) =>
    column > 0 ? { row, column: column - 1 } : { row: row - 1, column: columns - 1 },
  ArrowRight: ({ row, column }, { columns }) =>
    column < columns - 1 ? { row, column: column + 1 } : { row: row + 1, column: 0 },
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  PageUp: ({ row, column }, { rowsInView }) => ({ row: Math.max(0, row - rowsInView), column }),
  PageDown: ({ row, column }, { rows, rowsInView }) => ({
    row: Math.min(rows - 1, row + rowsInView),
    column,
  }),
  Home: () => ({ row: 0, column: 0 }),
  End: (_, { rows, columns }) => ({ row: rows - 1, column: columns - 1 }),
};

export function useGridKeys(grid: GridSize, reveal: (row: number) => void) {
  const [focused, setFocused] = useState<Cell>({ row: 0, column: 0 });
  const cell = {
    row: Math.min(focused.row, Math.max(0, grid.rows - 1)),
    column: Math.min(focused.column, grid.columns - 1),
  };
  const onKeyDown = useCallback(
    (event: KeyboardEvent): Cell | undefined => {
      const next = MOVES[event.key]?.(cell, grid);
      if (next === undefined) return undefined;
      event.preventDefault();
      const there = nearest(next, grid);
      if (there === undefined) return cell;
      setFocused(there);
      reveal(there.row);
      return there;
    },
    [cell, grid, reveal],
  );
  return { cell, setFocused, onKeyDown };
}

/** The last row may be short. */
function nearest({ row, column }: Cell, grid: GridSize): Cell | undefined {
  if (row < 0 || row >= grid.rows) return undefined;
  for (let at = column; at >= 0; at -= 1) {
    if (grid.isCell({ row, column: at })) return { row, column: at };
  }
  return undefined;
}
