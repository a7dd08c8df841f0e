/** What one image costs each part of an installation, taken from the files of figures. */
import type { BucketFigures } from './bucket-calls.ts';
import type { LockTimes } from './lock-times.ts';
import type { PictureCost } from './picture-cost.ts';
import type { ReadingPoint } from './reading-costs.ts';
import type { WorkersFigures } from './workers-curve.ts';

/** Measured, each for one image unless its name says otherwise. */
export interface DayCosts {
  /** With a tiny picture; then looking at one of 1024x1024, and its bytes. */
  readonly workerCpuMs: number;
  readonly pictureCpuMs: number;
  readonly pictureBytes: number;
  readonly postgresCpuMs: number;
  readonly commits: number;
  readonly statements: number;
  readonly flushes: number;
  readonly walBytes: number;
  readonly rowsWritten: number;
  readonly databaseBytes: number;
  readonly indexBytes: number;
  readonly signals: number;
  readonly bucketPuts: number;
  readonly bucketGets: number;
  /** A run's row is locked for so long by one image: its share of an admission of 16, and its settlement. */
  readonly runLockMs: number;
  /** An admission of 16 with an empty window, and what each image in the window adds to it. */
  readonly admitSixteenMs: number;
  readonly admitMsAWindowImage: number;
  /** One asking for the dashboard, in a workspace of one run. */
  readonly dashboardMs: number;
}

export function dayCosts(measured: {
  readonly workers: WorkersFigures;
  readonly locks: readonly LockTimes[];
  readonly bucket: BucketFigures;
  readonly reading: readonly ReadingPoint[];
  readonly pictures: readonly PictureCost[];
}): DayCosts {
  const { workers, locks, bucket, reading, pictures } = measured;
  // Without latency and with the most workers: what many machines would show.
  const point = workers.quick.at(-1)!;
  const [empty, full] = [locks[0]!, locks.at(-1)!];
  const { calls } = bucket;
  const picture = pictures.find(({ side }) => side === 1024) ?? pictures.at(-1)!;
  return {
    workerCpuMs: point.workerCpuMs,
    pictureCpuMs: picture.cpuMs,
    pictureBytes: picture.bytes,
    postgresCpuMs: point.postgresCpuMs,
    commits: point.commits,
    statements: point.statements,
    flushes: point.flushes,
    walBytes: point.walBytes,
    rowsWritten: point.rowsWritten,
    databaseBytes: point.bytes,
    indexBytes: point.indexBytes,
    signals: point.signals,
    bucketPuts: calls['PUT'] ?? 0,
    bucketGets: (calls['GET'] ?? 0) + (calls['HEAD'] ?? 0),
    runLockMs: empty.admitSixteenMs / 16 + empty.settleMs,
    admitSixteenMs: empty.admitSixteenMs,
    admitMsAWindowImage: Math.max(
      0,
      (full.admitSixteenMs - empty.admitSixteenMs) / (full.window - empty.window),
    ),
    dashboardMs: reading[0]!.routes.find(({ route }) => route === 'dashboard')!.p50Ms,
  };
}
