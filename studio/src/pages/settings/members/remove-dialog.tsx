import { client } from '../../../client.ts';
import type { Key } from '../../../queries/settings.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useChange } from '../use-change.ts';

interface RemoveDialogProps {
  readonly member: Key;
  readonly isOwn: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RemoveDialog({ member, isOwn, isOpen, onClose }: RemoveDialogProps) {
  const remove = useChange({
    about: isOwn ? ['session'] : ['keys'],
    work: () => client.keys.revoke(member.key),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={isOwn ? 'Remove yourself?' : `Remove ${member.name}?`}
      isOpen={isOpen}
      onClose={onClose}
      action={isOwn ? 'Remove me and sign out' : `Remove ${member.name}`}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      <p>
        {isOwn ? 'You are' : `${member.name} is`} signed out everywhere at once, and an invitation
        that was not used opens nothing.
      </p>
      <p>
        Runs that {isOwn ? 'you' : 'they'} began go on; their images, decisions and entries in the
        ledger stay.
      </p>
      {isOwn && <p>You cannot come back by yourself: somebody else has to invite you.</p>}
    </ConfirmDialog>
  );
}
