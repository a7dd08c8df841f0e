import type { Role } from '../../../../../src/engine/core/workspace.ts';
import { client } from '../../../client.ts';
import { useSession } from '../../../queries/session.ts';
import { Choice } from '../parts/choice.tsx';
import { numberOf, TextEntry, textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { roleOptions } from '../roles.ts';
import { useChange } from '../use-change.ts';
import type { Invited } from './invitation-dialog.tsx';

interface InviteDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onInvited: (invited: Invited) => void;
  /** For operators: to another workspace than their own. */
  readonly workspace?: string;
}

export function InviteDialog({ isOpen, onClose, onInvited, workspace }: InviteDialogProps) {
  const session = useSession();
  const invite = useChange({
    isForm: true,
    about: ['keys'],
    work: (fields: FormData) => {
      const budget = numberOf(fields, 'budget');
      return client.keys.invite({
        name: textOf(fields, 'name') ?? '',
        role: (textOf(fields, 'role') ?? 'member') as Role,
        ...(workspace !== undefined && { workspace }),
        ...(budget !== undefined && { budget }),
      });
    },
    onDone: (invited) => {
      close();
      onInvited(invited);
    },
  });
  const close = () => {
    invite.reset();
    onClose();
  };
  return (
    <FormDialog
      title={workspace === undefined ? 'Invite somebody' : `Invite somebody to ${workspace}`}
      about="You get a link to send. Whoever opens it signs in without being told a key."
      isOpen={isOpen}
      onClose={close}
      action="Make the link"
      work={invite}
      onSubmit={(fields) => invite.mutate(fields)}
    >
      <TextEntry name="name" label="Name" placeholder="Ada Lovelace" isRequired autoFocus />
      <Choice
        name="role"
        label="Role"
        defaultValue={workspace === undefined ? 'member' : 'admin'}
        options={roleOptions(session?.scopes ?? [])}
      />
      <TextEntry
        name="budget"
        type="number"
        label="Budget in credits"
        description="Most that their runs may use, ever. Empty: as much as the workspace has."
      />
    </FormDialog>
  );
}
