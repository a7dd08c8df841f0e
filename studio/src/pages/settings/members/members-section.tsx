/** The people who sign in to the workspace. Each has a key; nobody has to be sent one. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@heroui/react';
import { UserPlus } from 'lucide-react';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { keysQuery } from '../../../queries/settings.ts';
import { Rows, Section, SectionSkeleton } from '../parts/section.tsx';
import { InvitationDialog, type Invited } from './invitation-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberRow } from './member-row.tsx';

export function MembersSection() {
  const { data, error, isPending, refetch } = useQuery(keysQuery('person'));
  const [isInviting, setIsInviting] = useState(false);
  const [invited, setInvited] = useState<Invited>();
  const members = data?.filter(({ state }) => state !== 'revoked') ?? [];
  const invite = (
    <Button onPress={() => setIsInviting(true)}>
      <UserPlus aria-hidden className="size-4" />
      Invite
    </Button>
  );
  return (
    <Section
      title="Members"
      about="People who sign in here. A member is invited by a link, which is good once, for 48 hours."
      actions={invite}
    >
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && members.length === 0 && (
        <EmptyPanel
          title="No members yet"
          detail="Only keys of programs so far. Invite the people you work with; each gets a way in of their own, which can be taken back."
        >
          {invite}
        </EmptyPanel>
      )}
      {members.length > 0 && (
        <Rows label="Members">
          {members.map((member) => (
            <MemberRow key={member.key} member={member} onInvited={setInvited} />
          ))}
        </Rows>
      )}
      <InviteDialog
        isOpen={isInviting}
        onClose={() => setIsInviting(false)}
        onInvited={setInvited}
      />
      <InvitationDialog invited={invited} onClose={() => setInvited(undefined)} />
    </Section>
  );
}
