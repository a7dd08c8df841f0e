/**
 * Breaks one guard at a time in a copy of the tree and runs the few tests that should notice. Exits 1
 * when a broken guard goes unnoticed. `npm run mutation-check -- WORD…` tries only the mutations whose
 * names contain one of the words.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mutation, MUTATIONS, type TestFile } from './mutations.ts';
import { SERVICE_MUTATIONS } from './service-mutations.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'src',
  'simulators',
  'test',
  'examples',
  'imagemill',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** A mutation may make a test wait for ever; that is noticed as well. */
const LONGEST_RUN_MS = 240_000;

/** What a test run came to. */
type Verdict =
  | { readonly kind: 'passed'; readonly tests: number }
  | { readonly kind: 'failed'; readonly test: string }
  /** No test failed, yet the run did: the file could not be loaded. */
  | { readonly kind: 'broken'; readonly words: string };

interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const words = process.argv.slice(2);
const chosen = [...MUTATIONS, ...SERVICE_MUTATIONS].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const folder = await copyTree();
try {
  process.exitCode = (await checkAll()) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function copyTree(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'imagemill-mutation-'));
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function checkAll(): Promise<boolean> {
  for (const mutation of chosen) await textOf(mutation);
  if (!(await passesUnbroken())) return false;
  const survivors: string[] = [];
  for (const mutation of chosen) {
    const verdict = await tryMutation(mutation);
    const told = verdict.kind === 'failed' ? `noticed by: ${verdict.test}` : 'SURVIVED';
    say(`${mutation.name.padEnd(64)} ${verdict.kind === 'broken' ? verdict.words : told}`);
    if (verdict.kind !== 'failed') survivors.push(mutation.name);
  }
  const noticed = chosen.length - survivors.length;
  say(`\n${noticed} noticed, ${survivors.length} survived`);
  for (const name of survivors) say(`  survived: ${name}`);
  return survivors.length === 0;
}

/** A test that fails without any mutation would notice everything. */
async function passesUnbroken(): Promise<boolean> {
  const all = new Map<string, TestFile>();
  for (const { tests } of chosen) for (const each of tests) all.set(JSON.stringify(each), each);
  for (const each of all.values()) {
    const verdict = await runTests(each);
    if (verdict.kind === 'passed' && verdict.tests > 0) continue;
    say(`${each.file} does not pass as it is: ${JSON.stringify(verdict)}`);
    return false;
  }
  return true;
}

async function tryMutation(mutation: Mutation): Promise<Verdict> {
  const path = join(folder, mutation.file);
  const text = await textOf(mutation);
  // A function: in a text, `$` would have a meaning of its own.
  await writeFile(
    path,
    text.replace(mutation.find, () => mutation.replace),
  );
  let last: Verdict = { kind: 'passed', tests: 0 };
  try {
    for (const each of mutation.tests) {
      last = await runTests(each);
      if (last.kind !== 'passed') return last;
    }
    return last;
  } finally {
    await writeFile(path, text);
  }
}

/** The file's text, in which what is to be broken must stand exactly once. */
async function textOf({ name, file, find }: Mutation): Promise<string> {
  const text = await readFile(join(folder, file), 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`"${name}": its text stands ${times} times in ${file}, not once:\n${find}`);
  }
  return text;
}

async function runTests({ file, only }: TestFile): Promise<Verdict> {
  const report = join(folder, 'report.json');
  await rm(report, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/vitest/vitest.mjs'),
      'run',
      file,
      ...(only === undefined ? [] : ['-t', only]),
      '--bail=1',
      '--maxWorkers=1',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    { cwd: folder, stdio: 'ignore', timeout: LONGEST_RUN_MS, killSignal: 'SIGKILL' },
  );
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal !== null) return { kind: 'failed', test: `${file} (it never ended)` };
  return verdictOf(JSON.parse(await readFile(report, 'utf8')) as VitestReport);
}

function verdictOf(report: VitestReport): Verdict {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'failed', test: failed.fullName };
  if (report.success) return { kind: 'passed', tests: report.numPassedTests };
  const messages = report.testResults.map(({ message }) => message ?? '').join(' ');
  return { kind: 'broken', words: `BROKEN, no test could run: ${messages.slice(0, 300)}` };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
