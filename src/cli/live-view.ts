/** The moving view of a terminal: a bar, and what a person wants to know beside it. */
import { createLogUpdate } from 'log-update';
import type { MomentPicture } from './moment-picture.ts';
import type { ProgressView } from './progress-meter.ts';
import type { Colours } from './screen.ts';

/** More would flicker and cost time. */
const REDRAW_EVERY_MS = 100;

export interface LiveViewOptions {
  readonly stream: NodeJS.WriteStream;
  readonly colours: Colours;
}

/** Draws on `stream` at most ten times a second, and once a second for the clock. */
export class LiveView<Moment> implements ProgressView<Moment> {
  readonly #options: LiveViewOptions;
  readonly #picture: MomentPicture<Moment>;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  #moment: (() => Moment) | undefined;
  #hint = 'Ctrl-C finishes what is in flight and stops';
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;

  constructor(options: LiveViewOptions, picture: MomentPicture<Moment>) {
    this.#options = options;
    this.#picture = picture;
    this.#draw = createLogUpdate(options.stream);
  }

  show(moment: () => Moment): void {
    this.#moment = moment;
    this.#plan(Math.max(0, this.#dueAt - performance.now()));
  }

  /** A line that stays, above the bar. */
  note(line: string): void {
    this.#draw.persist(line);
  }

  hint(text: string): void {
    this.#hint = text;
    this.#redraw();
  }

  /** Leaves the last picture on the screen, and gives the cursor back. */
  end(): void {
    const moment = this.#moment?.();
    if (moment !== undefined) {
      this.#hint = '';
      this.show(() => this.#picture.last(moment));
      this.#redraw();
    }
    clearTimeout(this.#timer);
    this.#moment = undefined;
    this.#draw.done();
  }

  #plan(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#redraw(), waitMs);
    this.#timer.unref();
  }

  #redraw(): void {
    if (this.#moment === undefined) return;
    this.#dueAt = performance.now() + REDRAW_EVERY_MS;
    const width = Math.max(20, this.#options.stream.columns ?? 80);
    const view = { colours: this.#options.colours, width };
    const lines = this.#picture.lines(this.#moment(), this.#hint, view);
    this.#draw(lines.join('\n'));
    // The waiting times count down though nothing happens.
    this.#plan(1000);
  }
}
