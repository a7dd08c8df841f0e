/** How far a run is: its images by what became of them, its pace, and what it has cost. */
import type { ReactNode } from 'react';
import { totalItems } from '../../../../src/engine/core/outcome.ts';
import type { Run } from '../../../../src/api/client/index.ts';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { OutcomeBar } from '../../parts/outcome-bar.tsx';
import { spanText } from '../../parts/time.ts';
import { STATE_COLORS, STATE_WORDS, STATES_SHOWN } from '../../parts/item-words.ts';
import { useRunSearch } from './run-search.ts';

export function RunProgress({
  run,
  pace,
}: {
  readonly run: Run;
  readonly pace: number | undefined;
}) {
  return (
    <section
      aria-label="Progress"
      className="mb-4 rounded-lg border border-separator bg-surface p-4"
    >
      <OutcomeBar items={run.items} />
      <Counts run={run} />
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-5">
        <Figure name="Pace">
          {paceText(run, pace)}
          {run.hands > 0 && <Small>{run.hands + 1} workers send</Small>}
        </Figure>
        <Figure name="Left">{leftText(run, pace)}</Figure>
        <Figure name="Spent">
          {creditsText(run.credits.posted)}
          {run.budget !== null && <Small>of {creditsText(run.budget)}</Small>}
        </Figure>
        <Figure name="Held">{creditsText(run.credits.held)}</Figure>
        <Figure name="Vendors' bill">
          {usdText(run.usd.actual)}
          {run.usd.estimated !== null && <Small>of about {usdText(run.usd.estimated)}</Small>}
        </Figure>
      </dl>
    </section>
  );
}

/** They add up to all images; each leads to its own. */
function Counts({ run: { items } }: { readonly run: Run }) {
  const [search, change] = useRunSearch();
  const shown = STATES_SHOWN.filter((state) => items[state] > 0);
  return (
    <ul
      className="mt-2 flex flex-wrap items-center gap-x-1 gap-y-1 text-sm"
      aria-label="Images by state"
    >
      {shown.map((state) => (
        <li key={state}>
          <button
            type="button"
            aria-pressed={search.state === state}
            onClick={() =>
              change({ state: search.state === state ? undefined : state, tab: undefined })
            }
            className="flex min-h-7 cursor-pointer items-center gap-1.5 rounded px-1.5 outline-focus hover:bg-default focus-visible:outline-2 aria-pressed:bg-default"
          >
            <span
              aria-hidden
              className={`size-2.5 rounded-full border border-separator ${STATE_COLORS[state]}`}
            />
            <span className="tabular-nums">{items[state].toLocaleString('en-US')}</span>
            <span className="text-muted">{STATE_WORDS[state]}</span>
          </button>
        </li>
      ))}
      <li className="ml-auto text-muted tabular-nums">
        {totalItems(items).toLocaleString('en-US')} in all
      </li>
    </ul>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-sm font-medium tabular-nums">{children}</dd>
    </div>
  );
}

function Small({ children }: { readonly children: ReactNode }) {
  return <span className="block text-xs font-normal text-muted">{children}</span>;
}

function paceText({ state }: Run, pace: number | undefined): string {
  if (state !== 'running') return 'rests';
  if (pace === undefined) return 'being measured';
  return `${pace < 10 ? pace.toFixed(1) : Math.round(pace).toLocaleString('en-US')} images a minute`;
}

function leftText({ state, items, waits }: Run, pace: number | undefined): string {
  const left = items.waiting + items.sent;
  if (left === 0) return 'nothing';
  const until = waits.map((wait) => wait.until).find((each) => each !== null);
  if (state === 'running' && pace !== undefined && pace > 0 && until === undefined) {
    return `about ${spanText((left / pace) * 60)}`;
  }
  return `${left.toLocaleString('en-US')} images`;
}
