/** The rows as a grid that is edited like a spreadsheet. Loaded when there are rows to show. */
import 'ag-grid-community/styles/ag-grid.css';
import 'ag-grid-community/styles/ag-theme-quartz-no-font.css';
import './sheet-grid.css';
import {
  type CellKeyDownEvent,
  CellStyleModule,
  ClientSideRowModelModule,
  type GetRowIdParams,
  type GridApi,
  LargeTextEditorModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
  CellApiModule,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useEffect, useMemo, useRef } from 'react';
import { useIsDark } from '../../shell/theme.ts';
import type { LargeFile, Table, TableRow } from '../../parts/draft/draft.ts';
import { gridColumns, NUMBER_COLUMN } from './grid-columns.tsx';
import type { PlacedProblem } from './plan-problems.ts';
import { useGridClipboard } from './use-grid-clipboard.ts';
import { withCell } from './table.ts';
import { useDraft } from './use-draft.tsx';

ModuleRegistry.registerModules([
  CellApiModule,
  CellStyleModule,
  ClientSideRowModelModule,
  LargeTextEditorModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
]);

export interface SheetGridProps {
  readonly source: Table | LargeFile;
  readonly problems: ReadonlyMap<string, readonly PlacedProblem[]>;
  readonly models: readonly string[];
  readonly styles: readonly string[];
  readonly onSelected: (ids: ReadonlySet<number>) => void;
  readonly onReady: (api: GridApi<TableRow>) => void;
  /** Something falls onto a row, or onto none. */
  readonly onDropAt: (rowId: number | undefined) => void;
}

export function SheetGrid(props: SheetGridProps) {
  const { source, problems, models, styles, onSelected, onReady, onDropAt } = props;
  const { step, undo, redo } = useDraft();
  const isDark = useIsDark();
  const api = useRef<GridApi<TableRow>>(null);
  const { copy, paste } = useGridClipboard(api, source);
  const isEditable = source.kind === 'table';
  const columns = useMemo(
    () => [NUMBER_COLUMN, ...gridColumns(source.columns, { isEditable, models, styles })],
    [source.columns, isEditable, models, styles],
  );
  const context = useMemo(() => ({ problems }), [problems]);
  useEffect(() => api.current?.refreshCells({ force: true }), [problems]);
  const setCell = (id: number, place: number, value: string) =>
    step((now) => (now.kind === 'table' ? withCell(now, id, place, value) : now));
  const keys = ({ event, column, data }: CellKeyDownEvent<TableRow>) => {
    if (!(event instanceof KeyboardEvent) || data === undefined || !isEditable) return;
    const place = Number(column.getColId());
    if (api.current?.getEditingCells().length !== 0) return;
    if (event.key === 'Delete' && !Number.isNaN(place)) setCell(data.id, place, '');
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key === 'z' && !event.shiftKey) undo();
    if (event.key === 'y' || (event.key === 'Z' && event.shiftKey)) redo();
  };
  return (
    <div
      className={`sheet-grid ${isDark ? 'ag-theme-quartz-dark' : 'ag-theme-quartz'}`}
      onCopy={copy}
      onPaste={paste}
      // The files come to whoever is around; here it is known on which row they fell.
      onDropCapture={({ target }) => onDropAt(rowIdAt(target))}
    >
      <AgGridReact<TableRow>
        theme="legacy"
        rowData={source.rows as TableRow[]}
        columnDefs={columns}
        context={context}
        getRowId={rowId}
        readOnlyEdit
        onCellEditRequest={({ data, colDef, newValue }) =>
          setCell(data.id, Number(colDef.colId), String(newValue ?? ''))
        }
        onCellKeyDown={(event) => 'column' in event && keys(event)}
        {...(isEditable && { rowSelection: SELECTION })}
        onSelectionChanged={(event) =>
          onSelected(new Set(event.api.getSelectedRows().map(({ id }) => id)))
        }
        onGridReady={(event) => {
          api.current = event.api;
          onReady(event.api);
        }}
        tooltipShowDelay={300}
        stopEditingWhenCellsLoseFocus
        suppressMovableColumns
        suppressColumnVirtualisation={source.columns.length <= 12}
        enableCellTextSelection={false}
      />
    </div>
  );
}

const SELECTION = {
  mode: 'multiRow',
  checkboxes: true,
  headerCheckbox: true,
  enableClickSelection: false,
} as const;

function rowId({ data }: GetRowIdParams<TableRow>): string {
  return String(data.id);
}

function rowIdAt(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest('.ag-row')?.getAttribute('row-id') : null;
  return row === null || row === undefined ? undefined : Number(row);
}
