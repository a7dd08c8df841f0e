import { client } from '../../../client.ts';
import type { Key } from '../../../queries/settings.ts';
import { creditsText } from '../../../parts/credits.tsx';
import { localTime, numberOf, TextEntry, textOf, timeOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';

interface ChangeKeyDialogProps {
  readonly of: Key;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ChangeKeyDialog({ of: key, isOpen, onClose }: ChangeKeyDialogProps) {
  const { budget, posted, held } = key.credits;
  const change = useChange({
    isForm: true,
    about: ['keys'],
    work: (fields: FormData) => client.keys.change(key.key, changeOf(key, fields)),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`Change ${key.name}`}
      isOpen={isOpen}
      onClose={onClose}
      action="Save"
      work={change}
      onSubmit={(fields) => change.mutate(fields)}
    >
      <TextEntry name="name" label="Name" defaultValue={key.name} isRequired autoFocus />
      <TextEntry
        name="budget"
        type="number"
        label="Budget in credits"
        defaultValue={budget === null ? '' : String(budget)}
        description={`${creditsText(posted)} spent and ${creditsText(held)} held so far. Empty: no budget of its own. Runs that wait for a larger one go on.`}
      />
      <TextEntry
        name="expires_at"
        type="datetime-local"
        label="Ends"
        defaultValue={key.expires_at === null ? '' : localTime(key.expires_at)}
        description="Empty: when it is revoked."
      />
    </FormDialog>
  );
}

/** Only what was changed: to give a key more may be refused where a new name is not. */
function changeOf(key: Key, fields: FormData) {
  const name = textOf(fields, 'name') ?? '';
  const budget = numberOf(fields, 'budget') ?? null;
  const end = timeOf(fields, 'expires_at') ?? null;
  const wasEnd = key.expires_at === null ? null : new Date(localTime(key.expires_at)).toISOString();
  return {
    ...(name !== key.name && { name }),
    ...(budget !== key.credits.budget && { budget }),
    ...(end !== wasEnd && { expires_at: end }),
  };
}
