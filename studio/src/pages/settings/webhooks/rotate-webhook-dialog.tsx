import { client } from '../../../client.ts';
import type { Webhook } from '../../../queries/settings.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useChange } from '../use-change.ts';

interface RotateWebhookDialogProps {
  readonly webhook: Webhook;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}

export function RotateWebhookDialog(props: RotateWebhookDialogProps) {
  const { webhook, isOpen, onClose, onSecret } = props;
  const rotate = useChange({
    about: ['webhooks'],
    work: () => client.webhooks.rotate(webhook.webhook),
    onDone: ({ secret }) => {
      onClose();
      onSecret(secret);
    },
  });
  return (
    <ConfirmDialog
      title="Give it another secret?"
      isOpen={isOpen}
      onClose={onClose}
      action="Make a new secret"
      isPending={rotate.isPending}
      onConfirm={() => rotate.mutate()}
    >
      <p>
        For a day, deliveries are signed with both. Then what knows only the secret so far refuses
        them.
      </p>
    </ConfirmDialog>
  );
}
