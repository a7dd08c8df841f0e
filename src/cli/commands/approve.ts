/** `imagemill approve RUN`: says yes to spending, or to the rest after a proof, and goes on. */
import { goOn } from '../go-on.ts';
import { type RawValues, readChanges } from '../options.ts';
import { type CommonOptions, openSession } from '../session.ts';

export async function approve(id: string, options: CommonOptions & RawValues): Promise<number> {
  const changes = readChanges(options, process.cwd());
  await using session = await openSession(options);
  const { engine } = session;
  const run = await engine.findRun(id);
  if (Object.keys(changes).length > 0) await engine.changeSettings(run.id, changes);
  await engine.approve(run.id);
  return await goOn(session, run.id);
}
