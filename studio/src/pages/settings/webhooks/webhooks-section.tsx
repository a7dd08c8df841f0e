/** Webhooks: addresses that are told what happens. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@heroui/react';
import { Webhook as WebhookIcon } from 'lucide-react';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { webhooksQuery } from '../../../queries/settings.ts';
import { Rows, Section, SectionSkeleton } from '../parts/section.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookRow } from './webhook-row.tsx';

export function WebhooksSection() {
  const { data, error, isPending, refetch } = useQuery(webhooksQuery);
  const [isCreating, setIsCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const create = (
    <Button onPress={() => setIsCreating(true)}>
      <WebhookIcon aria-hidden className="size-4" />
      New webhook
    </Button>
  );
  return (
    <Section
      title="Webhooks"
      about="Addresses of yours that are told what happens: signed, repeated over three days until they answer, and without prompts."
      actions={create}
    >
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyPanel
          title="Nobody is told"
          detail="A webhook lets a shop, a chat or a script know when a run is done, waits for an approval, or has run out of credits."
        >
          {create}
        </EmptyPanel>
      )}
      {data && data.length > 0 && (
        <Rows label="Webhooks">
          {data.map((webhook) => (
            <WebhookRow key={webhook.webhook} webhook={webhook} onSecret={setSecret} />
          ))}
        </Rows>
      )}
      <WebhookDialog
        isOpen={isCreating}
        onClose={() => setIsCreating(false)}
        onSecret={setSecret}
      />
      <SecretDialog
        title="The secret of the webhook"
        label="Signing secret"
        secret={secret}
        onClose={() => setSecret(undefined)}
      >
        With it your program checks that a delivery is ours, as Standard Webhooks has it. It is
        shown this one time.
      </SecretDialog>
    </Section>
  );
}
