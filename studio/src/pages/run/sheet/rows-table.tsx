/** Rows of the sheet one below the other: the prompt at the left, its images beside it. */
import { promptText, type Tile } from '../../../queries/tiles.ts';
import type { SheetViewProps } from './gallery.tsx';
import { SheetGrid } from './sheet-grid.tsx';
import { useRows } from './use-rows.ts';
import { useTiles, useTilesBetween } from './use-tiles.ts';
import { TilesError } from './tiles-error.tsx';

interface RowsTableProps extends SheetViewProps {
  /** Images that a row has at most. */
  readonly images: number;
}

/** Below the pictures, until the next row. */
const PADDING = 12;

export function RowsTable({ width, wished, total, run, filter, images, ...view }: RowsTableProps) {
  const isNarrow = width < 560;
  const size = isNarrow ? Math.min(wished, 112) : wished;
  const rows = useRows(total, size + PADDING, PADDING);
  const { first, last } = rows;
  const { rowAt, error, retry } = useTiles({ run, filter, by: 'row', first, last });
  const between = useTilesBetween(run, 'row', filter);
  const columns = Math.max(images, mostIn(rowAt, first, last));
  const headerClass = isNarrow
    ? 'sticky left-0 z-10 w-32 shrink-0 bg-background pr-2'
    : 'sticky left-0 z-10 w-72 shrink-0 bg-background pr-3';
  return (
    <>
      <TilesError error={error} onRetry={retry} />
      <div className="overflow-x-auto overflow-y-clip p-1">
        <SheetGrid
          {...view}
          run={run}
          label="Images by row"
          rows={rows}
          columns={columns}
          size={size}
          headerClass={headerClass}
          columnTitles={[
            'Prompt',
            ...Array.from({ length: columns }, (_, at) => `Image ${at + 1}`),
          ]}
          header={(row) => <PromptOf tiles={rowAt(row)} />}
          // Until it is known how many there are: as many as most rows have.
          isCell={({ row, column }) => column < (rowAt(row)?.length ?? images)}
          tileAt={({ row, column }) => rowAt(row)?.[column]}
          onRange={(from, to) => void between(from.row, to.row).then(view.selection.add)}
        />
      </div>
    </>
  );
}

function PromptOf({ tiles }: { readonly tiles: readonly Tile[] | undefined }) {
  const tile = tiles?.[0];
  if (tile === undefined) {
    return (
      <span className="block h-4 w-2/3 rounded bg-default">
        <span className="sr-only">Loading</span>
      </span>
    );
  }
  return (
    <div className="text-sm">
      <p className="text-xs text-muted tabular-nums">Row {tile.row}</p>
      <p className="line-clamp-4 break-words">{promptText(tile)}</p>
    </div>
  );
}

function mostIn(
  rowAt: (place: number) => readonly Tile[] | undefined,
  first: number,
  last: number,
): number {
  let most = 1;
  for (let row = first; row <= last; row += 1) most = Math.max(most, rowAt(row)?.length ?? 0);
  return most;
}
