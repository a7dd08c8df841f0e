import { usdText } from '../../../parts/credits.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import type { Model } from './find-models.ts';

type Price = Model['prices'][number];
interface PricesOfSize {
  readonly size: string;
  readonly prices: readonly Price[];
}

const CREDITS_ARE = {
  list: 'as listed',
  proportional: 'in proportion',
  quote: 'as quoted',
} as const;

const QUALITIES = ['low', 'medium', 'high'] as const;

const COLUMNS: readonly Column<PricesOfSize>[] = [
  { id: 'size', title: 'Size', cell: ({ size }) => size.replace('x', ' × ') },
  ...QUALITIES.map((quality) => ({
    id: quality,
    title: quality,
    isNumber: true,
    cell: ({ prices }: PricesOfSize) => (
      <PriceCell price={prices.find((each) => each.quality === quality)} />
    ),
  })),
  {
    id: 'are',
    title: 'Credits are',
    cell: ({ prices }) =>
      [...new Set(prices.map(({ credits_are: are }) => CREDITS_ARE[are]))].join(', '),
  },
];

/** The price of each size and quality, with its source. */
export function PriceTable({ of: model }: { readonly of: Model }) {
  if (model.prices.length === 0) {
    return <p className="text-sm text-muted">Nobody has told a price of it.</p>;
  }
  const bySize = Map.groupBy(model.prices, ({ size }) => size);
  return (
    <div>
      <DataTable
        label={`Prices of ${model.title}`}
        columns={COLUMNS}
        entries={[...bySize].map(([size, prices]) => ({ size, prices }))}
        idOf={({ size }) => size}
      />
      <p className="mt-2 text-xs text-muted">
        Credits of an image; below them what the vendor bills
        {model.lanes.includes('batch') && '; in brackets the batch lane'}. As of {model.price_date}:{' '}
        <SourceText text={model.price_source} />
      </p>
    </div>
  );
}

function PriceCell({ price }: { readonly price: Price | undefined }) {
  if (price === undefined) return <span className="text-muted">not made</span>;
  return (
    <>
      {price.credits}
      {price.batch_credits !== null && ` (${price.batch_credits})`}
      <span className="block text-xs text-muted">{usdText(price.usd)}</span>
    </>
  );
}

/** Sources are words or addresses. */
export function SourceText({ text }: { readonly text: string }) {
  const address = /https?:\/\/\S+/.exec(text)?.[0];
  if (address === undefined) return <span className="break-words">{text}</span>;
  const [before, after] = text.split(address);
  return (
    <span className="break-words">
      {before}
      <a href={address} rel="noreferrer" target="_blank" className="text-link underline">
        {address}
      </a>
      {after}
    </span>
  );
}
