/** One member: who, what they may do, when they were here, and what can be done about it. */
import { useState } from 'react';
import { Chip } from '@heroui/react';
import { client } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';
import { agoText, timeText } from '../../../parts/time.ts';
import { useSession } from '../../../queries/session.ts';
import type { Key } from '../../../queries/settings.ts';
import { Row } from '../parts/section.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { ROLE_WORDS } from '../roles.ts';
import { useChange } from '../use-change.ts';
import type { Invited } from './invitation-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RoleDialog } from './role-dialog.tsx';

interface MemberRowProps {
  readonly member: Key;
  readonly onInvited: (invited: Invited) => void;
}

export function MemberRow({ member, onInvited }: MemberRowProps) {
  const [open, setOpen] = useState<'role' | 'remove'>();
  const session = useSession();
  const isOwn = session?.key.key === member.key;
  // Nobody changes who may do more than they may themselves.
  const mayChange = member.scopes.every((scope) => session?.scopes.includes(scope));
  const again = useChange({
    about: ['keys'],
    work: () => client.keys.inviteAgain(member.key),
    onDone: onInvited,
  });
  const actions = [
    { id: 'invite', title: 'New invitation link…', onAction: () => again.mutate() },
    { id: 'role', title: 'Change the role…', onAction: () => setOpen('role') },
    {
      id: 'remove',
      title: 'Remove…',
      isDangerous: true,
      onAction: () => setOpen('remove'),
    },
  ].filter(({ id }) => !isOwn || id === 'remove');
  const close = () => setOpen(undefined);
  return (
    <Row
      title={member.name}
      marks={<MemberMarks member={member} isOwn={isOwn} />}
      facts={factsOf(member)}
      actions={mayChange && <RowMenu of={member.name} actions={actions} />}
    >
      <RoleDialog member={member} isOpen={open === 'role'} onClose={close} />
      <RemoveDialog member={member} isOwn={isOwn} isOpen={open === 'remove'} onClose={close} />
    </Row>
  );
}

function MemberMarks({ member, isOwn }: { readonly member: Key; readonly isOwn: boolean }) {
  return (
    <>
      <Chip size="sm" variant="soft" color={member.role === 'viewer' ? 'default' : 'accent'}>
        {ROLE_WORDS[member.role].title.toLowerCase()}
      </Chip>
      {isOwn && (
        <Chip size="sm" variant="soft">
          you
        </Chip>
      )}
      {member.state === 'expired' && (
        <Chip size="sm" variant="soft" color="warning">
          ended
        </Chip>
      )}
      {member.last_used_at === null && member.invited_until !== null && (
        <Chip size="sm" variant="soft" color="warning">
          invited
        </Chip>
      )}
    </>
  );
}

function factsOf(member: Key) {
  const { budget, posted, held } = member.credits;
  return [
    member.last_used_at === null ? 'never signed in' : `last seen ${agoText(member.last_used_at)}`,
    member.invited_until !== null && invitationText(member.invited_until),
    budget === null
      ? posted > 0 && `${creditsText(posted)} used`
      : `${posted + held} of ${creditsText(budget)} used`,
    member.expires_at !== null && `ends ${timeText(member.expires_at)}`,
  ];
}

function invitationText(until: string): string {
  return Date.parse(until) > Date.now()
    ? `invitation good until ${timeText(until)}`
    : 'the invitation has ended: make a new link';
}
