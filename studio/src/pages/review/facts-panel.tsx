/** What is known of the image: prompt, model, cost, what was found and said. */
import type { ReactNode } from 'react';
import { Button, Chip, Drawer, Skeleton } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { Download, X } from 'lucide-react';
import { type Flag, flagText } from '../../../../src/engine/core/flag.ts';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { agoText } from '../../parts/time.ts';
import { itemQuery } from '../../queries/reviews.ts';
import { masterOf } from './picture-address.ts';
import type { Review } from './use-review.ts';

/** Beside the image where there is room for both. */
export function FactsPanel({ review }: { readonly review: Review }) {
  return (
    <aside
      aria-label="Prompt and facts"
      className="hidden w-80 shrink-0 overflow-y-auto border-l border-separator bg-surface p-4 lg:block"
      tabIndex={0}
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 className="text-sm font-semibold">Prompt and facts</h2>
        <Button
          isIconOnly
          size="sm"
          variant="ghost"
          aria-label="Close"
          onPress={() => review.setFacts(false)}
        >
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      <Facts review={review} />
    </aside>
  );
}

/** From below, on a small screen. */
export function FactsDrawer({ review }: { readonly review: Review }) {
  return (
    <Drawer isOpen={review.hasFacts && !review.isWide} onOpenChange={review.setFacts}>
      <Drawer.Backdrop>
        <Drawer.Content placement="bottom">
          <Drawer.Dialog>
            <Drawer.CloseTrigger aria-label="Close" />
            <Drawer.Header>
              <Drawer.Heading>Prompt and facts</Drawer.Heading>
            </Drawer.Header>
            <Drawer.Body>
              <Facts review={review} />
            </Drawer.Body>
          </Drawer.Dialog>
        </Drawer.Content>
      </Drawer.Backdrop>
    </Drawer>
  );
}

function Facts({ review: { run, current } }: { readonly review: Review }) {
  const { data: item, error, refetch } = useQuery(itemQuery(run, current?.item));
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (item === undefined || current === undefined) return <Skeleton className="h-40 rounded-md" />;
  const { review, client_mark: mark } = item;
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="whitespace-pre-wrap">{item.prompt}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <Fact title="Image">
          {item.name ?? `Row ${item.row}`}, {item.index}
        </Fact>
        <Fact title="Model">{item.model}</Fact>
        <Fact title="Size">
          {current.width} × {current.height}
        </Fact>
        {item.seed !== null && <Fact title="Seed">{item.seed}</Fact>}
        <Fact title="Cost">
          {creditsText(item.credits)}
          {item.usd !== null && ` · ${usdText(item.usd)}`}
        </Fact>
        {item.state !== 'delivered' && <Fact title="State">{item.reason ?? item.state}</Fact>}
        {item.negative_prompt && <Fact title="Without">{item.negative_prompt}</Fact>}
        {item.references.length > 0 && <Fact title="After">{item.references.join(', ')}</Fact>}
      </dl>
      {item.flags.length > 0 && (
        <ul aria-label="Flags" className="flex flex-wrap gap-1.5">
          {item.flags.map((flag) => {
            const text = flagText(flag as Flag);
            return (
              <li key={text}>
                <Chip size="sm" variant="soft" color="warning">
                  {text}
                </Chip>
              </li>
            );
          })}
        </ul>
      )}
      {review?.note && <Said by={review.by} at={review.at} words={review.note} />}
      {mark !== null && (
        <Said
          by={mark.by ?? 'The client'}
          at={mark.at}
          words={[MARK_WORDS[mark.mark ?? 'none'], mark.note].filter(Boolean).join(': ')}
        />
      )}
      <a
        href={`${masterOf(run, current)}?download=true`}
        download
        className="inline-flex items-center gap-1.5 self-start text-link underline"
      >
        <Download aria-hidden className="size-4" />
        Download the image
      </a>
    </div>
  );
}

const MARK_WORDS = { approve: 'Approved', reject: 'Rejected', none: '' } as const;

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{title}</dt>
      <dd className="min-w-0 break-words tabular-nums">{children}</dd>
    </>
  );
}

function Said({
  by,
  at,
  words,
}: {
  readonly by: string;
  readonly at: string;
  readonly words: string;
}) {
  return (
    <figure className="border-l-2 border-accent pl-3">
      <blockquote className="whitespace-pre-wrap">{words}</blockquote>
      <figcaption className="text-xs text-muted">
        {by}, {agoText(at)}
      </figcaption>
    </figure>
  );
}
