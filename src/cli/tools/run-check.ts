/** Looks at pictures, showing how it goes, and tells what was found. */
import { resolve } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { parseSize, type Size } from '../../engine/core/size.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { checkJson, checkLines } from './check-view.ts';
import { jobEndLines, jobJson } from './job-view.ts';
import { workShown } from './run-job.ts';

export interface CheckOptions extends CommonOptions {
  readonly size?: string;
  readonly screen?: boolean;
  readonly report?: string;
  readonly strict?: boolean;
  readonly all?: boolean;
}

/** Answers the exit code. @throws InputError with every option and source that cannot be used */
export async function runCheck(sources: readonly string[], options: CheckOptions): Promise<number> {
  const { report, strict = false, all = false } = options;
  const size = options.size === undefined ? undefined : readSize(options.size);
  await using session = await openSession(options);
  const { engine, screen, workingFolder } = session;
  const started = await engine.tools.startCheck({
    sources,
    workingFolder,
    ...(size !== undefined && { size }),
    ...(options.screen === true && { screen: true }),
    ...(report !== undefined && { report: resolve(workingFolder, report) }),
  });
  // What could not be read before may be readable now.
  const work = await workShown(session, started.job.id, { ...options, retryFailed: true });
  if (work.job.state !== 'done' || work.stopped !== undefined) {
    const end = { report: work, failures: [] };
    for (const line of jobEndLines(end, screen.colours)) screen.say(line);
    screen.result(jobJson(end));
    return work.exitCode;
  }
  const found = await engine.tools.concludeCheck(started);
  const isStrict = strict && found.flagged > 0;
  const exitCode = isStrict ? Math.max(found.exitCode, EXIT_CODES.failed) : found.exitCode;
  const most = all ? Infinity : undefined;
  for (const line of checkLines(found, screen.colours, most)) screen.say(line);
  screen.result(checkJson(found, exitCode));
  return exitCode;
}

function readSize(text: string): Size {
  const size = parseSize(text);
  if (size !== undefined) return size;
  throw new InputError([
    {
      value: text,
      message: '--size is no size',
      remedy: 'Write width and height in pixels, like 1024x1536.',
    },
  ]);
}
