import { useQuery } from '@tanstack/react-query';
import { Button, Card } from '@heroui/react';
import { client } from '../../../client.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { creditsText } from '../../../parts/credits.tsx';
import { useMay } from '../../../queries/session.ts';
import { packsQuery } from '../../../queries/settings.ts';
import { Panel, SectionSkeleton } from '../parts/section.tsx';
import { useChange } from '../use-change.ts';

type Pack = Awaited<ReturnType<typeof client.credits.packs>>['data'][number];

/** What is sold here; paid at the provider's page. */
export function Packs() {
  const { data, error, isPending, refetch } = useQuery(packsQuery);
  const mayBuy = useMay('credits:buy');
  const buy = useChange({
    about: [],
    work: (pack: string) => {
      const back = `${location.origin}/settings/credits?checkout=`;
      const addresses = { success_url: `${back}paid`, cancel_url: `${back}cancelled` };
      return client.credits.checkout({ pack, ...addresses });
    },
    onDone: ({ url }) => location.assign(url),
  });
  return (
    <Panel title="Packs" about={aboutPacks(data, mayBuy)}>
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {data?.data.map((pack) => (
          <li key={pack.pack}>
            <PackCard
              pack={pack}
              mayBuy={mayBuy && data.payment !== null}
              isPending={buy.isPending && buy.variables === pack.pack}
              onBuy={() => buy.mutate(pack.pack)}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface PackCardProps {
  readonly pack: Pack;
  readonly mayBuy: boolean;
  readonly isPending: boolean;
  readonly onBuy: () => void;
}

function PackCard({ pack, mayBuy, isPending, onBuy }: PackCardProps) {
  const price = moneyText(pack);
  return (
    <Card className="h-full">
      <Card.Header>
        <h4 className="text-base font-semibold">{pack.title}</h4>
        <Card.Description>
          {creditsText(pack.credits)} for {price}
        </Card.Description>
      </Card.Header>
      {mayBuy && (
        <Card.Footer className="mt-auto">
          <Button fullWidth onPress={onBuy} isPending={isPending}>
            Buy · {price}
          </Button>
        </Card.Footer>
      )}
    </Card>
  );
}

function moneyText({ amount, currency }: Pack): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

function aboutPacks(
  packs: { readonly data: readonly Pack[]; readonly payment: string | null } | undefined,
  mayBuy: boolean,
): string {
  if (packs === undefined) return '';
  if (packs.data.length === 0)
    return 'Nothing is sold here: whoever runs this service grants credits.';
  if (packs.payment === null) return 'They are not paid here: ask whoever runs this service.';
  if (!mayBuy) return 'An admin of the workspace can buy them.';
  return 'Paid at the page of the payment provider. What is bought also raises the ceiling.';
}
