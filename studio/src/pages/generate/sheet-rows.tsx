/** The rows of a sheet: the grid, what can be done to them, their columns. */
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Alert, Button, Disclosure, Skeleton } from '@heroui/react';
import type { GridApi } from 'ag-grid-community';
import { Columns3, ImagePlus, Plus, Redo2, Trash2, Undo2 } from 'lucide-react';
import type { LargeFile, Table, TableRow } from '../../parts/draft/draft.ts';
import { type PlacedProblem, problemsByCell } from './plan-problems.ts';
import { RowPictures } from './row-pictures.tsx';
import { AddColumn, SheetColumns } from './sheet-columns.tsx';
import { MOST_ROWS, withoutRows, withRows } from './table.ts';
import { useDraft } from './use-draft.tsx';

const SheetGrid = lazy(() =>
  import('./sheet-grid.tsx').then((module) => ({ default: module.SheetGrid })),
);

interface SheetRowsProps {
  readonly source: Table | LargeFile;
  readonly problems: readonly PlacedProblem[];
  readonly models: readonly string[];
  readonly jump: { readonly problem: PlacedProblem } | undefined;
  readonly onDropAt: (rowId: number | undefined) => void;
}

export function SheetRows({ source, problems, models, jump, onDropAt }: SheetRowsProps) {
  const { draft, step, undo, redo, canUndo, canRedo } = useDraft();
  const [api, setApi] = useState<GridApi<TableRow>>();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    if (api === undefined || jump?.problem.rowId === undefined) return;
    const { rowId, place = 0 } = jump.problem;
    const node = api.getRowNode(String(rowId));
    if (node?.rowIndex === null || node?.rowIndex === undefined) return;
    api.ensureIndexVisible(node.rowIndex, 'middle');
    api.setFocusedCell(node.rowIndex, String(place));
  }, [api, jump]);
  const cells = useMemo(() => problemsByCell(source, problems), [source, problems]);
  const styles = useMemo(() => draft.styles.map(({ name }) => name), [draft.styles]);
  return (
    <div className="flex flex-col gap-3">
      {source.kind === 'file' && <LargeNote source={source} />}
      <Suspense fallback={<Skeleton className="h-96 w-full rounded" />}>
        <SheetGrid
          source={source}
          problems={cells}
          models={models}
          styles={styles}
          onSelected={setSelected}
          onReady={setApi}
          onDropAt={onDropAt}
        />
      </Suspense>
      {source.kind === 'table' && (
        <div className="flex flex-wrap items-center gap-1">
          <Button
            size="sm"
            variant="ghost"
            isDisabled={source.rows.length >= MOST_ROWS}
            onPress={() => step((now) => (now.kind === 'table' ? withRows(now, 1) : now))}
          >
            <Plus aria-hidden className="size-4" />
            Row
          </Button>
          <AddColumn source={source} />
          <Button
            size="sm"
            variant="ghost"
            isDisabled={selected.size === 0}
            onPress={() => step((now) => (now.kind === 'table' ? withoutRows(now, selected) : now))}
          >
            <Trash2 aria-hidden className="size-4" />
            {selected.size === 0 ? 'Delete rows' : `Delete ${rowsText(selected.size)}`}
          </Button>
          <RowPictures rowIds={selected}>
            <ImagePlus aria-hidden className="size-4" />
            Picture to rows
          </RowPictures>
          <span className="ml-auto flex gap-1">
            <Button
              isIconOnly
              size="sm"
              variant="ghost"
              aria-label="Undo"
              isDisabled={!canUndo}
              onPress={undo}
            >
              <Undo2 aria-hidden className="size-4" />
            </Button>
            <Button
              isIconOnly
              size="sm"
              variant="ghost"
              aria-label="Redo"
              isDisabled={!canRedo}
              onPress={redo}
            >
              <Redo2 aria-hidden className="size-4" />
            </Button>
          </span>
        </div>
      )}
      <ColumnsDisclosure source={source} />
    </div>
  );
}

/** Open by itself while nothing is a prompt. */
function ColumnsDisclosure({ source }: { readonly source: Table | LargeFile }) {
  const isNeeded = !source.columns.some(({ meaning }) => meaning === 'prompt');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Disclosure isExpanded={isOpen || isNeeded} onExpandedChange={setIsOpen}>
      <Disclosure.Heading>
        <Button slot="trigger" size="sm" variant="ghost">
          <Columns3 aria-hidden className="size-4" />
          What the columns mean
          <Disclosure.Indicator />
        </Button>
      </Disclosure.Heading>
      <Disclosure.Content>
        <Disclosure.Body className="pt-2">
          <SheetColumns source={source} />
        </Disclosure.Body>
      </Disclosure.Content>
    </Disclosure>
  );
}

function LargeNote({ source }: { readonly source: LargeFile }) {
  return (
    <Alert status="accent">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>
          {source.name} has {source.rowCount.toLocaleString('en-US')} rows
        </Alert.Title>
        <Alert.Description>
          The first {source.rows.length.toLocaleString('en-US')} are shown. The file is sent as it
          is; to change a row, change the file and drop it again.
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

export function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;
}
