/** The same images of the same number of runs, in 1, 10 and 100 workspaces, at a vendor with few places. */
import { Mill } from './mill.ts';
import { measurePoint, type PointFigures } from './run-point.ts';
import type { CurveOrder } from './workers-curve.ts';

const WORKERS = 2;
/** Of the vendor, over all processes: so that runs compete. */
const SLOTS = 16;

export interface Fairness {
  /** Jain's index of images that each workspace had when half of all were made: 1 is equal for all. */
  readonly jain: number;
  /** Seconds until a workspace had its first image, and all of its images. */
  readonly first: { readonly p50: number; readonly most: number };
  readonly last: { readonly p50: number; readonly least: number; readonly most: number };
}

export interface WorkspacesPoint extends Omit<PointFigures, 'ends'> {
  readonly workspaces: number;
  readonly fairness: Fairness;
}

export async function measureWorkspaces(order: CurveOrder): Promise<WorkspacesPoint[]> {
  const { isQuick, say } = order;
  const counts = isQuick ? [1, 10] : [1, 10, 100];
  const [runs, images] = isQuick ? [10, 12] : [100, 12];
  const points: WorkspacesPoint[] = [];
  await using mill = await Mill.open({
    ...order,
    name: 'workspaces',
    concurrency: SLOTS,
    slots: SLOTS,
  });
  await mill.haveWorkers(WORKERS);
  await measurePoint(mill, [{ workspace: 'local', title: 'warm', images: 40, painter: 'quick' }]);
  for (const workspaces of counts) {
    const ids = Array.from({ length: workspaces }, (_, at) => `of-${workspaces}-${at}`);
    await mill.haveWorkspaces(ids);
    const orders = Array.from({ length: runs }, (_, at) => ({
      workspace: ids[at % workspaces]!,
      title: `of ${workspaces}, run ${at}`,
      images,
      painter: 'quick' as const,
    }));
    const { ends, ...figures } = await measurePoint(mill, orders);
    const fairness = await fairnessOf(
      mill,
      ends.map(({ run }) => run),
    );
    points.push({ ...figures, workspaces, fairness });
    say(
      `workspaces ${workspaces}: ${figures.imagesPerSecond.toFixed(1)} images/s, ` +
        `Jain ${fairness.jain.toFixed(3)}`,
    );
  }
  return points;
}

async function fairnessOf(mill: Mill, runs: readonly string[]): Promise<Fairness> {
  const { rows } = await mill.watch.client.query<{ workspace: string; at: string; sent: string }>(
    `select runs.workspace, attempts.ended_at as at, attempts.sent_at as sent
     from attempts join runs on runs.id = attempts.run_id where run_id = any($1) order by ended_at`,
    [runs],
  );
  const begun = Math.min(...rows.map(({ sent }) => Number(sent)));
  const ends = rows.map(({ workspace, at }) => ({ workspace, at: (Number(at) - begun) / 1000 }));
  return fairnessIn(ends);
}

/** `ends`: an outcome each, in order of time. */
export function fairnessIn(
  ends: readonly { readonly workspace: string; readonly at: number }[],
): Fairness {
  const all = Map.groupBy(ends, ({ workspace }) => workspace);
  const half = Map.groupBy(ends.slice(0, Math.ceil(ends.length / 2)), (end) => end.workspace);
  const counts = [...all.keys()].map((workspace) => half.get(workspace)?.length ?? 0);
  const sum = counts.reduce((total, count) => total + count, 0);
  const squares = counts.reduce((total, count) => total + count ** 2, 0);
  const firsts = [...all.values()].map((each) => each[0]!.at).toSorted((a, b) => a - b);
  const lasts = [...all.values()].map((each) => each.at(-1)!.at).toSorted((a, b) => a - b);
  const middle = (sorted: readonly number[]) => sorted[Math.floor((sorted.length - 1) / 2)]!;
  return {
    jain: sum ** 2 / (counts.length * squares),
    first: { p50: middle(firsts), most: firsts.at(-1)! },
    last: { p50: middle(lasts), least: lasts[0]!, most: lasts.at(-1)! },
  };
}
