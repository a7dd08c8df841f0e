/** How the workspace stands: figures first, what waits for somebody, then how it went. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from '@heroui/react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Page } from '../../parts/page.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { type DashboardAnswer, dashboardQuery } from '../../queries/dashboard.ts';
import { Choice } from './choice.tsx';
import { CostsPanel } from './costs-panel.tsx';
import { CreditsPanel } from './credits-panel.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { HourPanel } from './hour-panel.tsx';
import { KeyFigures } from './key-figures.tsx';
import { LanesPanel } from './lanes-panel.tsx';
import { OutcomesPanel } from './outcomes-panel.tsx';
import { RunsPanel } from './runs-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';
import { WorkersNotice } from './workers-notice.tsx';
import { WorkersPanel } from './workers-panel.tsx';

const DAYS = { '7': 7, '30': 30, '90': 90 } as const;
const RANGES = (['7', '30', '90'] as const).map((id) => ({ id, title: `${id} days` }));

export function DashboardPage() {
  const { days = 30, checkout } = useSearch({ from: '/shell/dashboard' });
  const { data, error, isPending, refetch } = useQuery(dashboardQuery(days));
  if (isPending) return <PageSkeleton />;
  if (data === undefined) {
    return (
      <Page title="Dashboard">
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page title="Dashboard" actions={<RangeChoice days={days} />}>
      <div className="flex flex-col gap-4">
        {checkout !== undefined && <CheckoutNote checkout={checkout} />}
        <WorkersNotice workers={data.workers} />
        <KeyFigures dashboard={data} />
        {isEmpty(data) ? <Beginning dashboard={data} /> : <Panels dashboard={data} />}
      </div>
    </Page>
  );
}

function Panels({ dashboard }: { readonly dashboard: DashboardAnswer }) {
  const { credits, usage, costs, outcomes, lanes, hour, runs, workers, to } = dashboard;
  return (
    <>
      <RunsPanel runs={runs} />
      <div className="grid min-w-0 gap-4 lg:grid-cols-2">
        <HourPanel hour={hour} to={to} />
        {credits && <CreditsPanel credits={credits} />}
      </div>
      {lanes.length > 0 && <LanesPanel lanes={lanes} to={to} />}
      {usage && <UsagePanel usage={usage} />}
      {costs && <CostsPanel costs={costs} />}
      <div className="grid min-w-0 gap-4 xl:grid-cols-2">
        {outcomes.length > 0 && <OutcomesPanel outcomes={outcomes} />}
        <DetailPanel />
      </div>
      <WorkersPanel workers={workers} />
    </>
  );
}

/** Nothing was ever made, or nothing in this time and nothing is left over. */
function isEmpty({ outcomes, runs }: DashboardAnswer): boolean {
  const { working, waiting, ended } = runs;
  return outcomes.length + working.length + waiting.length + ended.length === 0;
}

function Beginning({ dashboard }: { readonly dashboard: DashboardAnswer }) {
  return (
    <>
      <EmptyPanel
        title="Nothing was made yet"
        detail="Usage, costs and the health of vendors show here as soon as images are made. The sample sheet on the demo model costs nothing."
      >
        <Link to="/generate" className="text-link underline">
          Begin with the sample sheet
        </Link>
      </EmptyPanel>
      {dashboard.credits && <CreditsPanel credits={dashboard.credits} />}
      <WorkersPanel workers={dashboard.workers} />
    </>
  );
}

function RangeChoice({ days }: { readonly days: 7 | 30 | 90 }) {
  const navigate = useNavigate();
  return (
    <Choice
      label="Time"
      options={RANGES}
      chosen={`${days}`}
      onChange={(chosen) =>
        void navigate({ to: '/dashboard', search: { days: DAYS[chosen] }, replace: true })
      }
    />
  );
}

/** After Stripe's page. */
function CheckoutNote({ checkout }: { readonly checkout: 'paid' | 'cancelled' }) {
  const isPaid = checkout === 'paid';
  return (
    <Alert status={isPaid ? 'success' : 'default'} role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{isPaid ? 'Paid' : 'Nothing was paid'}</Alert.Title>
        <Alert.Description>
          {isPaid
            ? 'The credits come as soon as Stripe has confirmed the payment, usually within seconds.'
            : 'The order was left; no money was taken.'}
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}
