/** `imagemill workers`: the processes on the store, what they take and do, and what nobody takes. */
import { workersJson } from '../../api/json/worker-json.ts';
import { WORKER_KINDS, type WorkerKind } from '../../engine/core/worker.ts';
import type { BoardWorker, UntakenWork } from '../../engine/engine-types.ts';
import { countText, plural } from '../amount-text.ts';
import type { Screen } from '../screen.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { durationText } from '../time-text.ts';
import { readWorkerOptions } from '../worker-options.ts';

const COLUMNS = [
  { title: 'Worker' },
  { title: 'Host' },
  { title: 'Pid', align: 'right' as const },
  { title: 'Version' },
  { title: 'Takes' },
  { title: 'Standing' },
  { title: 'Runs', align: 'right' as const },
  { title: 'Hands', align: 'right' as const },
  { title: 'In flight', align: 'right' as const },
  { title: 'Finishing', align: 'right' as const },
  { title: 'Ended', align: 'right' as const },
  { title: 'Up', align: 'right' as const },
];

export async function workers(options: CommonOptions): Promise<number> {
  // When one was heard of last follows from the end of its lease, and how long those are.
  const { leaseMs } = readWorkerOptions({}, process.env, true);
  await using session = await openSession(options, { worker: { kinds: [], leaseMs } });
  const { engine, screen } = session;
  const board = engine.service.workers;
  const list = await board.list();
  const untaken = await board.untaken();
  if (list.length === 0) {
    screen.say('Nobody works on this store. Start a process: imagemill serve or imagemill worker');
  } else {
    const now = Date.now();
    const rows = list.map((each) => cellsOf(each, now));
    for (const line of textTable(COLUMNS, rows, screen.colours.dim)) screen.say(line);
  }
  warnOf(screen, untaken);
  screen.result(workersJson(list, await board.figures(), untaken));
  return 0;
}

function cellsOf(worker: BoardWorker, now: number): string[] {
  const { id, host, pid, version, kinds, standing, load, startedAt, seenAt } = worker;
  const { runs, hands, inFlight, finishing, ended } = load;
  const isHere = standing === 'working' || standing === 'draining';
  const since = durationText(now - seenAt);
  return [
    id,
    host,
    String(pid),
    version ?? 'older',
    takesText(kinds),
    isHere ? standing : `${standing}, seen ${since} ago`,
    ...[runs, hands, inFlight, finishing, ended].map(countText),
    isHere && startedAt !== undefined ? durationText(now - startedAt) : '–',
  ];
}

function takesText(kinds: readonly WorkerKind[]): string {
  if (kinds.length === WORKER_KINDS.length) return 'all';
  return kinds.length === 0 ? 'nothing' : kinds.join(',');
}

const WORK: Readonly<Record<WorkerKind, readonly [one: string, many: string]>> = {
  runs: ['run', 'runs'],
  finishing: ['picture', 'pictures'],
  jobs: ['job', 'jobs'],
};

function warnOf(screen: Screen, { work, kinds }: UntakenWork): void {
  for (const kind of kinds) {
    const [one, many] = WORK[kind];
    const waits = work[kind] === 1 ? 'waits' : 'wait';
    screen.warn(
      screen.colours.yellow(
        `No worker takes ${kind}, and ${plural(work[kind], one, many)} ${waits}: start imagemill worker, or imagemill serve without --take nothing.`,
      ),
    );
  }
}
