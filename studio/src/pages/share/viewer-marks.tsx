/** Approve, reject, and a note, below the image. */
import { useState } from 'react';
import { Button, Label, TextArea, TextField } from '@heroui/react';
import { Check, X } from 'lucide-react';
import type { SharedItem } from '../../../../src/api/client/index.ts';
import { LONGEST_NOTE } from '../../../../src/engine/core/review.ts';
import type { SayMark } from './use-marking.ts';

interface ViewerMarksProps {
  readonly item: SharedItem;
  readonly say: SayMark;
  /** Goes on; after a rejection one may want to say why. */
  readonly onApproved: () => void;
}

export function ViewerMarks({ item, say, onApproved }: ViewerMarksProps) {
  const known = item.mark?.note ?? '';
  const mark = item.mark?.mark ?? null;
  const [written, setWritten] = useState(known);
  const note = written.trim() === '' ? null : written.trim();
  const save = () => {
    if (written.trim() !== known) say(item.item, { mark, note });
  };
  const approve = () => {
    say(item.item, { mark: mark === 'approve' ? null : 'approve', note });
    if (mark !== 'approve') onApproved();
  };
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-2 p-3 sm:flex-row sm:items-end">
      <TextField
        value={written}
        onChange={setWritten}
        onBlur={save}
        maxLength={LONGEST_NOTE}
        className="min-w-0 grow"
      >
        <Label className="sr-only">Note</Label>
        <TextArea
          id="shared-note"
          rows={1}
          placeholder="A note, if you like"
          className="max-h-32 w-full resize-none [field-sizing:content]"
        />
      </TextField>
      <div className="grid grid-cols-2 gap-2 sm:flex">
        <Button
          variant="secondary"
          size="lg"
          aria-pressed={mark === 'reject'}
          className={`w-full ${mark === 'reject' ? 'bg-danger text-danger-foreground' : ''}`}
          onPress={() => say(item.item, { mark: mark === 'reject' ? null : 'reject', note })}
        >
          <X aria-hidden className="size-4" />
          {mark === 'reject' ? 'Rejected' : 'Reject'}
        </Button>
        <Button
          variant="secondary"
          size="lg"
          aria-pressed={mark === 'approve'}
          className={`w-full ${mark === 'approve' ? 'bg-success text-success-foreground' : ''}`}
          onPress={approve}
        >
          <Check aria-hidden className="size-4" />
          {mark === 'approve' ? 'Approved' : 'Approve'}
        </Button>
      </div>
    </div>
  );
}
