import { useState } from 'react';
import { creditsText } from '../../../parts/credits.tsx';
import type { Workspace } from '../../../queries/settings.ts';
import { InvitationDialog, type Invited } from '../members/invitation-dialog.tsx';
import { InviteDialog } from '../members/invite-dialog.tsx';
import { Row } from '../parts/section.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { ceilingText } from './ceiling.tsx';
import { ChangeWorkspaceDialog } from './change-workspace-dialog.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { SuspendDialog } from './suspend-dialog.tsx';
import { StateChip } from './state-chip.tsx';

type Open = 'change' | 'credits' | 'invite' | 'suspend';

export function WorkspaceRow({ workspace }: { readonly workspace: Workspace }) {
  const [open, setOpen] = useState<Open>();
  const [invited, setInvited] = useState<Invited>();
  const close = () => setOpen(undefined);
  const { name, state, credits } = workspace;
  const isSuspended = state === 'suspended';
  const actions = [
    { id: 'credits', title: 'Enter credits…', onAction: () => setOpen('credits') },
    { id: 'change', title: 'Name and ceiling…', onAction: () => setOpen('change') },
    { id: 'invite', title: 'Invite somebody…', onAction: () => setOpen('invite') },
    {
      id: 'suspend',
      title: isSuspended ? 'End the suspension…' : 'Suspend…',
      isDangerous: !isSuspended,
      onAction: () => setOpen('suspend'),
    },
  ];
  return (
    <Row
      title={name}
      marks={<StateChip state={state} />}
      facts={[
        <code key="id">{workspace.workspace}</code>,
        credits.available === null ? 'no balance kept' : `${creditsText(credits.available)} left`,
        credits.held > 0 && `${creditsText(credits.held)} held`,
        `${creditsText(credits.posted)} spent`,
        `${creditsText(credits.bought)} bought`,
        `ceiling: ${ceilingText(workspace.images_per_hour)}${
          workspace.ceiling_follows === 'operator' ? ', by hand' : ''
        }`,
      ]}
      actions={<RowMenu of={name} actions={actions} />}
    >
      <EntryDialog workspace={workspace} isOpen={open === 'credits'} onClose={close} />
      <ChangeWorkspaceDialog workspace={workspace} isOpen={open === 'change'} onClose={close} />
      <InviteDialog
        workspace={workspace.workspace}
        isOpen={open === 'invite'}
        onClose={close}
        onInvited={setInvited}
      />
      <InvitationDialog invited={invited} onClose={() => setInvited(undefined)} />
      <SuspendDialog workspace={workspace} isOpen={open === 'suspend'} onClose={close} />
    </Row>
  );
}
