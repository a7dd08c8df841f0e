import { client } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';
import { agoText } from '../../../parts/time.ts';
import type { Key } from '../../../queries/settings.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useChange } from '../use-change.ts';

interface RevokeKeyDialogProps {
  readonly of: Key;
  readonly isOwn: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RevokeKeyDialog({ of: key, isOwn, isOpen, onClose }: RevokeKeyDialogProps) {
  const revoke = useChange({
    about: isOwn ? ['session'] : ['keys'],
    work: () => client.keys.revoke(key.key),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={`Revoke ${key.name}?`}
      isOpen={isOpen}
      onClose={onClose}
      action={`Revoke ${key.name}`}
      isPending={revoke.isPending}
      onConfirm={() => revoke.mutate()}
    >
      <p>
        Whatever calls with im_…{key.hint} is refused from now on
        {key.last_used_at === null
          ? '. Nothing ever has.'
          : `; something did ${agoText(key.last_used_at)}.`}
      </p>
      <p>
        Its runs go on
        {key.credits.held > 0 ? `, with ${creditsText(key.credits.held)} held for them` : ''}. It
        cannot be brought back.
      </p>
      {isOwn && <p>You are signed in with it: you are signed out as well.</p>}
    </ConfirmDialog>
  );
}
