/** One webhook: where, what it is told, how it fares; its log below. */
import { useState } from 'react';
import { Button, Chip, toast } from '@heroui/react';
import { client } from '../../../client.ts';
import { agoText, timeText } from '../../../parts/time.ts';
import type { Webhook } from '../../../queries/settings.ts';
import { Row } from '../parts/section.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { useChange } from '../use-change.ts';
import { Deliveries } from './deliveries.tsx';
import { EVENT_WORDS } from './event-words.ts';
import { RemoveWebhookDialog } from './remove-webhook-dialog.tsx';
import { RotateWebhookDialog } from './rotate-webhook-dialog.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';

interface WebhookRowProps {
  readonly webhook: Webhook;
  readonly onSecret: (secret: string) => void;
}

type Open = 'change' | 'rotate' | 'remove';

export function WebhookRow({ webhook, onSecret }: WebhookRowProps) {
  const [open, setOpen] = useState<Open>();
  const [showsLog, setShowsLog] = useState(false);
  const { webhook: id, url, enabled } = webhook;
  const close = () => setOpen(undefined);
  const test = useChange({
    about: ['webhooks'],
    work: () => client.webhooks.test(id),
    onDone: () => {
      setShowsLog(true);
      toast('A test is on its way', { description: 'The log tells what it was answered.' });
    },
  });
  const enable = useChange({
    about: ['webhooks'],
    work: (to: boolean) => client.webhooks.change(id, { enabled: to }),
  });
  const actions = [
    ...(enabled ? [{ id: 'test', title: 'Send a test', onAction: () => test.mutate() }] : []),
    { id: 'change', title: 'Change…', onAction: () => setOpen('change') },
    {
      id: 'enable',
      title: enabled ? 'Disable' : 'Enable',
      onAction: () => enable.mutate(!enabled),
    },
    { id: 'rotate', title: 'New secret…', onAction: () => setOpen('rotate') },
    { id: 'remove', title: 'Remove…', isDangerous: true, onAction: () => setOpen('remove') },
  ];
  return (
    <Row
      title={webhook.description || url}
      marks={<WebhookMark webhook={webhook} />}
      facts={factsOf(webhook)}
      actions={<RowMenu of={webhook.description || url} actions={actions} />}
    >
      <Button
        size="sm"
        variant="ghost"
        className="mt-1 -ml-2"
        aria-expanded={showsLog}
        onPress={() => setShowsLog(!showsLog)}
      >
        {showsLog ? 'Hide the log' : 'Show the log'}
      </Button>
      {showsLog && <Deliveries webhook={id} />}
      <WebhookDialog
        webhook={webhook}
        isOpen={open === 'change'}
        onClose={close}
        onSecret={onSecret}
      />
      <RotateWebhookDialog
        webhook={webhook}
        isOpen={open === 'rotate'}
        onClose={close}
        onSecret={onSecret}
      />
      <RemoveWebhookDialog webhook={webhook} isOpen={open === 'remove'} onClose={close} />
    </Row>
  );
}

function WebhookMark({ webhook }: { readonly webhook: Webhook }) {
  if (!webhook.enabled) {
    return (
      <Chip size="sm" variant="soft" color={webhook.disabled_reason ? 'danger' : 'default'}>
        disabled
      </Chip>
    );
  }
  if (webhook.failing_since === null) return null;
  return (
    <Chip size="sm" variant="soft" color="warning">
      failing
    </Chip>
  );
}

function factsOf(webhook: Webhook) {
  const { events, failing_since: failing, rotated_at: rotated } = webhook;
  return [
    webhook.description !== '' && webhook.url,
    events === null
      ? 'told of everything'
      : `told when ${events.map((type) => EVENT_WORDS[type]).join(', ')}`,
    webhook.disabled_reason,
    failing !== null && `nothing has reached it since ${timeText(failing)}`,
    rotated !== null && `new secret ${agoText(rotated)}`,
  ];
}
