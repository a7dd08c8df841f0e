/** Where the prompts come from: typed, pasted, or a sheet; anything can be dropped here. */
import { useRef, useState } from 'react';
import { Button, Card, Label, ProgressBar, Spinner, toast } from '@heroui/react';
import { Eraser, FileSpreadsheet, Table2 } from 'lucide-react';
import { ChooseFiles, DropFiles } from '../../parts/drop-files.tsx';
import { rowCountOf } from '../../parts/draft/draft.ts';
import type { PlacedProblem } from './plan-problems.ts';
import { ProblemList } from './problem-list.tsx';
import { PromptText } from './prompt-text.tsx';
import { SheetRows } from './sheet-rows.tsx';
import { tableOfPrompts, withRows } from './table.ts';
import { useDraft } from './use-draft.tsx';
import { TAKEN, useFiles } from './use-files.ts';

interface PromptSourceProps {
  readonly problems: readonly PlacedProblem[];
  readonly models: readonly string[];
}

export function PromptSource({ problems, models }: PromptSourceProps) {
  const { draft, step, set, clear, restore } = useDraft();
  const { source } = draft;
  const { take, readSheet, progress, share } = useFiles();
  const droppedOn = useRef<number>(undefined);
  const [jump, setJump] = useState<{ readonly problem: PlacedProblem }>();
  const count = rowCountOf(source);
  const isBusy = readSheet.isPending || progress !== undefined;
  const clearNow = () => {
    const before = draft;
    clear();
    toast.success('Cleared', {
      actionProps: { children: 'Undo', onPress: () => restore(before) },
    });
  };
  const skip = () => set({ skip_bad_rows: true });
  const canSkip = problems.length > 0 && problems.every(({ rowId }) => rowId !== undefined);
  return (
    <Card className="min-w-0 p-0">
      <DropFiles
        look="around"
        label="Drop a sheet, pictures or a file of styles"
        accept={TAKEN}
        onFiles={(files) => {
          take(files, droppedOn.current);
          droppedOn.current = undefined;
        }}
        className="flex flex-col gap-3 p-4"
      >
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="text-base font-medium">
            {source.kind === 'text' ? 'Prompts' : source.name}
          </h2>
          <span className="text-sm text-muted tabular-nums" aria-live="polite">
            {count === 0 ? 'one a line, or drop a sheet' : countText(count, source.kind)}
          </span>
          {isBusy && <Spinner size="sm" aria-label="Reading" />}
          <div className="ml-auto flex flex-wrap gap-1">
            <ChooseFiles accept={TAKEN} onFiles={take} variant="ghost">
              <FileSpreadsheet aria-hidden className="size-4" />
              Open a sheet
            </ChooseFiles>
            {source.kind === 'text' && (
              <Button size="sm" variant="ghost" onPress={() => step(() => readyTable(source.text))}>
                <Table2 aria-hidden className="size-4" />
                As a table
              </Button>
            )}
            {count > 0 && (
              <Button size="sm" variant="ghost" onPress={clearNow}>
                <Eraser aria-hidden className="size-4" />
                Clear
              </Button>
            )}
          </div>
        </div>
        {share !== undefined && (
          <ProgressBar value={Math.round(share * 100)} size="sm">
            <Label>{share < 1 ? 'Uploading the sheet' : 'The server reads it'}</Label>
            <ProgressBar.Output />
            <ProgressBar.Track>
              <ProgressBar.Fill />
            </ProgressBar.Track>
          </ProgressBar>
        )}
        {source.kind === 'text' ? (
          <PromptText text={source.text} isWrong={problems.length > 0} jump={jump} />
        ) : (
          <SheetRows
            source={source}
            problems={problems}
            models={models}
            jump={jump}
            onDropAt={(rowId) => (droppedOn.current = rowId)}
          />
        )}
        <ProblemList
          problems={problems}
          onJump={(problem) => setJump({ problem })}
          onSkip={canSkip && draft.settings.skip_bad_rows !== true ? skip : undefined}
        />
      </DropFiles>
    </Card>
  );
}

/** With an empty row to begin with, where there is none. */
function readyTable(text: string) {
  const table = tableOfPrompts(text);
  return table.rows.length === 0 ? withRows(table, 3) : table;
}

function countText(count: number, kind: string): string {
  const unit = kind === 'text' ? 'prompt' : 'row';
  return `${count.toLocaleString('en-US')} ${count === 1 ? unit : `${unit}s`}`;
}
