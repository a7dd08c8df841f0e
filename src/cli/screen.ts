/** Where a command writes: results to stdout, everything for people beside `--json` to stderr. */
import picocolors from 'picocolors';
import { printableJson } from './printable-text.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ScreenOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly json: boolean;
  readonly colours: boolean;
}

/** Wider lines are hard to read. */
const WIDEST = 100;
const PIPE_WIDTH = 100;

export class Screen {
  /** True: stdout gets one JSON object and nothing else. */
  readonly json: boolean;
  readonly colours: Colours;
  readonly #stdout: Stream;
  readonly #stderr: Stream;

  constructor(options: ScreenOptions) {
    this.json = options.json;
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
    this.colours = picocolors.createColors(options.colours);
  }

  static ofProcess(json: boolean): Screen {
    const { stdout, stderr } = process;
    const human = json ? stderr : stdout;
    const colours = picocolors.isColorSupported && human.isTTY;
    return new Screen({ stdout, stderr, json, colours });
  }

  get #human(): Stream {
    return this.json ? this.#stderr : this.#stdout;
  }

  /** A moving view is for a terminal on which nothing else is read. */
  get isLive(): boolean {
    return this.#stderr.isTTY === true && this.#human.isTTY === true;
  }

  get width(): number {
    return Math.min(WIDEST, this.#human.columns ?? PIPE_WIDTH);
  }

  /** A line for people. */
  say(line = ''): void {
    this.#human.write(`${line}\n`);
  }

  /** A line about trouble: always on stderr. */
  warn(line: string): void {
    this.#stderr.write(`${line}\n`);
  }

  /** The command's answer for programs: the last line of stdout. Nothing without `--json`. */
  result(value: unknown): void {
    if (this.json) this.#stdout.write(`${printableJson(value)}\n`);
  }
}
