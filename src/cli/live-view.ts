/** The moving view of a terminal: a bar, and what a person wants to know beside it. */
import { createLogUpdate } from 'log-update';
import wrapAnsi from 'wrap-ansi';
import { totalItems } from '../engine/core/outcome.ts';
import { countText } from './amount-text.ts';
import {
  countsText,
  endedItems,
  type Moment,
  moneyText,
  paceText,
  waitLines,
} from './progress-view.ts';
import type { ProgressView } from './progress-meter.ts';
import type { Colours } from './screen.ts';

/** More would flicker and cost time. */
const REDRAW_EVERY_MS = 100;
const WIDEST_BAR = 40;
/** Lanes whose waits are shown; the rest are in `status`. */
const MOST_WAITS = 4;

export interface LiveViewOptions {
  readonly stream: NodeJS.WriteStream;
  readonly colours: Colours;
}

/** Draws on `stream` at most ten times a second, and once a second for the clock. */
export class LiveView implements ProgressView {
  readonly #options: LiveViewOptions;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  #moment: (() => Moment) | undefined;
  #hint = 'Ctrl-C finishes what is in flight and stops';
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;

  constructor(options: LiveViewOptions) {
    this.#options = options;
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
      // What it waited for, and until when, is over now.
      const { doneAt: _, ...last } = moment;
      this.#hint = '';
      this.show(() => ({ ...last, progress: { ...last.progress, waits: {} } }));
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
    const lines = liveLines(this.#moment(), this.#hint, { ...this.#options, width });
    this.#draw(lines.join('\n'));
    // The waiting times count down though nothing happens.
    this.#plan(1000);
  }
}

/** The picture of one moment, no line longer than `width`. Pure. */
export function liveLines(
  moment: Moment,
  hint: string,
  { colours, width }: { readonly colours: Colours; readonly width: number },
): string[] {
  const { items } = moment.progress;
  const waits = waitLines(moment);
  const lines = [
    '',
    barLine(endedItems(items), totalItems(items), { colours, width }),
    countsText(items, colours),
    [moneyText(moment, colours), paceText(moment)]
      .filter((text) => text !== '')
      .join(colours.dim(' · ')),
    ...waits.slice(0, MOST_WAITS).map((line) => colours.yellow(line)),
    ...(waits.length > MOST_WAITS
      ? [colours.dim(`and ${waits.length - MOST_WAITS} more wait`)]
      : []),
    ...(hint === '' ? [] : [colours.dim(hint)]),
  ];
  return lines
    .filter((line, place) => place === 0 || line !== '')
    .flatMap((line) => wrapAnsi(line, width - 1, { hard: true }).split('\n'));
}

function barLine(
  ended: number,
  total: number,
  { colours, width }: { readonly colours: Colours; readonly width: number },
): string {
  const share = total === 0 ? 1 : ended / total;
  const figures = `${countText(ended)}/${countText(total)}  ${Math.floor(share * 100)} %`;
  const cells = Math.max(5, Math.min(WIDEST_BAR, width - figures.length - 4));
  const full = Math.floor(share * cells);
  const bar = colours.green('█'.repeat(full)) + colours.dim('░'.repeat(cells - full));
  return `${bar}  ${colours.bold(figures)}`;
}
