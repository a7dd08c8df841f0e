/** A grid of tiles of which only those in view are there. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { Check } from 'lucide-react';
import type { Tile } from '../../../queries/tiles.ts';
import type { Selection } from './use-selection.ts';
import { TileView, tileText } from './tile.tsx';
import { type Cell, useGridKeys } from './use-grid-keys.ts';
import type { RowsInView } from './use-rows.ts';

export interface SheetGridProps {
  readonly run: string;
  readonly label: string;
  readonly rows: RowsInView;
  readonly columns: number;
  /** Pixels of a tile's side. */
  readonly size: number;
  readonly tileAt: (cell: Cell) => Tile | undefined;
  /** Whether there is one, loaded or not. */
  readonly isCell: (cell: Cell) => boolean;
  /** Before the tiles of a row. */
  readonly header?: ((row: number) => ReactNode) | undefined;
  readonly headerClass?: string;
  readonly columnTitles?: readonly string[] | undefined;
  readonly showsModel: boolean;
  readonly selection: Selection;
  readonly onOpen: (tile: Tile) => void;
  /** With shift: everything from one to the other. */
  readonly onRange: (from: Cell, to: Cell) => void;
}

export const GAP = 8;

export function SheetGrid(props: SheetGridProps) {
  const { rows, columns, tileAt, selection, onOpen, onRange, columnTitles, header } = props;
  const grid = useRef<HTMLDivElement>(null);
  const anchor = useRef<Cell>(undefined);
  const { cell, setFocused, onKeyDown } = useGridKeys(
    { rows: rows.count, columns, rowsInView: rows.inView, isCell: props.isCell },
    rows.reveal,
  );
  useFocusFollows(grid, cell);
  const act = (at: Cell, { isRange, opens }: { isRange: boolean; opens: boolean }) => {
    const tile = tileAt(at);
    if (isRange && anchor.current !== undefined) return onRange(anchor.current, at);
    if (tile === undefined) return;
    if (opens) return onOpen(tile);
    anchor.current = at;
    selection.toggle(tile);
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Enter') act(cell, { isRange: false, opens: true });
    else if (event.key === ' ') act(cell, { isRange: event.shiftKey, opens: false });
    else if (event.key === 'Escape') selection.clear();
    else {
      const from = cell;
      const to = onKeyDown(event);
      if (to !== undefined && event.shiftKey) onRange((anchor.current ??= from), to);
      return;
    }
    event.preventDefault();
  };
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const at = cellOf(event.target as HTMLElement);
    if (at === undefined) return;
    setFocused(at);
    const isMark = (event.target as HTMLElement).closest('[data-mark]') !== null;
    const chooses =
      isMark || event.ctrlKey || event.metaKey || event.shiftKey || selection.tiles.size > 0;
    act(at, { isRange: event.shiftKey, opens: !chooses });
  };
  const heads = columnTitles === undefined ? 0 : 1;
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.count + heads}
      aria-colcount={columns + (header ? 1 : 0)}
      aria-multiselectable
      onKeyDown={onKey}
      onClick={onClick}
    >
      {columnTitles && (
        <ColumnTitles
          titles={columnTitles}
          size={props.size}
          headerClass={props.headerClass ?? ''}
        />
      )}
      {/* Where the rows lie: no row, no cell. */}
      <div ref={rows.box} role="presentation" className="relative" style={{ height: rows.height }}>
        {rows.items.map(({ index, start }) => (
          <SheetRow key={index} {...props} row={index} top={start} heads={heads} focused={cell} />
        ))}
      </div>
    </div>
  );
}

function ColumnTitles({
  titles,
  size,
  headerClass,
}: {
  readonly titles: readonly string[];
  readonly size: number;
  readonly headerClass: string;
}) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="flex mb-3 border-b border-separator pb-1 text-xs text-muted"
      style={{ gap: GAP }}
    >
      {titles.map((title, at) => (
        <span
          key={title}
          role="columnheader"
          className={at === 0 ? headerClass : 'shrink-0 truncate'}
          style={at === 0 ? undefined : { width: size }}
        >
          {title}
        </span>
      ))}
    </div>
  );
}

