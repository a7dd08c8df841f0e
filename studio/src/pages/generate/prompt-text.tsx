/** Prompts as one writes them: one a line. What is pasted from a spreadsheet becomes rows. */
import { type ClipboardEvent, useEffect, useRef } from 'react';
import { Label, TextArea, TextField } from '@heroui/react';
import { promptsOf } from '../../parts/draft/draft.ts';
import { type PlacedProblem, rangeOfPrompt } from './plan-problems.ts';
import { isTable, pastedCells } from './table.ts';
import { useDraft } from './use-draft.tsx';
import { useFiles } from './use-files.ts';

interface PromptTextProps {
  readonly text: string;
  readonly isWrong: boolean;
  /** Where to go: a prompt by its number from 0. */
  readonly jump: { readonly problem: PlacedProblem } | undefined;
}

export function PromptText({ text, isWrong, jump }: PromptTextProps) {
  const { type } = useDraft();
  const { readSheet } = useFiles();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const range = jump && rangeOfPrompt(area.current?.value ?? '', jump.problem.rowId ?? 0);
    if (range === undefined || area.current === null) return;
    area.current.focus();
    area.current.setSelectionRange(...range);
  }, [jump]);
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text/plain');
    if (text.trim() !== '' || !isTable(pasted)) return;
    event.preventDefault();
    // The server knows which row holds the headings and what they mean.
    readSheet.mutate(new File([quoted(pasted)], 'pasted rows.tsv'));
  };
  return (
    <TextField value={text} onChange={type} isInvalid={isWrong} variant="secondary" fullWidth>
      <Label className="sr-only">Prompts, one a line</Label>
      <TextArea
        ref={area}
        onPaste={paste}
        rows={Math.min(18, Math.max(6, promptsOf(text).length + 2))}
        placeholder={PLACEHOLDER}
        className="w-full resize-y font-[inherit] leading-6"
      />
    </TextField>
  );
}

const PLACEHOLDER = `One prompt a line, for example:
a lighthouse in a storm, oil painting
a bowl of ramen from above, studio light`;

/** As it was copied, with each cell on its own however its text goes. */
function quoted(text: string): string {
  return pastedCells(text)
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t'))
    .join('\n');
}
