/** Credits given to a workspace or taken from it, with what it comes to before it is done. */
import { useState } from 'react';
import { toast } from '@heroui/react';
import type { EntryKind } from '../../../../../src/engine/core/credit-entry.ts';
import { client } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';
import type { Workspace } from '../../../queries/settings.ts';
import { Choice } from '../parts/choice.tsx';
import { numberOf, TextEntry, textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';
import { entryText } from './entry-text.ts';

const KINDS = [
  { id: 'grant', title: 'Grant', about: 'For nothing. The ceiling stays.' },
  { id: 'purchase', title: 'Purchase', about: 'Paid for elsewhere. It raises the ceiling.' },
  { id: 'refund', title: 'Refund', about: 'Takes back what was bought. It moves no money.' },
  { id: 'correction', title: 'Correction', about: 'Puts something right, either way.' },
];

interface EntryDialogProps {
  readonly workspace: Workspace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function EntryDialog({ workspace, isOpen, onClose }: EntryDialogProps) {
  const [kind, setKind] = useState<EntryKind>('grant');
  const [credits, setCredits] = useState(0);
  const { available } = workspace.credits;
  const enter = useChange({
    isForm: true,
    about: ['workspaces', 'workspace', 'credits', 'limits'],
    work: (fields: FormData) => {
      const reference = textOf(fields, 'reference');
      return client.credits.enter(workspace.workspace, {
        kind,
        credits: numberOf(fields, 'credits') ?? 0,
        reason: textOf(fields, 'reason') ?? '',
        ...(reference !== undefined && { reference }),
        begin_balance: available === null,
      });
    },
    onDone: ({ runs_resumed: resumed, is_new: isNew }) => {
      close();
      toast.success(isNew ? 'It is in the ledger' : 'It was in the ledger already', {
        description: resumed > 0 ? `${resumed} runs go on.` : 'Nothing waited for it.',
      });
    },
  });
  const close = () => {
    enter.reset();
    setCredits(0);
    onClose();
  };
  const verb = kind === 'refund' || credits < 0 ? 'Take' : 'Give';
  return (
    <FormDialog
      title={`Enter credits for ${workspace.name}`}
      about={
        available === null
          ? 'It keeps no balance and spends freely: this entry begins one.'
          : `It has ${creditsText(available)}.`
      }
      isOpen={isOpen}
      onClose={close}
      action={credits === 0 ? `${verb} credits` : `${verb} ${creditsText(Math.abs(credits))}`}
      isDangerous={verb === 'Take'}
      work={enter}
      onSubmit={(fields) => enter.mutate(fields)}
    >
      <Choice
        name="kind"
        label="Kind"
        value={kind}
        onChange={(id) => setKind(id as EntryKind)}
        options={KINDS}
      />
      <TextEntry
        name="credits"
        type="number"
        label="Credits"
        description={kind === 'correction' ? 'Below 0: they are taken away.' : 'Above 0.'}
        onChange={(value) => setCredits(Number(value) || 0)}
        isRequired
        autoFocus
      />
      <TextEntry name="reason" label="Reason" placeholder="Invoice 17" isRequired />
      <TextEntry
        name="reference"
        label="Reference"
        description="Of a payment: the same one is entered once, however often this is sent."
      />
      <p role="status" className="rounded-md bg-default px-3 py-2 text-sm">
        {entryText({ kind, credits, available })}
      </p>
    </FormDialog>
  );
}
