/** The real command line in a folder of its own: spawned through the launcher, as a user does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../imagemill', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` printed: the last line of stdout. */
export interface RunAnswer {
  readonly run: string;
  readonly state: string;
  readonly rows: number;
  readonly items: Readonly<Record<string, number>>;
  readonly credits: { readonly posted: number; readonly held: number };
  readonly usd: {
    readonly estimated: number | null;
    readonly actual: number;
    readonly held: number;
  };
  readonly out: string;
  readonly exit_code: number;
  readonly reason: string | null;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export class Imagemill {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#environment = environment;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** A sheet of that many different prompts. */
  async writeSheet(name: string, prompts: number): Promise<void> {
    const lines = Array.from({ length: prompts }, (_, place) => `a red boat, number ${place + 1}`);
    await this.write(name, `prompt\n${lines.join('\n')}\n`);
  }

  /** Nothing but what is given here is in the environment: no key, no setting of the machine. */
  start(...words: string[]): Started {
    const child = spawn(LAUNCHER, words, {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        IMAGEMILL_HOME: join(this.folder, 'home'),
        ...this.#environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, ended: collect(child) };
  }

  run(...words: string[]): Promise<Ended> {
    return this.start(...words).ended;
  }

  /** With `--json`; answers the exit code and the object. */
  async json<Answer = RunAnswer>(
    ...words: string[]
  ): Promise<{ code: number | null; answer: Answer; ended: Ended }> {
    const ended = await this.run(...words, '--json');
    return { code: ended.code, answer: lastLine<Answer>(ended), ended };
  }
}

/** A command line in a new empty folder. */
export async function imagemill(
  environment: Readonly<Record<string, string>> = {},
): Promise<Imagemill> {
  return new Imagemill(await temporaryFolder(), environment);
}

export function lastLine<Answer = RunAnswer>({ stdout, stderr }: Ended): Answer {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as Answer;
  } catch (cause) {
    throw new Error(`No JSON at the end of stdout: ${JSON.stringify(line)}\n${stderr}`, { cause });
  }
}

/** Waits until the command has written these words to stdout; the test's own time-out bounds it. */
export async function untilSaid({ child }: Started, words: string): Promise<void> {
  let said = '';
  for await (const data of on(child.stdout!, 'data', { close: ['end'] })) {
    said += String(data[0]);
    if (said.includes(words)) return;
  }
  throw new Error(`It ended without saying ${JSON.stringify(words)}:\n${said}`);
}

async function collect(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}
