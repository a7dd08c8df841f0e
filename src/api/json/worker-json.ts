import { isoTime } from '../../engine/core/iso-time.ts';
import type { WorkerLoad } from '../../engine/core/worker.ts';
import type { BoardWorker, UntakenWork, WorkerFigures } from '../../engine/engine-types.ts';
import { asSent } from './mutable.ts';

/** For `GET /v1/workers` and `imagemill workers --json`. */
export function workersJson(
  workers: readonly BoardWorker[],
  { standings, taking, load }: WorkerFigures,
  untaken: UntakenWork,
) {
  return asSent({
    data: workers.map(workerJson),
    standings,
    taking,
    load: loadJson(load),
    untaken: untaken.work,
    missing: untaken.kinds,
  });
}

function workerJson(worker: BoardWorker) {
  const { startedAt, drainingAt, endedAt } = worker;
  return {
    worker: worker.id,
    standing: worker.standing,
    host: worker.host,
    pid: worker.pid,
    version: worker.version ?? null,
    takes: worker.kinds,
    vendors: worker.vendors,
    skills: worker.skills,
    has_same_images: worker.hasSameImages,
    started_at: startedAt === undefined ? null : isoTime(startedAt),
    seen_at: isoTime(worker.seenAt),
    draining_at: drainingAt === undefined ? null : isoTime(drainingAt),
    ended_at: endedAt === undefined ? null : isoTime(endedAt),
    load: loadJson(worker.load),
    runs: worker.runs,
  };
}

function loadJson({ runs, hands, inFlight, finishing, ended, finished }: WorkerLoad) {
  return {
    runs,
    hands,
    in_flight: inFlight,
    finishing,
    requests_ended: ended,
    pictures_finished: finished,
  };
}
