/** `imagemill resume [RUN]`: takes a run up where it stands, or watches who works on it. */
import type { StoredRun } from '../../engine/index.ts';
import { runOrNewest } from '../find-run.ts';
import { goOn, tellReport } from '../go-on.ts';
import { type RawValues, readChanges } from '../options.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';

export async function resume(
  id: string | undefined,
  options: CommonOptions & RawValues,
): Promise<number> {
  const changes = readChanges(options, process.cwd());
  await using session = await openSession(options);
  const { engine, screen } = session;
  const run = await runToResume(session, id);
  if (run === undefined) {
    const newest = await runOrNewest(engine, undefined);
    screen.say('Nothing is left to be done.');
    return tellReport(session, await engine.report(newest.id));
  }
  if (Object.keys(changes).length > 0) await engine.changeSettings(run.id, changes);
  return await goOn(session, run.id);
}

async function runToResume(
  { engine }: Session,
  id: string | undefined,
): Promise<StoredRun | undefined> {
  return id === undefined ? engine.newestResumable() : engine.findRun(id);
}
