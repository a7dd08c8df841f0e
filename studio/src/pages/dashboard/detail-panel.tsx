/** Whether pictures lose detail with their place in the queue, and what canaries showed. */
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from '@heroui/react';
import { Chart } from '../../parts/chart.tsx';
import { CHART_COLORS } from '../../parts/chart-options.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { type DetailAnswer, detailQuery } from '../../queries/dashboard.ts';
import { countText } from './figures.ts';
import { type FigureColumn, FiguresTable } from './figures-table.tsx';
import { Panel } from './panel.tsx';

type Detail = DetailAnswer['data'][number];

export function DetailPanel() {
  const { data, error, refetch } = useQuery(detailQuery);
  return (
    <Panel
      title="Detail by place in the queue"
      about="How much detail pictures have beside the first ones of their run"
    >
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton className="h-48 w-full rounded" />}
      {data?.data.length === 0 && (
        <p className="py-8 text-center text-sm text-muted">
          Nothing to compare yet: pictures are measured as they are delivered.
        </p>
      )}
      {data !== undefined && data.data.length > 0 && <DetailFigures models={data.data} />}
    </Panel>
  );
}

function DetailFigures({ models }: { readonly models: readonly Detail[] }) {
  const drawn = models.slice(0, CHART_COLORS.length);
  const places = [...new Set(drawn.flatMap(({ curve }) => curve.map(({ from }) => from)))].toSorted(
    (one, other) => one - other,
  );
  return (
    <>
      <Chart
        title="Detail by place in the queue, by model"
        kind="lines"
        labels={places.map((from) => `from ${countText(from)}`)}
        labelsAre="Place in the queue"
        series={drawn.map(({ model, curve }, place) => ({
          label: model,
          color: CHART_COLORS[place]!,
          values: places.map((from) => detailAt(curve, from)),
        }))}
        valueText={(value) => `${Math.round(value)} %`}
      />
      <FiguresTable
        label="Detail by model"
        columns={COLUMNS}
        rows={models}
        idOf={({ model }) => model}
      />
    </>
  );
}

/** In per cent of the beginning. */
function detailAt(curve: Detail['curve'], from: number): number | null {
  const point = curve.find((each) => each.from === from);
  return point === undefined ? null : 100 * point.detail;
}

const COLUMNS: FigureColumn<Detail>[] = [
  { id: 'model', title: 'Model', cell: ({ model }) => model, isText: true },
  { id: 'verdict', title: 'Verdict', cell: verdictText, isText: true },
  { id: 'runs', title: 'Runs', cell: ({ runs }) => countText(runs.length) },
  { id: 'canaries', title: 'Canaries', cell: canariesText },
];

function verdictText({ runs }: Detail): string {
  const fell = runs.filter(({ verdict }) => verdict === 'fell').length;
  if (fell > 0) return `fell in ${fell} of ${runs.length}`;
  return runs.some(({ verdict }) => verdict === 'steady') ? 'steady' : 'too early to tell';
}

function canariesText({ canaries }: Detail): string {
  const { same, less_detail: less, other_picture: other } = canaries;
  if (same + less + other === 0) return 'none';
  return [
    ...(same > 0 ? [`${countText(same)} the same`] : []),
    ...(less > 0 ? [`${countText(less)} with less detail`] : []),
    ...(other > 0 ? [`${countText(other)} another picture`] : []),
  ].join(', ');
}
