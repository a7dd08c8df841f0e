/** Columns of the grid, by what they mean. A cell with a problem is marked, and says what it is. */
import type { ColDef, ICellRendererParams, ITooltipParams } from 'ag-grid-community';
import { TriangleAlert } from 'lucide-react';
import type { TableColumn, TableRow } from '../../parts/draft/draft.ts';
import type { Meaning } from '../../parts/draft/meanings.ts';
import { cellKey, type PlacedProblem, problemText } from './plan-problems.ts';
import { headingText } from './table.ts';

interface GridContext {
  readonly problems: ReadonlyMap<string, readonly PlacedProblem[]>;
}

interface ColumnOptions {
  readonly isEditable: boolean;
  readonly models: readonly string[];
  readonly styles: readonly string[];
}

export const NUMBER_COLUMN: ColDef<TableRow> = {
  colId: 'number',
  headerName: 'Row',
  width: 58,
  resizable: false,
  sortable: false,
  suppressMovable: true,
  cellClass: 'sheet-grid-number',
  valueGetter: ({ node }) => (node?.rowIndex ?? 0) + 1,
};

const WIDTHS: Partial<Record<Meaning, number>> = {
  negative_prompt: 180,
  image: 160,
  size: 110,
  count: 90,
  quality: 100,
  seed: 100,
};

export function gridColumns(
  columns: readonly TableColumn[],
  { isEditable, models, styles }: ColumnOptions,
): ColDef<TableRow>[] {
  return columns.map((column, place): ColDef<TableRow> => {
    const { meaning } = column;
    const isPrompt = meaning === 'prompt';
    return {
      colId: String(place),
      headerName: headingText(column),
      sortable: false,
      editable: isEditable,
      valueGetter: ({ data }) => data?.cells[place] ?? '',
      cellRenderer: CellText,
      tooltipValueGetter: tooltip,
      cellClassRules: {
        'sheet-grid-wrong': ({ data, context }) => isWrong(context, data, place),
        'sheet-grid-ignored': () => meaning === '',
      },
      ...(isPrompt
        ? { flex: 1, minWidth: 220 }
        : { width: WIDTHS[meaning === '' ? 'name' : meaning] ?? 130 }),
      ...editorOf(meaning, models, styles),
    };
  });
}

function editorOf(
  meaning: Meaning | '',
  models: readonly string[],
  styles: readonly string[],
): ColDef<TableRow> {
  const select = (values: readonly string[]): ColDef<TableRow> => ({
    cellEditor: 'agSelectCellEditor',
    cellEditorParams: { values: ['', ...values] },
  });
  switch (meaning) {
    case 'prompt':
    case 'negative_prompt':
      return {
        cellEditor: 'agLargeTextCellEditor',
        cellEditorPopup: true,
        cellEditorParams: { maxLength: 100_000, rows: 6, cols: 60 },
      };
    case 'quality':
      return select(['low', 'medium', 'high']);
    case 'model':
      return select(models);
    case 'style':
      return styles.length === 0 ? { cellEditor: 'agTextCellEditor' } : select(styles);
    default:
      return { cellEditor: 'agTextCellEditor' };
  }
}

function wrongOf(
  context: GridContext | undefined,
  data: TableRow | undefined,
  place: number,
): readonly PlacedProblem[] {
  return data === undefined ? [] : (context?.problems.get(cellKey(data.id, place)) ?? []);
}

function isWrong(context: GridContext, data: TableRow | undefined, place: number): boolean {
  return wrongOf(context, data, place).length > 0;
}

function tooltip({ context, data, colDef, value }: ITooltipParams<TableRow>): string | undefined {
  const place = colDef && 'colId' in colDef ? Number(colDef.colId) : 0;
  const wrong = wrongOf(context as GridContext, data, place);
  if (wrong.length > 0) return wrong.map(problemText).join('\n');
  return typeof value === 'string' && value.length > 60 ? value : undefined;
}

function CellText({ value, data, colDef, context }: ICellRendererParams<TableRow, string>) {
  const wrong = wrongOf(context as GridContext, data, Number(colDef?.colId));
  if (wrong.length === 0) return value;
  return (
    <>
      <TriangleAlert aria-hidden className="mr-1 inline size-3.5 shrink-0 text-danger" />
      {value}
      <span className="sr-only"> Problem: {wrong.map(problemText).join(' ')}</span>
    </>
  );
}
