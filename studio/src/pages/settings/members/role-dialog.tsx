import type { Role } from '../../../../../src/engine/core/workspace.ts';
import { client } from '../../../client.ts';
import { useSession } from '../../../queries/session.ts';
import type { Key } from '../../../queries/settings.ts';
import { Choice } from '../parts/choice.tsx';
import { textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { roleOptions } from '../roles.ts';
import { useChange } from '../use-change.ts';

interface RoleDialogProps {
  readonly member: Key;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RoleDialog({ member, isOpen, onClose }: RoleDialogProps) {
  const session = useSession();
  const change = useChange({
    isForm: true,
    about: ['keys'],
    work: (role: Role) => client.keys.change(member.key, { role }),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`What ${member.name} may do`}
      about="It holds at once, also where they are signed in now."
      isOpen={isOpen}
      onClose={onClose}
      action="Change the role"
      work={change}
      onSubmit={(fields) => change.mutate((textOf(fields, 'role') ?? member.role) as Role)}
    >
      <Choice
        name="role"
        label="Role"
        defaultValue={member.role}
        options={roleOptions(session?.scopes ?? [])}
      />
    </FormDialog>
  );
}
