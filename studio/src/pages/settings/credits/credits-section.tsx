/** What the workspace has, what can be bought, and every movement of it. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from '@heroui/react';
import { creditsText } from '../../../parts/credits.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { creditsQuery } from '../../../queries/account.ts';
import { Figure, Figures, Panel, Section, SectionSkeleton } from '../parts/section.tsx';
import { CeilingWords, ceilingText } from '../workspace/ceiling.tsx';
import { Ledger } from './ledger.tsx';
import { Packs } from './packs.tsx';

export function CreditsSection() {
  const { data, error, isPending, refetch } = useQuery(creditsQuery);
  return (
    <Section
      title="Credits and packs"
      about="What images are paid with. Only delivered images cost credits."
    >
      <AfterPaying />
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <Figures>
          <Figure name="Balance">
            <span className="text-lg font-semibold">
              {data.balance === null ? 'no limit' : creditsText(data.balance)}
            </span>
          </Figure>
          <Figure name="Held for what is being made">{creditsText(data.held)}</Figure>
          <Figure name="Spent, ever">{creditsText(data.posted)}</Figure>
          <Figure name="Bought">{creditsText(data.bought)}</Figure>
        </Figures>
      )}
      {data && (
        <Panel
          title={`Ceiling: ${ceilingText(data.ceiling.images_per_hour)}`}
          about={<CeilingWords ceiling={data.ceiling} />}
        >
          {null}
        </Panel>
      )}
      <Packs />
      <HowCreditsWork />
      <Ledger />
    </Section>
  );
}

/** Where the payment provider sends the browser back to. */
function AfterPaying() {
  const checkout = new URLSearchParams(location.search).get('checkout');
  if (checkout !== 'paid' && checkout !== 'cancelled') return null;
  const isPaid = checkout === 'paid';
  return (
    <Alert status={isPaid ? 'success' : 'default'} role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{isPaid ? 'Thank you' : 'Nothing was paid'}</Alert.Title>
        <Alert.Description>
          {isPaid
            ? 'The credits come as soon as the payment is certain, mostly within a minute. This page shows them by itself.'
            : 'The order was left, and nothing changes.'}
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

function HowCreditsWork() {
  return (
    <Panel title="How credits work">
      <ul className="flex list-disc flex-col gap-1 pl-5 text-sm text-muted">
        <li>
          Before something is sent, its price is held, so that a run never costs more than said.
        </li>
        <li>What is delivered is charged; for the rest the hold is returned.</li>
        <li>What is refused or fails costs no credits, whatever the vendor bills.</li>
        <li>Finishing, upscaling, converting and downloading images cost none.</li>
        <li>A run without credits waits, and goes on by itself when some come.</li>
      </ul>
    </Panel>
  );
}
