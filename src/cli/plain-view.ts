/** Progress for a pipe or a log: whole lines, few of them. */
import type { MomentPicture } from './moment-picture.ts';
import type { ProgressView } from './progress-meter.ts';

/** A line for each tenth of the run, but not faster than this … */
const LEAST_MS = 1_000;
/** … and when nothing is reached for so long, one all the same. */
const MOST_MS = 10_000;

export class PlainView<Moment> implements ProgressView<Moment> {
  readonly #say: (line: string) => void;
  readonly #picture: MomentPicture<Moment>;
  #tenth = 0;
  #said = '';
  #saidAt = -Infinity;
  #moment: (() => Moment) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (line: string) => void, picture: MomentPicture<Moment>) {
    this.#say = say;
    this.#picture = picture;
  }

  show(moment: () => Moment): void {
    this.#moment = moment;
    const now = this.#picture.now(moment());
    const tenth = this.#tenthOf(moment());
    if (this.#saidAt === -Infinity) this.#saidAt = now;
    const since = now - this.#saidAt;
    if (since >= MOST_MS || (tenth > this.#tenth && since >= LEAST_MS)) this.#sayNow();
    else this.#plan(MOST_MS - since);
  }

  note(line: string): void {
    this.#say(line);
  }

  hint(): void {
    // A log has no place for what may be done at the moment.
  }

  end(): void {
    clearTimeout(this.#timer);
    const moment = this.#moment?.();
    this.#moment = undefined;
    if (moment === undefined) return;
    this.#sayLine(this.#picture.line(this.#picture.last(moment)));
  }

  #sayNow(): void {
    if (this.#moment === undefined) return;
    const moment = this.#moment();
    this.#tenth = this.#tenthOf(moment);
    this.#saidAt = this.#picture.now(moment);
    this.#sayLine(this.#picture.line(moment));
    this.#plan(MOST_MS);
  }

  #sayLine(line: string): void {
    if (line !== this.#said) this.#say(line);
    this.#said = line;
  }

  #plan(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sayNow(), waitMs);
    this.#timer.unref();
  }

  #tenthOf(moment: Moment): number {
    return Math.floor(this.#picture.share(moment) * 10);
  }
}
