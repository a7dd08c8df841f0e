/** Runs that wait for somebody, that work now, and that ended lately. */
import { Link } from '@tanstack/react-router';
import { ProgressBar } from '@heroui/react';
import { RunStateChip } from '../../parts/run-state-chip.tsx';
import { agoText } from '../../parts/time.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { countText } from './figures.ts';
import { Panel } from './panel.tsx';

type Run = DashboardAnswer['runs']['working'][number];

export function RunsPanel({ runs }: Pick<DashboardAnswer, 'runs'>) {
  const { waiting, working, ended } = runs;
  return (
    <Panel
      title="Runs"
      about={`${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'} for you, ${working.length} ${working.length === 1 ? 'works' : 'work'} now`}
      actions={
        <Link to="/runs" className="text-sm text-link underline">
          All runs
        </Link>
      }
    >
      <div className="grid gap-5 lg:grid-cols-3">
        <RunList title="Wait for you" runs={waiting} none="Nothing waits for you." />
        <RunList title="Work now" runs={working} none="Nothing is being made." />
        <RunList title="Ended lately" runs={ended} none="No run has ended yet." />
      </div>
    </Panel>
  );
}

interface RunListProps {
  readonly title: string;
  readonly runs: readonly Run[];
  readonly none: string;
}

function RunList({ title, runs, none }: RunListProps) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      {runs.length === 0 && <p className="text-sm text-muted">{none}</p>}
      <ul className="divide-y divide-separator">
        {runs.map((run) => (
          <RunLine key={run.run} run={run} />
        ))}
      </ul>
    </div>
  );
}

function RunLine({ run }: { readonly run: Run }) {
  const { delivered, refused, failed, unknown, waiting, sent, cancelled } = run.items;
  const ended = delivered + refused + failed + unknown + cancelled;
  const all = ended + waiting + sent;
  return (
    <li className="flex flex-col gap-1 py-2">
      <span className="flex items-center gap-2">
        <Link
          to="/runs/$run"
          params={{ run: run.run }}
          className="truncate text-sm font-medium outline-offset-2 hover:underline"
        >
          {run.title}
        </Link>
        <span className="ml-auto shrink-0">
          <RunStateChip state={run.state} />
        </span>
      </span>
      {run.state === 'running' && (
        <ProgressBar aria-label={`Progress of ${run.title}`} value={ended} maxValue={all} size="sm">
          <ProgressBar.Track>
            <ProgressBar.Fill />
          </ProgressBar.Track>
        </ProgressBar>
      )}
      <span className="flex flex-wrap gap-x-2 text-xs text-muted tabular-nums">
        <span>
          {countText(delivered)} of {countText(all)} delivered
        </span>
        {refused + failed > 0 && (
          <span>
            {countText(refused)} refused, {countText(failed)} failed
          </span>
        )}
        <span>{wantsText(run) ?? agoText(run.updated_at)}</span>
      </span>
    </li>
  );
}

/** What somebody has to do. */
function wantsText({ reason, state, unknown_requests: unknown }: Run): string | undefined {
  if (unknown > 0 && (state === 'done' || state === 'cancelled' || state === 'stopped')) {
    return unknown === 1 ? '1 unknown outcome to decide' : `${unknown} unknown outcomes to decide`;
  }
  if (state === 'awaiting_approval') return 'look at the proof, then approve';
  if (state !== 'stopped' && state !== 'paused') return undefined;
  return reason === null ? undefined : STOPS[reason];
}

const STOPS: Readonly<Record<string, string>> = {
  budget: 'its budget is used up',
  credits: 'the balance is used up',
  paused: 'paused by somebody',
  refusals: 'many were refused: look before it goes on',
  vendor: 'a vendor lets nothing through',
  interrupted: 'interrupted',
  storage: 'its files could not be written',
};
