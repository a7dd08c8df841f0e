/** `imagemill retry RUN --failed|--refused|--unknown`: makes what ended badly again, and goes on. */
import { UsageError } from '../../engine/core/errors.ts';
import { plural } from '../amount-text.ts';
import { goOn, tellReport } from '../go-on.ts';
import { type RawValues, readChanges } from '../options.ts';
import { type CommonOptions, openSession } from '../session.ts';

const KINDS = ['failed', 'refused', 'unknown'] as const;

export async function retry(id: string, options: CommonOptions & RawValues): Promise<number> {
  const kinds = KINDS.filter((kind) => options[kind] === true);
  if (kinds.length === 0) {
    throw new UsageError(
      `Say what to make again: imagemill retry ${id} --failed, --refused or --unknown.`,
    );
  }
  const changes = readChanges(options, process.cwd());
  await using session = await openSession(options);
  const { engine, screen } = session;
  const run = await engine.findRun(id);
  if (Object.keys(changes).length > 0) await engine.changeSettings(run.id, changes);
  let items = 0;
  for (const kind of kinds) {
    const put = await engine.retry(run.id, kind);
    screen.say(
      put === 0 ? `Nothing is ${kind}.` : `${plural(put, `${kind} image`)} will be made again.`,
    );
    items += put;
  }
  if (items === 0) return tellReport(session, await engine.report(run.id));
  // Asking for it again is the word that spending waits for.
  await engine.allowSpending(run.id);
  return await goOn(session, run.id);
}
