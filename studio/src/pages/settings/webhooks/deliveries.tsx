/** What a webhook was sent, and what it answered. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Chip } from '@heroui/react';
import { client } from '../../../client.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { agoText, timeText } from '../../../parts/time.ts';
import { deliveriesQuery } from '../../../queries/settings.ts';
import { SectionSkeleton } from '../parts/section.tsx';
import { useChange } from '../use-change.ts';

type Delivery = Awaited<ReturnType<typeof client.webhooks.replay>>;

const COLOURS = { delivered: 'success', failed: 'danger', waiting: 'default' } as const;

export function Deliveries({ webhook }: { readonly webhook: string }) {
  const log = useInfiniteQuery(deliveriesQuery(webhook));
  if (log.isPending) return <SectionSkeleton />;
  if (log.error) return <ErrorPanel error={log.error} onRetry={() => void log.refetch()} />;
  const deliveries = log.data.pages.flatMap((page) => page.data);
  if (deliveries.length === 0) {
    return <p className="py-2 text-sm text-muted">Nothing was sent yet. Send a test to try it.</p>;
  }
  return (
    <>
      <ul aria-label="Deliveries" className="divide-y divide-separator border-t border-separator">
        {deliveries.map((delivery) => (
          <DeliveryLine key={delivery.delivery} delivery={delivery} />
        ))}
      </ul>
      {log.hasNextPage && (
        <Button
          size="sm"
          variant="tertiary"
          onPress={() => void log.fetchNextPage()}
          isPending={log.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function DeliveryLine({ delivery }: { readonly delivery: Delivery }) {
  const { state, type, status, reason, attempts } = delivery;
  const again = useChange({
    about: ['webhooks'],
    work: () => client.webhooks.replay(delivery.webhook, delivery.delivery),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
      <Chip size="sm" variant="soft" color={COLOURS[state]}>
        {status ?? state}
      </Chip>
      <code>{type}</code>
      <span className="text-muted">{agoText(delivery.created_at)}</span>
      {attempts > 1 && <span className="text-muted">sent {attempts} times</span>}
      {state !== 'delivered' && reason && (
        <span className="min-w-0 break-words text-muted">{reason}</span>
      )}
      {delivery.next_at !== null && attempts > 0 && (
        <span className="text-muted">again at {timeText(delivery.next_at)}</span>
      )}
      {state !== 'waiting' && (
        <Button
          size="sm"
          variant="ghost"
          className="ml-auto"
          onPress={() => again.mutate()}
          isPending={again.isPending}
        >
          Send again
        </Button>
      )}
    </li>
  );
}
