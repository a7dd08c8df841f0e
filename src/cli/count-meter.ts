/** Shows how far through a known number of things something has come. */
import { countText } from './amount-text.ts';
import { barLine, fitted, type MomentPicture } from './moment-picture.ts';
import { Pace } from './pace.ts';
import { type ProgressView, viewOn } from './progress-meter.ts';
import type { Screen } from './screen.ts';
import { durationText } from './time-text.ts';

export interface CountMoment {
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural. */
  readonly what: string;
  readonly now: number;
  readonly perMinute?: number;
  readonly doneAt?: number;
}

export const COUNT_PICTURE: MomentPicture<CountMoment> = {
  lines: (moment, hint, view) =>
    fitted(
      [
        barLine(Math.min(moment.done, moment.total), moment.total, view),
        paceOf(moment),
        view.colours.dim(hint),
      ],
      view.width,
    ),
  line: (moment) => {
    const pace = paceOf(moment);
    return `${countText(moment.done)}/${countText(moment.total)} ${moment.what}${pace === '' ? '' : `: ${pace}`}`;
  },
  share: ({ done, total }) => (total === 0 ? 1 : done / total),
  now: ({ now }) => now,
  // There is nothing left to wait for.
  last: ({ doneAt: _doneAt, ...last }) => last,
};

function paceOf({ what, perMinute, doneAt, now }: CountMoment): string {
  const rate =
    perMinute === undefined ? [] : [`${countText(Math.round(perMinute))} ${what} a minute`];
  const left = doneAt === undefined || doneAt <= now ? [] : [`${durationText(doneAt - now)} left`];
  return [...rate, ...left].join(' · ');
}

export class CountMeter implements Disposable {
  readonly #view: ProgressView<CountMoment>;
  readonly #pace = new Pace();
  readonly #total: number;
  readonly #what: string;
  #done = 0;

  private constructor(view: ProgressView<CountMoment>, total: number, what: string) {
    this.#view = view;
    this.#total = total;
    this.#what = what;
  }

  static async on(screen: Screen, total: number, what: string): Promise<CountMeter> {
    return new CountMeter(await viewOn(screen, COUNT_PICTURE), total, what);
  }

  hint(text: string): void {
    this.#view.hint(text);
  }

  /** One more is done. */
  count(): void {
    this.#done += 1;
    this.#pace.add(Date.now(), this.#done);
    this.#view.show(() => this.#moment());
  }

  [Symbol.dispose](): void {
    this.#view.end();
  }

  #moment(): CountMoment {
    const now = Date.now();
    const left = this.#total - this.#done;
    const perMinute = this.#pace.perMinute(now);
    const doneAt = left <= 0 ? undefined : this.#pace.doneAt(left, now);
    return {
      done: this.#done,
      total: this.#total,
      what: this.#what,
      now,
      ...(perMinute !== undefined && { perMinute }),
      ...(doneAt !== undefined && { doneAt }),
    };
  }
}
