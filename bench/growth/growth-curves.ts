/** The curves of what was measured: which figures are looked at, and by what they should grow. */
import type { Curve } from '../many-rows/curve.ts';
import type { LockTimes } from './lock-times.ts';
import type { PictureCost } from './picture-cost.ts';
import type { ReadingPoint } from './reading-costs.ts';
import { PER_IMAGE } from './run-point.ts';
import type { WorkersFigures, WorkersPoint } from './workers-curve.ts';
import type { WorkspacesPoint } from './workspaces-curve.ts';

export interface CurveSet {
  /** Of the file. */
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly unit: string;
  readonly across: string;
  /** The figures are of one image each. */
  readonly isEach?: true;
  readonly curves: readonly Curve[];
}

const EACH = {
  note: 'Flat is linear in all; both axes are logarithmic',
  unit: 'an image',
} as const;

export function workersCurves({ slow, quick }: WorkersFigures): CurveSet[] {
  const curve = (
    name: string,
    points: readonly WorkersPoint[],
    of: (at: WorkersPoint) => number,
  ) => ({
    name,
    points: points.map((at) => ({ rows: at.workers, value: of(at) })),
  });
  const each = (name: string, of: (at: WorkersPoint) => number) => [
    curve(`${name}, with latency`, slow, of),
    curve(`${name}, without`, quick, of),
  ];
  return [
    {
      name: 'workers-throughput',
      title: 'Images a second by workers on one run',
      note: 'A vendor with a second of latency, and one with none; two cores for all',
      unit: 'images a second',
      across: 'workers',
      curves: [
        curve('with latency', slow, (at) => at.imagesPerSecond),
        curve('most that latency allows', slow, (at) => at.boundImagesPerSecond ?? 0),
        curve('without latency', quick, (at) => at.imagesPerSecond),
        curve('plain loop, without latency', quick, (at) => at.plain.imagesPerSecond),
      ],
    },
    {
      name: 'workers-cost',
      title: 'What an image costs, by workers on its run',
      ...EACH,
      across: 'workers',
      isEach: true,
      curves: [
        ...each('CPU ms of workers', (at) => at.workerCpuMs),
        ...each('CPU ms of PostgreSQL', (at) => at.postgresCpuMs),
        ...each('commits', (at) => at.commits),
        ...each('statements', (at) => at.statements),
      ],
    },
  ];
}

export function workspacesCurves(points: readonly WorkspacesPoint[]): CurveSet[] {
  const curve = (name: string, of: (at: WorkspacesPoint) => number): Curve => ({
    name,
    points: points.map((at) => ({ rows: at.workspaces, value: of(at) })),
  });
  const costs = PER_IMAGE.filter((name) =>
    ['workerCpuMs', 'postgresCpuMs', 'commits', 'statements'].includes(name),
  );
  return [
    {
      name: 'workspaces-cost',
      title: 'What an image costs, by workspaces whose runs are made at once',
      ...EACH,
      across: 'workspaces',
      isEach: true,
      curves: costs.map((name) => curve(name, (at) => at[name])),
    },
  ];
}

export function readingCurves(points: readonly ReadingPoint[]): CurveSet[] {
  const ofRuns = points.filter(({ workspaces }) => workspaces === 1);
  const most = Math.max(...points.map(({ waitingRuns }) => waitingRuns));
  const ofWorkspaces = points.filter(({ waitingRuns }) => waitingRuns === most);
  const set = (
    all: readonly ReadingPoint[],
    across: 'waiting runs' | 'workspaces',
    of: (point: ReadingPoint) => number,
  ): CurveSet => {
    const curve = (name: string, value: (point: ReadingPoint) => number): Curve => ({
      name,
      points: all.map((point) => ({ rows: of(point), value: value(point) })),
    });
    const routes = points[0]!.routes.map(({ route }, at) =>
      curve(route, ({ routes: found }) => found[at]!.p50Ms),
    );
    return {
      name: `reading-by-${across.replace(' ', '-')}`,
      title: `Milliseconds of a look, by ${across}`,
      note: 'The middle of 20; both axes are logarithmic',
      unit: 'ms',
      across,
      curves: [
        ...routes,
        curve("the keeper's look", ({ keeperLookMs }) => keeperLookMs),
        curve('look for hands', ({ handsLookMs }) => handsLookMs),
        curve('select 1', ({ selectOneMs }) => selectOneMs),
      ],
    };
  };
  return [
    set(ofRuns, 'waiting runs', ({ waitingRuns }) => waitingRuns),
    ...(ofWorkspaces.length > 1
      ? [set(ofWorkspaces, 'workspaces', ({ workspaces }) => workspaces)]
      : []),
  ];
}

export function locksCurves(times: readonly LockTimes[]): CurveSet[] {
  const curve = (name: string, of: (time: LockTimes) => number): Curve => ({
    name,
    points: times
      .filter(({ window }) => window > 0)
      .map((time) => ({ rows: time.window, value: of(time) })),
  });
  return [
    {
      name: 'locks-by-window',
      title: 'How long rows are locked, by images in the window of a limit',
      note: 'The middle of 20 admissions and 340 settlements, one after another',
      unit: 'ms',
      across: 'images in the window',
      curves: [
        curve('admission of 1', ({ admitOneMs }) => admitOneMs),
        curve('admission of 16', ({ admitSixteenMs }) => admitSixteenMs),
        curve('settlement of 1', ({ settleMs }) => settleMs),
      ],
    },
  ];
}

export function picturesCurves(costs: readonly PictureCost[]): CurveSet[] {
  const points = costs.map(({ side, cpuMs }) => ({ rows: side ** 2 / 1e6, value: cpuMs }));
  return [
    {
      name: 'pictures-cost',
      title: 'CPU for looking at one picture, by its pixels',
      note: 'Read whole, checked, measured; the mean of 48',
      unit: 'ms',
      across: 'million pixels',
      curves: [{ name: 'CPU ms', points }],
    },
  ];
}
