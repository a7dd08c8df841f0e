/** `imagemill restore FOLDER --home NEW`: a new home from a backup, whole or not at all. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { resolve } from 'node:path';
import { UsageError } from '../../engine/core/errors.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { plural } from '../amount-text.ts';
import { Screen } from '../screen.ts';
import { type CommonOptions, openSession } from '../session.ts';

export interface RestoreOptions extends CommonOptions {
  readonly hold?: boolean;
}

export async function restoreCommand(folder: string, options: RestoreOptions): Promise<number> {
  const screen = Screen.ofProcess(options.json === true);
  if (options.home === undefined) {
    throw new UsageError('Name the folder that the new home shall be: --home NEW.');
  }
  const home = resolve(options.home);
  const { restoreHome } = await import('../../engine/index.ts');
  const { manifest, openRuns } = await restoreHome({ folder: resolve(folder), home });
  const made = isoTime(manifest.madeAt);
  screen.say(`${home} is as ${manifest.home} was at ${made}.`);
  const paused = options.hold === true ? await pauseAll({ ...options, home }) : 0;
  if (openRuns > 0) screen.warn(warning(openRuns, options.hold === true));
  screen.result({
    home,
    made_at: made,
    files: manifest.files.length,
    open_runs: openRuns,
    paused_runs: paused,
    exit_code: EXIT_CODES.delivered,
  });
  return EXIT_CODES.delivered;
}

function warning(openRuns: number, isHeld: boolean): string {
  const what = `${plural(openRuns, 'run')} had not ended. What was sent after the backup is not known to it, and will be paid for once more.`;
  return isHeld
    ? `${what} They are paused: look at them, then resume them or not.`
    : `${what} The next \`serve\` goes on with them; to look at them first, restore again with --hold. End whatever still works on the old home before.`;
}

/** Answers how many runs it paused. */
async function pauseAll(options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine } = session;
  const runs = await engine.listRuns();
  const going = runs.filter(({ state }) => state === 'running' || state === 'planned');
  for (const { id } of going) await engine.pause(id);
  return going.length;
}
