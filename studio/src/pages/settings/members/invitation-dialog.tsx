import { timeText } from '../../../parts/time.ts';
import { SecretDialog } from '../parts/secret-dialog.tsx';

export interface Invited {
  readonly name: string;
  readonly invitation: string;
  readonly invited_until: string | null;
}

/** The link, shown once. What invites stands behind the `#`, which browsers send to no server. */
export function InvitationDialog({
  invited,
  onClose,
}: {
  readonly invited: Invited | undefined;
  readonly onClose: () => void;
}) {
  const link = invited && `${location.origin}/sign-in#invite=${invited.invitation}`;
  return (
    <SecretDialog
      title={`The invitation for ${invited?.name ?? ''}`}
      label="Link"
      secret={link}
      onClose={onClose}
    >
      Send it to {invited?.name} alone: whoever opens it first is let in. It is good once
      {invited?.invited_until && `, until ${timeText(invited.invited_until)}`}, and is shown this
      one time. Removing the member takes it back.
    </SecretDialog>
  );
}
