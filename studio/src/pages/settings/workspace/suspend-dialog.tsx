import { client } from '../../../client.ts';
import type { Workspace } from '../../../queries/settings.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useChange } from '../use-change.ts';

interface SuspendDialogProps {
  readonly workspace: Workspace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function SuspendDialog({ workspace, isOpen, onClose }: SuspendDialogProps) {
  const { workspace: id, name, state } = workspace;
  const isSuspended = state === 'suspended';
  const change = useChange({
    about: ['workspaces', 'workspace'],
    work: () => client.workspaces.change(id, { state: isSuspended ? 'active' : 'suspended' }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={isSuspended ? `End the suspension of ${name}?` : `Suspend ${name}?`}
      isOpen={isOpen}
      onClose={onClose}
      action={isSuspended ? 'End the suspension' : `Suspend ${name}`}
      isPending={change.isPending}
      onConfirm={() => change.mutate()}
    >
      <p>
        {isSuspended
          ? 'Its members and keys may do again what they could, and its runs go on by themselves.'
          : 'Nothing of it is sent any more: its runs wait. Its members and keys may look, and nothing else. What is at vendors now ends, and is charged.'}
      </p>
      {!isSuspended && <p>It can be ended at any time.</p>}
    </ConfirmDialog>
  );
}
