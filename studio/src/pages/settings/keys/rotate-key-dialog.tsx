import { client } from '../../../client.ts';
import type { Key } from '../../../queries/settings.ts';
import { Choice } from '../parts/choice.tsx';
import { numberOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';

const KEPT = [
  { id: '0', title: 'Ends now', about: 'If it may be known to others.' },
  { id: '3600', title: 'For an hour' },
  { id: '86400', title: 'For a day', about: 'While programs change to the new one.' },
  { id: '604800', title: 'For a week' },
  { id: '2592000', title: 'For 30 days' },
];

interface RotateKeyDialogProps {
  readonly of: Key;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}

export function RotateKeyDialog({ of: key, isOpen, onClose, onSecret }: RotateKeyDialogProps) {
  const rotate = useChange({
    isForm: true,
    about: ['keys'],
    work: (fields: FormData) =>
      client.keys.rotate(key.key, { keep_old_seconds: numberOf(fields, 'keep') ?? 0 }),
    onDone: ({ secret }) => {
      rotate.reset();
      onClose();
      onSecret(secret);
    },
  });
  return (
    <FormDialog
      title={`A new secret for ${key.name}`}
      about="The key keeps its rights, its budget and its runs."
      isOpen={isOpen}
      onClose={onClose}
      action="Make a new secret"
      work={rotate}
      onSubmit={(fields) => rotate.mutate(fields)}
    >
      <Choice name="keep" label="The secret so far is good" defaultValue="86400" options={KEPT} />
    </FormDialog>
  );
}
