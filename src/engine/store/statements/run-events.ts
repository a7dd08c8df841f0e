/** What a workspace is told of its runs. */
import { fromMicros } from '../../core/credits.ts';
import type { RunOrigin, RunState } from '../../core/run.ts';
import type { NewWorkspaceEvent, WorkspaceEventType } from '../../core/workspace-event.ts';
import type { Trx } from '../dialect.ts';
import type { NewRun, RunChange } from '../store.ts';
import { countsOf } from './queries.ts';
import { appendWorkspaceEvent } from './workspace-events.ts';

/** States in which nothing is worked on: whoever is told wants to know what has become of the items. */
const TYPES: Readonly<Partial<Record<RunState, WorkspaceEventType>>> = {
  awaiting_approval: 'run.awaiting_approval',
  paused: 'run.paused',
  stopped: 'run.stopped',
  done: 'run.completed',
  cancelled: 'run.cancelled',
};

interface ToldRun {
  readonly id: string;
  readonly workspace: string;
  readonly origin: RunOrigin | null;
  readonly posted_credit_micros: number;
}

export function runCreated(run: NewRun, at: number): NewWorkspaceEvent {
  const data = { run: run.id, state: 'planned', origin: run.origin ?? null };
  return { at, type: 'run.created', runId: run.id, data };
}

/** The run is locked; the workspace is, from here on. */
export async function tellWorkspace(
  trx: Trx,
  told: { readonly run: ToldRun; readonly change: RunChange; readonly at: number },
): Promise<void> {
  const { run, change, at } = told;
  const type = typeOf(change);
  if (type === undefined) return;
  const data = {
    run: run.id,
    state: change.state,
    origin: run.origin,
    reason: change.reason ?? null,
    ...(type !== 'run.started' && {
      items: await countsOf(trx, run.id),
      credits: fromMicros(run.posted_credit_micros),
    }),
  };
  await appendWorkspaceEvent(trx, run.workspace, { at, type, runId: run.id, data });
}

/** A pause leads through `running` without anybody who works on it: that is no start. */
function typeOf({ state, workerId }: RunChange): WorkspaceEventType | undefined {
  if (state === 'running') return workerId === undefined ? undefined : 'run.started';
  return TYPES[state];
}
