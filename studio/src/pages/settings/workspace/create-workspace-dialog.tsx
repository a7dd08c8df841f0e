import { client } from '../../../client.ts';
import { Choice } from '../parts/choice.tsx';
import { TextEntry, textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';
import { CeilingFields, ceilingOf } from './ceiling-fields.tsx';

const BALANCES = [
  { id: 'kept', title: 'Begins at 0 credits', about: 'Nothing is made until it has some.' },
  { id: 'none', title: 'No balance', about: 'It may spend freely.' },
];

export function CreateWorkspaceDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const create = useChange({
    isForm: true,
    about: ['workspaces'],
    work: (fields: FormData) => {
      const name = textOf(fields, 'name');
      return client.workspaces.create({
        workspace: textOf(fields, 'workspace') ?? '',
        ...(name !== undefined && { name }),
        balance: textOf(fields, 'balance') === 'none' ? 'none' : 'kept',
        images_per_hour: ceilingOf(fields),
      });
    },
    onDone: () => {
      create.reset();
      onClose();
    },
  });
  return (
    <FormDialog
      title="New workspace"
      about="Invite somebody to it afterwards: it begins without members."
      isOpen={isOpen}
      onClose={onClose}
      action="Make the workspace"
      work={create}
      onSubmit={(fields) => create.mutate(fields)}
    >
      <TextEntry
        name="workspace"
        label="Id"
        placeholder="acme"
        description="Small letters, digits and hyphens. It stays for ever."
        isRequired
        autoFocus
      />
      <TextEntry name="name" label="Name" placeholder="Acme Studio" />
      <Choice name="balance" label="Balance" defaultValue="kept" options={BALANCES} />
      <CeilingFields kind="bought" />
    </FormDialog>
  );
}
