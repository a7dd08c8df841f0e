/** What was made and paid: by day as a chart, by model and key as tables, all of it as CSV. */
import { useState } from 'react';
import { Button, Dropdown, Label } from '@heroui/react';
import { Download } from 'lucide-react';
import { Chart } from '../../parts/chart.tsx';
import type { ChartSeries } from '../../parts/chart-options.ts';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { type DashboardAnswer, TIME_ZONE } from '../../queries/dashboard.ts';
import { Choice } from './choice.tsx';
import { countText, dayText, imagesText, shortText } from './figures.ts';
import { type FigureColumn, FiguresTable } from './figures-table.tsx';
import { Panel } from './panel.tsx';

type Usage = NonNullable<DashboardAnswer['usage']>;
type Spent = Usage['total'];

const MEASURES = [
  { id: 'images', title: 'Images' },
  { id: 'credits', title: 'Credits' },
  { id: 'dollars', title: 'Dollars' },
] as const;
type Measure = (typeof MEASURES)[number]['id'];

export function UsagePanel({ usage }: { readonly usage: Usage }) {
  const [measure, setMeasure] = useState<Measure>('images');
  return (
    <Panel
      title="Usage"
      about={totalText(usage.total)}
      actions={
        <>
          <Choice
            label="What is counted"
            options={MEASURES}
            chosen={measure}
            onChange={setMeasure}
          />
          <CsvMenu from={usage.days[0]!.day} />
        </>
      }
    >
      <Chart
        title={`Usage by day, in ${measure}`}
        kind={measure === 'images' ? 'stacked-bars' : 'bars'}
        labels={usage.days.map(({ day }) => dayText(day))}
        labelsAre="Day"
        series={seriesOf(measure, usage.days)}
        {...textsOf(measure)}
      />
      <div className="grid min-w-0 gap-4 lg:grid-cols-2">
        <FiguresTable
          label="Usage by model"
          columns={columnsOf('Model', ({ model }: Usage['models'][number]) => model)}
          rows={usage.models}
          idOf={({ model }) => model}
        />
        <FiguresTable
          label="Usage by key"
          columns={columnsOf('Key', keyText)}
          rows={usage.keys}
          idOf={({ key }) => key ?? 'none'}
        />
      </div>
    </Panel>
  );
}

function totalText({ images, credits, usd }: Spent): string {
  return `${imagesText(images.delivered)} for ${creditsText(credits)}; vendors billed ${usdText(usd)}`;
}

function seriesOf(measure: Measure, days: Usage['days']): ChartSeries[] {
  if (measure === 'images') {
    return [
      {
        label: 'Delivered',
        color: 'accent',
        values: days.map(({ images }) => images.delivered),
      },
      { label: 'Refused', color: 'warning', values: days.map(({ images }) => images.refused) },
      { label: 'Failed', color: 'danger', values: days.map(({ images }) => images.failed) },
    ];
  }
  return measure === 'credits'
    ? [{ label: 'Credits', color: 'accent', values: days.map(({ credits }) => credits) }]
    : [{ label: 'Dollars', color: 'accent', values: days.map(({ usd }) => usd) }];
}

function textsOf(measure: Measure) {
  switch (measure) {
    case 'images':
      return { valueText: countText, axisText: shortText };
    case 'credits':
      return { valueText: creditsText, axisText: shortText };
    case 'dollars':
      return { valueText: usdText, axisText: (value: number) => `$${shortText(value)}` };
  }
}

function columnsOf<Row extends Spent>(
  title: string,
  name: (row: Row) => string,
): FigureColumn<Row>[] {
  return [
    { id: 'name', title, cell: name, isText: true },
    { id: 'delivered', title: 'Delivered', cell: ({ images }) => countText(images.delivered) },
    { id: 'refused', title: 'Refused', cell: ({ images }) => countText(images.refused) },
    { id: 'failed', title: 'Failed', cell: ({ images }) => countText(images.failed) },
    { id: 'credits', title: 'Credits', cell: ({ credits }) => countText(credits) },
    { id: 'usd', title: 'Vendors', cell: ({ usd }) => usdText(usd) },
  ];
}

function keyText({ key, name }: Usage['keys'][number]): string {
  return name ?? (key === null ? 'Without a key' : key);
}

const TABLES = ['day', 'model', 'key', 'run'] as const;

function CsvMenu({ from }: { readonly from: string }) {
  return (
    <Dropdown>
      <Button size="sm" variant="secondary">
        <Download aria-hidden className="size-4" />
        CSV
      </Button>
      <Dropdown.Popover placement="bottom end">
        <Dropdown.Menu aria-label="Download usage as CSV">
          {TABLES.map((by) => (
            <Dropdown.Item
              key={by}
              id={by}
              textValue={`By ${by}`}
              href={csvAddress(by, from)}
              download={`usage-by-${by}.csv`}
            >
              <Label>By {by}</Label>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}

function csvAddress(by: string, from: string): string {
  // By run a page at a time: 200 is the most.
  const query = new URLSearchParams({
    by,
    from,
    time_zone: TIME_ZONE,
    format: 'csv',
    limit: '200',
  });
  return `/v1/usage?${query}`;
}
