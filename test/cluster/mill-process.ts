/** `imagemill serve` and `imagemill worker` as processes, each on what it takes for a machine of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const TREE = join(import.meta.dirname, '../..');
const OTHER_MACHINE = join(import.meta.dirname, 'other-machine.ts');
const LONGEST_START_MS = 60_000;
const LOOK_MS = 25;

export interface MillOrder {
  readonly name: string;
  readonly words: readonly string[];
  /** The round's own: a home for the process and its log lie in it. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How far its clock is ahead. */
  readonly skewMs?: number;
  /** Another version of the program. */
  readonly tree?: string;
  /** Instead of a folder in `folder`. */
  readonly home?: string;
  /** What it writes when it works. */
  readonly ready: string;
}

/** None outlives whoever has started it. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A process that can be started again under the same name, home and port. */
export class MillProcess {
  readonly order: MillOrder;
  readonly home: string;
  readonly #log: string;
  #child: ChildProcess | undefined;
  /** Where in the log this life begins. */
  #from = 0;

  constructor(order: MillOrder) {
    this.order = order;
    this.home = order.home ?? join(order.folder, order.name);
    mkdirSync(this.home, { recursive: true });
    this.#log = join(order.folder, `${order.name}.log`);
  }

  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** All that it has written, in all its lives. */
  text(): string {
    return readFileSync(this.#log, 'utf8');
  }

  /** What it has written in this life. */
  ownText(): string {
    return readFileSync(this.#log).subarray(this.#from).toString();
  }

  /** Begins a life; `untilReady()` waits for it. */
  start(tree = this.order.tree ?? TREE): void {
    if (this.isRunning) return;
    const { name, words, environment, skewMs = 0 } = this.order;
    const log = openSync(this.#log, 'a');
    this.#from = fstatSync(log).size;
    this.#child = spawn(join(tree, 'imagemill'), words, {
      cwd: this.home,
      // Nothing else is in it: no key, no setting of the machine.
      env: {
        PATH: process.env['PATH'],
        HOME: this.home,
        IMAGEMILL_HOME: this.home,
        ...environment,
        CLUSTER_HOST: name,
        CLUSTER_SKEW_MS: String(skewMs),
        NODE_OPTIONS: `--import=${OTHER_MACHINE}`,
      },
      stdio: ['ignore', log, log],
    });
    const child = this.#child;
    living.add(child);
    child.once('exit', () => living.delete(child));
    closeSync(log);
  }

  /** Throws what it has said when it ends instead. */
  async untilReady(): Promise<void> {
    const { ready, name } = this.order;
    for (let waitedMs = 0; waitedMs < LONGEST_START_MS; waitedMs += LOOK_MS) {
      if (this.ownText().includes(ready)) return;
      if (!this.isRunning) throw new Error(`${name} ended: ${this.ownText().slice(-2_000)}`);
      await pause(LOOK_MS);
    }
    throw new Error(`${name} does not get ready: ${this.ownText().slice(-2_000)}`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async ended(): Promise<void> {
    if (this.#child !== undefined && this.isRunning) await once(this.#child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL');
    // A frozen one is killed all the same.
    await this.ended();
  }
}
