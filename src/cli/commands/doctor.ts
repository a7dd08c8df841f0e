/** `imagemill doctor`: whether everything that a run needs is there. Never prints a key. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StorageError } from '../../engine/core/errors.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { withoutKeys } from '../environment.ts';
import { credentialsCheck } from '../credentials-check.ts';
import { GAUGE_COLUMNS, gaugeJson, gaugeRow, gaugesOf } from '../gauges.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { textTable } from '../text-table.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  /** What is not there is no fault. */
  readonly optional?: true;
}

export interface DoctorOptions extends CommonOptions {
  /** A new file. */
  readonly bundle?: string;
  readonly log?: string;
  readonly prompts?: boolean;
}

export async function doctor(options: DoctorOptions): Promise<number> {
  await using session = await openSession(options);
  const { screen } = session;
  const { colours } = screen;
  const checks = [
    ...(await machineChecks(session)),
    await credentialsCheck(session),
    ...vendorChecks(session),
  ];
  if (options.bundle !== undefined) return await bundle(session, checks, options.bundle, options);
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, ok, text, optional } of checks) {
    const mark = ok ? colours.green('✔') : optional ? colours.dim('–') : colours.red('✘');
    screen.say(`${mark} ${name.padEnd(nameWidth)}  ${text}`);
  }
  const gauges = await gaugesOf(session.engine, session.engine.availableModels());
  const rows = gauges.map((gauge) => gaugeRow(gauge, Date.now()));
  if (rows.length > 0) {
    screen.say();
    for (const line of textTable(GAUGE_COLUMNS, rows, colours.dim)) screen.say(line);
  }
  const ok = checks.every((check) => check.ok || check.optional);
  screen.say();
  screen.say(ok ? 'Ready: imagemill run SHEET' : 'Mend what is marked, then try again.');
  screen.result({ ok, checks, limits: gauges.map(gaugeJson) });
  return ok ? EXIT_CODES.delivered : EXIT_CODES.stopped;
}

async function bundle(
  session: Session,
  checks: readonly Check[],
  file: string,
  { log, prompts = false }: DoctorOptions,
): Promise<number> {
  const { screen } = session;
  const { writeBundle } = await import('../support-bundle.ts');
  const path = resolve(file);
  const parts = await writeBundle(session, checks, { file: path, prompts, ...(log && { log }) });
  screen.say(`${path} has ${parts.join(', ')}.`);
  screen.say('Keys and other secrets were left out. Look through it before you send it on.');
  if (log === undefined) {
    screen.say('A log that was written to a file goes in with --log FILE.');
  }
  screen.result({ bundle: path, parts, prompts });
  return EXIT_CODES.delivered;
}

async function machineChecks(session: Session): Promise<Check[]> {
  const { engine, config, workingFolder, environment } = session;
  const storage = await storageOf(engine, workingFolder);
  const problems = storage.problems;
  const disk = await statfs(engine.home);
  const gigabytes = (disk.bavail * disk.bsize) / 1e9;
  const store = environment['DATABASE_URL']?.trim() ? 'PostgreSQL (DATABASE_URL)' : 'SQLite';
  const bucket = environment['IMAGEMILL_S3_BUCKET']?.trim();
  return [
    { name: 'Node', ok: true, text: process.version },
    { name: 'Home', ok: true, text: engine.home },
    { name: 'Store', ok: true, text: store },
    ...(bucket === undefined || bucket === ''
      ? []
      : [
          {
            name: 'Images',
            ok: storage.fault === undefined,
            text: storage.fault ?? `S3 bucket ${bucket}`,
          },
        ]),
    {
      name: 'Configuration',
      ok: true,
      text: config.file ?? 'no imagemill.yaml; built-in defaults',
    },
    { name: 'Disk free', ok: gigabytes > 0.5, text: `${gigabytes.toFixed(1)} GB` },
    ...(problems.length === 0
      ? [{ name: 'Folders', ok: true, text: `can write to ${engine.home} and ${workingFolder}` }]
      : problems.map(({ value = '', message, remedy }) => ({
          name: 'Folders',
          ok: false,
          text: `${value}: ${message}. ${remedy}`,
        }))),
  ];
}

/** What keeps a run from storing; `fault`: the images cannot even be asked for. */
async function storageOf(engine: Session['engine'], workingFolder: string) {
  try {
    const problems = await engine.checkStorage(engine.home, 0);
    return { problems: [...problems, ...(await engine.checkStorage(workingFolder, 0))] };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { problems: [], fault: error.message };
  }
}

function vendorChecks({ engine, environment }: Session): Check[] {
  return engine.vendors().map(({ title, keyVariable, keyPresent, baseUrl, problem }) => {
    const at = baseUrl === '' ? '' : ` at ${withoutKeys(baseUrl, environment)}`;
    if (problem !== undefined) return { name: title, ok: false, text: problem };
    if (keyVariable === undefined) return { name: title, ok: true, text: `needs no key${at}` };
    return keyPresent
      ? { name: title, ok: true, text: `${keyVariable} is set${at}` }
      : { name: title, ok: false, optional: true, text: `${keyVariable} is not set` };
  });
}
