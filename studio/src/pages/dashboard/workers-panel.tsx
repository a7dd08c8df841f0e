/** The processes that do the work: all of them for operators, in figures for everybody else. */
import { Chip, Skeleton } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { agoText, timeText } from '../../parts/time.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { useMay } from '../../queries/session.ts';
import { workersQuery, type WorkersAnswer } from '../../queries/workers.ts';
import { countText } from './figures.ts';
import { type FigureColumn, FiguresTable } from './figures-table.tsx';
import { Panel } from './panel.tsx';
import { meansText, STANDINGS, takesText, takingText, type Worker } from './worker-words.ts';

export function WorkersPanel({ workers }: Pick<DashboardAnswer, 'workers'>) {
  const mayOperate = useMay('operate');
  return mayOperate ? <AllWorkers /> : <Figures taking={workers.taking} />;
}

function Figures({ taking }: Pick<WorkersAnswer, 'taking'>) {
  const figures = [
    ['Take runs', taking.runs],
    ['Finish pictures of others', taking.finishing],
    ['Take jobs', taking.jobs],
  ] as const;
  return (
    <Panel title="Workers" about="Processes that do the work of this server">
      <dl className="grid grid-cols-1 gap-x-4 gap-y-3 text-sm sm:grid-cols-3">
        {figures.map(([title, count]) => (
          <div key={title}>
            <dt className="text-muted">{title}</dt>
            <dd className="font-medium tabular-nums">{countText(count)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function AllWorkers() {
  const { data, error, refetch } = useQuery(workersQuery);
  return (
    <Panel title="Workers" about={data && aboutText(data)}>
      {error && data === undefined && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton className="h-24 w-full rounded" />}
      {data !== undefined && (
        <FiguresTable
          label="Workers"
          columns={COLUMNS}
          rows={data.data}
          idOf={({ worker }) => worker}
        />
      )}
    </Panel>
  );
}

function aboutText({ taking, load }: WorkersAnswer): string {
  const calls = load.in_flight === 1 ? 'call' : 'calls';
  return `${takingText(taking)}; ${countText(load.in_flight)} ${calls} in flight`;
}

const COLUMNS: FigureColumn<Worker>[] = [
  {
    id: 'worker',
    title: 'Worker',
    isText: true,
    cell: ({ worker, host, pid, version }) => (
      <div className="w-40 sm:w-48">
        <span className="flex gap-1.5">
          <span className="truncate" title={host}>
            {host}
          </span>
          <span className="text-muted tabular-nums">{pid}</span>
        </span>
        <Small>
          {worker} · {version ?? 'older version'}
        </Small>
      </div>
    ),
  },
  {
    id: 'standing',
    title: 'Standing',
    isText: true,
    cell: (worker) => (
      <>
        <Chip size="sm" variant="soft" color={STANDINGS[worker.standing].color}>
          {STANDINGS[worker.standing].text}
        </Chip>
        <Small>{sinceText(worker)}</Small>
      </>
    ),
  },
  {
    id: 'takes',
    title: 'Takes',
    isText: true,
    wraps: true,
    cell: (worker) => (
      <div className="min-w-52">
        {takesText(worker.takes)}
        {isHere(worker) && <Small>{meansText(worker)}</Small>}
      </div>
    ),
  },
  { id: 'runs', title: 'Runs', cell: (worker) => nowText(worker, worker.load.runs) },
  { id: 'hands', title: 'Lent hands', cell: (worker) => nowText(worker, worker.load.hands) },
  { id: 'in_flight', title: 'In flight', cell: (worker) => nowText(worker, worker.load.in_flight) },
  {
    id: 'finishing',
    title: 'Finished',
    cell: ({ load }) => (
      <>
        {countText(load.pictures_finished)}
        {load.finishing > 0 && <Small>{countText(load.finishing)} now</Small>}
      </>
    ),
  },
  { id: 'ended', title: 'Sent', cell: ({ load }) => countText(load.requests_ended) },
];

function isHere({ standing }: Worker): boolean {
  return standing !== 'gone';
}

/** Of one that is gone others have by now what it worked on. */
function nowText(worker: Worker, count: number): string {
  return isHere(worker) ? countText(count) : '–';
}

function sinceText({ standing, started_at: start, draining_at: drain, seen_at: seen }: Worker) {
  if (standing === 'lapsed' || standing === 'gone') return `seen ${agoText(seen)}`;
  const since = standing === 'draining' ? drain : start;
  return since === null ? '' : `since ${timeText(since)}`;
}

function Small({ children }: { readonly children: React.ReactNode }) {
  return <span className="block text-xs text-muted">{children}</span>;
}
