/** `imagemill doctor --bundle FILE.zip`: what somebody who helps needs to see, and nothing that is secret. */
import { isoTime } from '../engine/core/iso-time.ts';
import { createWriteStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import ZipStream from 'zip-stream';
import { UsageError } from '../engine/core/errors.ts';
import { fromMicros } from '../engine/core/credits.ts';
import type { StoredRun } from '../engine/engine-types.ts';
import { VERSION } from '../engine/version.ts';
import { gaugeJson, gaugesOf } from './gauges.ts';
import { scrubber, shownEnvironment, shownLogLine, withoutSecretSettings } from './redact.ts';
import type { Session } from './session.ts';

const MOST_RUNS = 200;
const MOST_ITEMS_A_RUN = 20;
/** The end of the log that is looked at. */
const LOG_BYTES = 2 * 2 ** 20;

export interface BundleOptions {
  /** Of a new file. */
  readonly file: string;
  /** The server's log, where it was written to a file. */
  readonly log?: string;
  /** Titles, paths, prompts and vendors' words of runs as well. */
  readonly prompts: boolean;
}

interface Part {
  readonly name: string;
  readonly text: string;
}

/** Throws `UsageError` when the file is there already. Answers the names of what is in it. */
export async function writeBundle(
  session: Session,
  checks: readonly object[],
  options: BundleOptions,
): Promise<string[]> {
  const parts = await partsOf(session, checks, options);
  const zip = new ZipStream({ level: 9 });
  const written = pipeline(
    zip,
    createWriteStream(options.file, { flags: 'wx', mode: 0o600 }),
  ).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${options.file} is there already. Name a new file.`);
  });
  const filled = fill(zip, parts);
  await Promise.all([filled, written]);
  return parts.map(({ name }) => name);
}

async function partsOf(
  session: Session,
  checks: readonly object[],
  options: BundleOptions,
): Promise<Part[]> {
  const { engine, config, environment } = session;
  const scrub = scrubber(environment);
  const json = (name: string, value: unknown): Part => ({
    name,
    text: `${scrub(JSON.stringify(value, null, 2))}\n`,
  });
  const gauges = await gaugesOf(engine, engine.availableModels());
  const { operations } = engine.service;
  return [
    { name: 'README.txt', text: README },
    json('versions.json', versions(environment)),
    json('checks.json', checks),
    json('environment.json', shownEnvironment(environment, scrub)),
    json('configuration.json', await settingsOf(config.file, scrub)),
    json('store.json', {
      standing: await operations.standing(),
      other_processes: await operations.otherWorkers(),
      files: await sizesIn(engine.home),
    }),
    json('limits.json', gauges.map(gaugeJson)),
    json('runs.json', await runsOf(session, options.prompts)),
    ...(options.log === undefined ? [] : [await logPart(options.log, scrub)]),
  ];
}

function versions(environment: Session['environment']) {
  return {
    imagemill: VERSION,
    node: process.versions,
    platform: process.platform,
    arch: process.arch,
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    free_memory_bytes: freemem(),
    store: environment['DATABASE_URL']?.trim() ? 'PostgreSQL' : 'SQLite',
    images: environment['IMAGEMILL_S3_BUCKET']?.trim() ? 'S3' : 'home',
  };
}

async function settingsOf(file: string | undefined, scrub: (text: string) => string) {
  if (file === undefined) return null;
  return withoutSecretSettings(parse(await readFile(file, 'utf8')), scrub);
}

async function sizesIn(home: string): Promise<Record<string, number>> {
  const entries = await readdir(home, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith('imagemill.db'));
  const sizes = files.map(async ({ name }) => [name, (await stat(join(home, name))).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

async function runsOf({ engine }: Session, withPrompts: boolean): Promise<object[]> {
  const summaries: object[] = [];
  for (const run of (await engine.listRuns()).slice(0, MOST_RUNS)) {
    const report = await engine.report(run.id);
    summaries.push({
      run: run.id,
      origin: run.origin ?? null,
      state: run.state,
      reason: run.reason ?? null,
      created_at: isoTime(run.createdAt),
      updated_at: isoTime(run.updatedAt),
      rows: report.rows,
      items: report.items,
      by_model: report.byModel,
      refusals: report.refusals,
      finish_failures: report.finishFailures,
      waits: Object.values(report.waits).map(({ limit, until }) => ({
        limit,
        until: until ?? null,
      })),
      at_risk_requests: report.atRisk.requests,
      posted_credits: fromMicros(run.postedCreditMicros),
      held_credits: fromMicros(run.heldCreditMicros),
      usd: fromMicros(run.actualUsdMicros),
      exit_code: report.exitCode,
      ...(withPrompts && (await wordsOf(engine, run))),
    });
  }
  return summaries;
}

async function wordsOf(engine: Session['engine'], run: StoredRun): Promise<object> {
  const items: object[] = [];
  for await (const { row, state, reason } of engine.items(run.id, [
    'failed',
    'refused',
    'unknown',
  ])) {
    if (items.length === MOST_ITEMS_A_RUN) break;
    items.push({ row: row.number, prompt: row.prompt, state, reason: reason ?? null });
  }
  const { title, sheet, out, reasonText = null } = run;
  return { title, sheet, out, reason_text: reasonText, items };
}

async function logPart(path: string, scrub: (text: string) => string): Promise<Part> {
  const lines = (await endOf(path)).split('\n').filter((line) => line.trim() !== '');
  const shown = lines.map((line) => shownLogLine(line, scrub)).filter((line) => line !== undefined);
  const left = lines.length - shown.length;
  const head = JSON.stringify({ lines: shown.length, lines_left_out: left });
  return {
    name: 'log.jsonl',
    text: [head, ...shown.map((line) => JSON.stringify(line)), ''].join('\n'),
  };
}

async function endOf(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const bytes = Math.min(size, LOG_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

async function fill(zip: ZipStream, parts: readonly Part[]): Promise<void> {
  for (const { name, text } of parts) {
    await new Promise<void>((resolve, reject) => {
      zip.entry(text, { name }, (error) => (error ? reject(error) : resolve()));
    });
  }
  zip.finish();
}

const README = `A support file of Imagemill: versions, checks, settings without secrets, figures of the store, limits, and
summaries of the newest runs. Keys, passwords, cookies and signing secrets are removed; prompts, titles and
paths of sheets are in it only where --prompts was asked for. Look through it before you send it on.
`;
