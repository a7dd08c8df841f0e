/** Refusals and failures of each model: their rates by day, their kinds, what was said. */
import { Chart } from '../../parts/chart.tsx';
import { CHART_COLORS } from '../../parts/chart-options.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { allOf, countText, dayText, type Images, shareText } from './figures.ts';
import { type FigureColumn, FiguresTable } from './figures-table.tsx';
import { Panel } from './panel.tsx';

type Outcomes = DashboardAnswer['outcomes'];
type Outcome = Outcomes[number];

export function OutcomesPanel({ outcomes }: { readonly outcomes: Outcomes }) {
  // The busiest models: more lines than colours cannot be told apart.
  const drawn = outcomes.slice(0, CHART_COLORS.length);
  const days = outcomes[0]?.days ?? [];
  return (
    <Panel title="Refusals and failures" about={aboutText(outcomes)}>
      <Chart
        title="Share of images that were refused or failed, by day and model"
        kind="lines"
        labels={days.map(({ day }) => dayText(day))}
        labelsAre="Day"
        series={drawn.map((each, place) => ({
          label: each.model,
          color: CHART_COLORS[place]!,
          values: each.days.map(({ images }) => rateOf(images)),
        }))}
        valueText={(value) => `${Math.round(value * 10) / 10} %`}
        axisText={(value) => `${value} %`}
      />
      <FiguresTable
        label="Refusals and failures by model"
        columns={COLUMNS}
        rows={outcomes}
        idOf={({ model }) => model}
      />
    </Panel>
  );
}

function aboutText(outcomes: Outcomes): string {
  const sum = (of: (images: Images) => number) =>
    outcomes.reduce((all, { images }) => all + of(images), 0);
  const all = sum(allOf);
  const refused = sum((images) => images.refused);
  const failed = sum((images) => images.failed);
  return `${shareText(refused, all)} refused and ${shareText(failed, all)} failed of ${countText(all)}`;
}

/** In per cent; null on days without images. */
function rateOf(images: Images): number | null {
  const all = allOf(images);
  return all === 0 ? null : (100 * (images.refused + images.failed)) / all;
}

const REFUSED: Readonly<Record<string, string>> = {
  unspecified: 'refused without a reason',
  prohibited: 'refused as prohibited',
  blocklist: 'refused for a word of a blocklist',
  person: 'refused for a person',
};

const COLUMNS: FigureColumn<Outcome>[] = [
  { id: 'model', title: 'Model', cell: ({ model }) => model, isText: true },
  {
    id: 'refused',
    title: 'Refused',
    cell: ({ images }) => <Rate part={images.refused} images={images} />,
  },
  {
    id: 'failed',
    title: 'Failed',
    cell: ({ images }) => <Rate part={images.failed} images={images} />,
  },
  {
    id: 'kinds',
    title: 'What was said',
    isText: true,
    wraps: true,
    cell: ({ refusals, failures }) => (
      <ul className="max-w-md min-w-48 text-xs text-muted">
        {refusals.map(({ category, items }) => (
          <li key={category}>
            {REFUSED[category] ?? `refused for ${category.replace('-', ' ')}`}: {countText(items)}
          </li>
        ))}
        {failures.map(({ reason, items }) => (
          <li key={reason} className="break-words">
            {reason}: {countText(items)}
          </li>
        ))}
      </ul>
    ),
  },
];

function Rate({ part, images }: { readonly part: number; readonly images: Images }) {
  return (
    <>
      {shareText(part, allOf(images))}
      <span className="block text-xs text-muted">{countText(part)}</span>
    </>
  );
}
