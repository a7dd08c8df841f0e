/** Progress for a pipe or a log: whole lines, few of them. */
import picocolors from 'picocolors';
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

/** A line for each tenth of the run, but not faster than this … */
const LEAST_MS = 1_000;
/** … and when nothing is reached for so long, one all the same. */
const MOST_MS = 10_000;

const PLAIN = picocolors.createColors(false);

export class PlainView implements ProgressView {
  readonly #say: (line: string) => void;
  #tenth = 0;
  #said = '';
  #saidAt = -Infinity;
  #moment: (() => Moment) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  show(moment: () => Moment): void {
    this.#moment = moment;
    const { progress } = moment();
    const tenth = tenthOf(moment());
    if (this.#saidAt === -Infinity) this.#saidAt = progress.now;
    const since = progress.now - this.#saidAt;
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
    const { doneAt: _, ...last } = moment;
    this.#sayLine(plainLine({ ...last, progress: { ...last.progress, waits: {} } }));
  }

  #sayNow(): void {
    if (this.#moment === undefined) return;
    const moment = this.#moment();
    this.#tenth = tenthOf(moment);
    this.#saidAt = moment.progress.now;
    this.#sayLine(plainLine(moment));
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
}

function tenthOf({ progress: { items } }: Moment): number {
  const total = totalItems(items);
  return total === 0 ? 10 : Math.floor((endedItems(items) / total) * 10);
}

/** `412/1,632 (25 %): 409 delivered · 3 refused · …; spent …; … a minute; gpt-image-2 waits …`. Pure. */
export function plainLine(moment: Moment): string {
  const { items } = moment.progress;
  const [ended, total] = [endedItems(items), totalItems(items)];
  const share = total === 0 ? 100 : Math.floor((ended / total) * 100);
  const parts = [
    countsText(items, PLAIN),
    moneyText(moment, PLAIN),
    paceText(moment),
    ...waitLines(moment),
  ].filter((part) => part !== '');
  return `${countText(ended)}/${countText(total)} (${share} %): ${parts.join('; ')}`;
}
