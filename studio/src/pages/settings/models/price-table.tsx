import { creditsText, usdText } from '../../../parts/credits.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import type { Model } from './find-models.ts';

type Price = Model['prices'][number];

const CREDITS_ARE = {
  list: 'as listed',
  proportional: 'in proportion to the area',
  quote: 'as quoted',
} as const;

const LIVE: readonly Column<Price>[] = [
  { id: 'size', title: 'Size', cell: ({ size }) => size },
  { id: 'quality', title: 'Quality', cell: ({ quality }) => quality },
  {
    id: 'credits',
    title: 'Price',
    isNumber: true,
    cell: ({ credits }) => creditsText(credits),
  },
  { id: 'usd', title: 'Vendor bills', isNumber: true, cell: ({ usd }) => usdText(usd) },
  { id: 'are', title: 'Which is', cell: ({ credits_are: are }) => CREDITS_ARE[are] },
];

const BATCH: readonly Column<Price>[] = [
  {
    id: 'batch',
    title: 'In the batch lane',
    isNumber: true,
    cell: ({ batch_credits: credits }) => (credits === null ? '' : creditsText(credits)),
  },
];

/** The price of each size and quality, with its source. */
export function PriceTable({ of: model }: { readonly of: Model }) {
  if (model.prices.length === 0) {
    return <p className="text-sm text-muted">Nobody has told a price of it.</p>;
  }
  const columns = model.lanes.includes('batch') ? [...LIVE, ...BATCH] : LIVE;
  return (
    <div>
      <DataTable
        label={`Prices of ${model.title}`}
        columns={columns}
        entries={model.prices}
        idOf={({ size, quality }) => `${size} ${quality}`}
      />
      <p className="mt-2 text-xs text-muted">
        Prices as of {model.price_date}: <SourceText text={model.price_source} />
      </p>
    </div>
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
