import { client } from '../../../client.ts';
import type { Webhook } from '../../../queries/settings.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useChange } from '../use-change.ts';

interface RemoveWebhookDialogProps {
  readonly webhook: Webhook;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RemoveWebhookDialog({ webhook, isOpen, onClose }: RemoveWebhookDialogProps) {
  const remove = useChange({
    about: ['webhooks'],
    work: () => client.webhooks.remove(webhook.webhook),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title="Remove the webhook?"
      isOpen={isOpen}
      onClose={onClose}
      action="Remove the webhook"
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      <p className="break-words">
        {webhook.url} is told nothing more, and what waits to be sent is dropped.
      </p>
      <p>The log of its deliveries goes as well. To stop it for a while, disable it instead.</p>
    </ConfirmDialog>
  );
}
