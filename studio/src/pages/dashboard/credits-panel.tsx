/** What there is to spend, what buying more raises, and the packs that are sold. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from '@heroui/react';
import { client } from '../../client.ts';
import { creditsText } from '../../parts/credits.tsx';
import { type DashboardAnswer, packsQuery } from '../../queries/dashboard.ts';
import { useMay } from '../../queries/session.ts';
import { countText } from './figures.ts';
import { Panel } from './panel.tsx';

type Credits = NonNullable<DashboardAnswer['credits']>;

export function CreditsPanel({ credits }: { readonly credits: Credits }) {
  return (
    <Panel title="Credits" about={ceilingText(credits)}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-sm sm:grid-cols-4 lg:grid-cols-2">
        {[
          ['Left', credits.balance === null ? 'No limit' : creditsText(credits.balance)],
          ['Held', creditsText(credits.held)],
          ['Spent, ever', creditsText(credits.posted)],
          ['Bought, ever', creditsText(credits.bought)],
        ].map(([title, text]) => (
          <div key={title}>
            <dt className="text-muted">{title}</dt>
            <dd className="font-medium tabular-nums">{text}</dd>
          </div>
        ))}
      </dl>
      {credits.balance !== null && <Packs />}
    </Panel>
  );
}

function ceilingText({ ceiling }: Credits): string {
  const { images_per_hour: now, next, follows } = ceiling;
  const stands = now === null ? 'No ceiling' : `At most ${countText(now)} images an hour`;
  const isByHand = follows === 'operator' && now !== null;
  if (next === null) return isByHand ? `${stands}, set by hand` : stands;
  const then = next.images_per_hour === null ? 'no ceiling' : countText(next.images_per_hour);
  return `${stands}; ${then} after buying ${creditsText(next.to_buy)} more`;
}

function Packs() {
  const mayBuy = useMay('credits:buy');
  const { data: packs } = useQuery(packsQuery);
  const buy = useMutation({
    mutationFn: (pack: string) => client.credits.checkout({ pack }),
    onSuccess: ({ url }) => location.assign(url),
  });
  if (packs === undefined) return null;
  if (packs.payment === null || packs.data.length === 0) {
    return <p className="text-sm text-muted">Credits are given by whoever runs this server.</p>;
  }
  if (!mayBuy) {
    return <p className="text-sm text-muted">Credits are bought with an admin's key.</p>;
  }
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        {packs.data.map((pack) => (
          <Button
            key={pack.pack}
            variant="secondary"
            isDisabled={buy.isPending}
            onPress={() => buy.mutate(pack.pack)}
          >
            Buy {creditsText(pack.credits)} · {priceText(pack)}
          </Button>
        ))}
      </div>
      <p className="mt-2 text-xs text-muted">Paid at Stripe, which opens in this tab.</p>
    </div>
  );
}

/** In the currency's smallest unit: most have hundredths, some none. */
function priceText({ amount, currency }: { readonly amount: number; readonly currency: string }) {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}