interface SheetRowProps extends SheetGridProps {
  readonly row: number;
  readonly top: number;
  readonly heads: number;
  readonly focused: Cell;
}

function SheetRow({
  row,
  top,
  heads,
  focused,
  columns,
  header,
  headerClass = '',
  ...grid
}: SheetRowProps) {
  const cells = Array.from({ length: columns }, (_, column) => ({ row, column })).filter(
    grid.isCell,
  );
  return (
    <div
      role="row"
      aria-rowindex={row + 1 + heads}
      className={`absolute top-0 left-0 flex w-full ${header ? 'border-b border-separator' : ''}`}
      style={{ transform: `translateY(${top}px)`, gap: GAP, height: grid.rows.rowHeight }}
    >
      {header && (
        <div role="rowheader" aria-colindex={1} className={headerClass}>
          {header(row)}
        </div>
      )}
      {cells.map((cell) => (
        <SheetCell
          key={cell.column}
          cell={cell}
          tile={grid.tileAt(cell)}
          shift={header ? 2 : 1}
          isFocused={cell.row === focused.row && cell.column === focused.column}
          isChosen={isChosen(grid, cell)}
          isChoosing={grid.selection.tiles.size > 0}
          {...{
            run: grid.run,
            size: grid.size,
            isHurried: grid.rows.isHurried,
            showsModel: grid.showsModel,
          }}
        />
      ))}
    </div>
  );
}

function isChosen({ tileAt, selection }: Pick<SheetGridProps, 'tileAt' | 'selection'>, cell: Cell) {
  if (selection.tiles.size === 0) return false;
  const tile = tileAt(cell);
  return tile !== undefined && selection.tiles.has(tile.item);
}

interface SheetCellProps {
  readonly cell: Cell;
  readonly tile: Tile | undefined;
  readonly shift: number;
  readonly isFocused: boolean;
  readonly isChosen: boolean;
  readonly isChoosing: boolean;
  readonly run: string;
  readonly size: number;
  readonly isHurried: boolean;
  readonly showsModel: boolean;
}

function SheetCell({
  cell,
  tile,
  shift,
  isFocused,
  isChosen: chosen,
  isChoosing,
  ...view
}: SheetCellProps) {
  return (
    <div
      role="gridcell"
      aria-colindex={cell.column + shift}
      aria-selected={chosen}
      aria-busy={tile === undefined}
      tabIndex={isFocused ? 0 : -1}
      data-row={cell.row}
      data-column={cell.column}
      className={`group relative shrink-0 cursor-pointer rounded-md outline-offset-2 outline-focus focus-visible:outline-2 ${chosen ? 'ring-2 ring-accent ring-offset-2 ring-offset-background' : ''}`}
      style={{ width: view.size, height: view.size }}
    >
      <span className="sr-only">{tile === undefined ? 'Loading' : tileText(tile)}</span>
      <span aria-hidden className="block size-full">
        <TileView tile={tile} {...view} />
      </span>
      <span
        data-mark
        aria-hidden
        className={`absolute top-0 left-0 flex size-8 items-start justify-start p-1.5 ${chosen || isChoosing ? '' : 'opacity-0 group-hover:opacity-100'}`}
      >
        <span
          className={`flex size-5 items-center justify-center rounded border ${chosen ? 'border-accent bg-accent text-accent-foreground' : 'border-border bg-overlay'}`}
        >
          {chosen && <Check className="size-3.5" />}
        </span>
      </span>
    </div>
  );
}

function cellOf(target: HTMLElement): Cell | undefined {
  const found = target.closest<HTMLElement>('[data-row]');
  if (found === null) return undefined;
  return { row: Number(found.dataset['row']), column: Number(found.dataset['column']) };
}

/** Keys move the focus, once the row that it moves to is there. */
function useFocusFollows(
  grid: { readonly current: HTMLDivElement | null },
  { row, column }: Cell,
): void {
  useEffect(() => {
    const has = grid.current?.contains(document.activeElement) === true;
    if (!has) return;
    const selector = `[data-row="${row}"][data-column="${column}"]`;
    const found = grid.current?.querySelector<HTMLElement>(selector);
    if (found !== document.activeElement) found?.focus({ preventScroll: true });
  });
}
