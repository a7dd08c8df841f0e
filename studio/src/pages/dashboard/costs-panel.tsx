/** What plans expected beside what was spent: by model, and run by run. */
import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { Button, Chip } from '@heroui/react';
import { creditsText, usdText } from '../../parts/credits.tsx';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { countText, shareText } from './figures.ts';
import { type FigureColumn, FiguresTable } from './figures-table.tsx';
import { Panel } from './panel.tsx';

type Costs = NonNullable<DashboardAnswer['costs']>;
type Compared = Pick<Costs['runs'][number], 'estimated' | 'actual'>;

/** More are one press away. */
const SHOWN = 6;

export function CostsPanel({ costs }: { readonly costs: Costs }) {
  const [showsAll, setShowsAll] = useState(false);
  const runs = showsAll ? costs.runs : costs.runs.slice(0, SHOWN);
  return (
    <Panel title="Estimated and actual cost" about={aboutText(costs)}>
      {costs.models.length > 0 && (
        <FiguresTable
          label="Estimated and actual cost by model"
          columns={MODEL_COLUMNS}
          rows={costs.models}
          idOf={({ model }) => model}
        />
      )}
      {costs.runs.length > 0 && (
        <FiguresTable
          label="Estimated and actual cost by run"
          columns={RUN_COLUMNS}
          rows={runs}
          idOf={({ run }) => run}
        />
      )}
      {costs.runs.length > SHOWN && (
        <Button
          size="sm"
          variant="ghost"
          className="self-start"
          onPress={() => setShowsAll((was) => !was)}
        >
          {showsAll ? 'Show fewer' : `Show all ${costs.runs.length}`}
        </Button>
      )}
    </Panel>
  );
}

function aboutText({ runs }: Costs): string {
  const ended = runs.filter((run) => run.is_final);
  if (ended.length === 0) return 'No run of this time has ended yet';
  const sum = (of: (run: Compared) => number) => ended.reduce((all, run) => all + of(run), 0);
  const estimated = sum((run) => run.estimated.credits);
  const actual = sum((run) => run.actual.credits);
  return `${creditsText(actual)} of an estimated ${creditsText(estimated)} in runs that have ended`;
}

function costColumns<Row extends Compared>(): FigureColumn<Row>[] {
  return [
    {
      id: 'estimated',
      title: 'Estimated',
      cell: ({ estimated }) => <Both credits={estimated.credits} usd={estimated.usd} />,
    },
    {
      id: 'actual',
      title: 'Actual',
      cell: ({ actual }) => <Both credits={actual.credits} usd={actual.usd} />,
    },
    {
      id: 'share',
      title: 'Of the estimate',
      cell: ({ estimated, actual }) =>
        estimated.credits > 0
          ? shareText(actual.credits, estimated.credits)
          : shareText(actual.usd, estimated.usd ?? 0),
    },
  ];
}

function Both({ credits, usd }: { readonly credits: number; readonly usd: number | null }) {
  return (
    <>
      {countText(credits)}
      <span className="block text-xs text-muted">{usdText(usd)}</span>
    </>
  );
}

const MODEL_COLUMNS: FigureColumn<Costs['models'][number]>[] = [
  { id: 'model', title: 'Model', cell: ({ model }) => model, isText: true },
  {
    id: 'images',
    title: 'Images',
    cell: ({ delivered, planned }) => `${countText(delivered)} of ${countText(planned)}`,
  },
  ...costColumns<Costs['models'][number]>(),
];

const RUN_COLUMNS: FigureColumn<Costs['runs'][number]>[] = [
  {
    id: 'run',
    title: 'Run',
    isText: true,
    cell: ({ run, title, is_final: isFinal }) => (
      <span className="flex items-center gap-2">
        <Link
          to="/runs/$run"
          params={{ run }}
          className="max-w-60 truncate text-link outline-offset-2 hover:underline"
        >
          {title}
        </Link>
        {!isFinal && (
          <Chip size="sm" variant="soft">
            so far
          </Chip>
        )}
      </span>
    ),
  },
  ...costColumns<Costs['runs'][number]>(),
];
