/** Copies cells as spreadsheets do, and takes what was copied there. */
import type { GridApi } from 'ag-grid-community';
import type { ClipboardEvent, RefObject } from 'react';
import type { LargeFile, Table, TableRow } from '../../parts/draft/draft.ts';
import { copiedText, pastedCells, withPasted } from './table.ts';
import { useDraft } from './use-draft.tsx';

export function useGridClipboard(
  api: RefObject<GridApi<TableRow> | null>,
  source: Table | LargeFile,
) {
  const { step } = useDraft();
  const focused = () => {
    const cell = api.current?.getFocusedCell();
    if (cell === null || cell === undefined || api.current?.getEditingCells().length !== 0) return;
    const place = Number(cell.column.getColId());
    return { row: cell.rowIndex, place: Number.isNaN(place) ? 0 : place };
  };
  /** The selected rows, or the cell that has the focus. */
  const copy = (event: ClipboardEvent) => {
    const at = focused();
    if (at === undefined) return;
    const selected = api.current?.getSelectedRows() ?? [];
    const cell = source.rows[at.row]?.cells[at.place] ?? '';
    const cells = selected.length > 0 ? selected.map((row) => row.cells) : [[cell]];
    event.clipboardData.setData('text/plain', copiedText(cells));
    event.preventDefault();
  };
  const paste = (event: ClipboardEvent) => {
    const at = focused();
    const text = event.clipboardData.getData('text/plain');
    if (at === undefined || text === '') return;
    event.preventDefault();
    step((now) => (now.kind === 'table' ? withPasted(now, at, pastedCells(text)) : now));
  };
  return { copy, paste };
}
