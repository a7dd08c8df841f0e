/** All images side by side, in the order of the sheet. */
import type { Tile, TileFilter } from '../../../queries/tiles.ts';
import { GAP, SheetGrid } from './sheet-grid.tsx';
import { useRows } from './use-rows.ts';
import type { Selection } from './use-selection.ts';
import { useTiles, useTilesBetween } from './use-tiles.ts';
import { TilesError } from './tiles-error.tsx';

export interface SheetViewProps {
  readonly run: string;
  readonly filter: TileFilter;
  readonly total: number;
  /** Pixels that there are from left to right. */
  readonly width: number;
  /** Pixels that a tile should have at least. */
  readonly wished: number;
  readonly showsModel: boolean;
  readonly selection: Selection;
  readonly onOpen: (tile: Tile) => void;
}

export function Gallery({ width, wished, total, run, filter, ...view }: SheetViewProps) {
  const columns = Math.max(1, Math.floor((width + GAP) / (wished + GAP)));
  const size = Math.floor((width - GAP * (columns - 1)) / columns);
  const rows = useRows(Math.ceil(total / columns), size, GAP);
  const first = rows.first * columns;
  const last = Math.min(total - 1, (rows.last + 1) * columns - 1);
  const { tileAt, error, retry } = useTiles({ run, filter, by: 'item', first, last });
  const between = useTilesBetween(run, 'item', filter);
  const placeOf = ({ row, column }: { row: number; column: number }) => row * columns + column;
  return (
    <>
      <TilesError error={error} onRetry={retry} />
      <SheetGrid
        {...view}
        run={run}
        label="Images"
        rows={rows}
        columns={columns}
        size={size}
        isCell={(cell) => placeOf(cell) < total}
        tileAt={(cell) => tileAt(placeOf(cell))}
        onRange={(from, to) => void between(placeOf(from), placeOf(to)).then(view.selection.add)}
      />
    </>
  );
}
