/** `imagemill worker`: works on what a service has taken in, together with all others on its store. */
import { withoutKeys } from '../environment.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { catchInterrupts } from '../interrupts.ts';
import { readServeOptions, type ServeOptions } from '../serve-options.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { warnOfOtherImages, warnOfStorage } from '../storage-warning.ts';
import { untilStopped } from '../until-stopped.ts';
import { readWorkerOptions, type WorkerOptions } from '../worker-options.ts';

export type WorkerCommandOptions = CommonOptions &
  WorkerOptions &
  Pick<ServeOptions, 'grace' | 'logLevel' | 'metricsPort'>;

export async function workerCommand(options: WorkerCommandOptions): Promise<number> {
  const worker = readWorkerOptions(options, process.env);
  const { graceMs, logLevel, metricsPort } = readServeOptions(options, process.env);
  const { createLog, runWorker } = await import('../../server/index.ts');
  await using session = await openSession(options, { worker });
  const { engine, screen, environment } = session;
  const log = createLog({ level: logLevel, scrub: (text) => withoutKeys(text, environment) });
  await using working = await runWorker(engine, log, {
    graceMs,
    environment,
    ...(metricsPort !== undefined && { metricsPort }),
  });
  // The system's own words about it could have anything in them; others take up what was left.
  process.once('uncaughtException', (err) => {
    log.fatal({ err }, 'a defect ends the worker');
    process.exit(1);
  });
  using interrupts = catchInterrupts(() =>
    screen.say(`Stopping: what is in flight ends first, for at most ${graceMs / 1000} s.`),
  );
  await warnOfStorage(session);
  await warnOfOtherImages(session);
  const newer = await engine.service.operations.newerStore();
  if (newer !== undefined) screen.warn(newer);
  const others = await engine.service.operations.otherWorkers();
  screen.say(`Imagemill works on ${worker.kinds.join(', ')} (${working.id}).`);
  if (working.metricsUrl !== undefined) screen.say(`Figures for Prometheus: ${working.metricsUrl}`);
  if (environment['DATABASE_URL'] === undefined) {
    screen.say('It shares the embedded store with processes of this machine only.');
  }
  screen.say(
    `Others on this store: ${others.length}. Ctrl-C stops it: what is in flight ends first.`,
  );
  screen.result({ worker: working.id, kinds: worker.kinds, others: others.length });
  await untilStopped(engine, interrupts.drain, () => working.stop());
  return EXIT_CODES.delivered;
}
