/** Takes the engine's progress and shows it on the view that fits the screen. */
import { totalItems } from '../engine/core/outcome.ts';
import type { Forecast, Progress } from '../engine/engine-types.ts';
import type { MomentPicture } from './moment-picture.ts';
import { Pace } from './pace.ts';
import { type Moment, overItems } from './progress-view.ts';
import { RUN_PICTURE } from './run-picture.ts';
import type { Screen } from './screen.ts';

export interface ProgressView<Moment> {
  /** A new moment; the function gives it as it is when it is drawn. */
  show(moment: () => Moment): void;
  note(line: string): void;
  /** What may be done at the moment. */
  hint(text: string): void;
  end(): void;
}

/** For this screen: a terminal gets the moving view, anything else lines. */
export async function viewOn<Moment>(
  screen: Screen,
  picture: MomentPicture<Moment>,
): Promise<ProgressView<Moment>> {
  if (screen.isLive) {
    const { LiveView } = await import('./live-view.ts');
    return new LiveView({ stream: process.stderr, colours: screen.colours }, picture);
  }
  const { PlainView } = await import('./plain-view.ts');
  return new PlainView((line) => screen.say(line), picture);
}

type Standing = Moment['progress'];

export class ProgressMeter {
  readonly #view: ProgressView<Moment>;
  readonly #pace = new Pace();
  readonly #forecast: Forecast | undefined;
  #startedAt: number | undefined;
  #last: Standing | undefined;

  /** `forecast`: the plan's, until the run's own pace is known. */
  constructor(view: ProgressView<Moment>, forecast?: Forecast) {
    this.#view = view;
    this.#forecast = forecast;
  }

  static async on(screen: Screen, forecast?: Forecast): Promise<ProgressMeter> {
    return new ProgressMeter(await viewOn(screen, RUN_PICTURE), forecast);
  }

  /** Ends the view when it is disposed of, however the drive ended. */
  [Symbol.dispose](): void {
    this.#view.end();
  }

  update(progress: Standing | Progress): void {
    this.#startedAt ??= progress.now;
    this.#last = progress;
    this.#pace.add(progress.now, overItems(progress));
    if (progress.items.sent === 0) this.#pace.blocked(progress.now, goesOnAt(progress));
    this.#view.show(() => this.#moment(this.#last ?? progress));
  }

  note(line: string): void {
    this.#view.note(line);
  }

  hint(text: string): void {
    this.#view.hint(text);
  }

  #moment(progress: Standing): Moment {
    const now = Math.max(progress.now, Date.now());
    const left = totalItems(progress.items) - overItems(progress);
    const perMinute = this.#pace.perMinute(now);
    const doneAt = left === 0 ? undefined : this.#doneAt(left, now);
    return {
      progress: { ...progress, now, waits: left === 0 ? {} : progress.waits },
      ...(perMinute !== undefined && { perMinute }),
      ...(doneAt !== undefined && { doneAt }),
    };
  }

  #doneAt(left: number, now: number): number | undefined {
    const doneAt = this.#pace.doneAt(left, now);
    if (doneAt !== undefined) return doneAt;
    const finishMs = this.#forecast?.finishMs;
    return finishMs === undefined ? undefined : (this.#startedAt ?? now) + finishMs;
  }
}

/** When the first of the lanes that wait goes on; 0 when nobody can say. */
function goesOnAt({ waits }: Standing): number {
  const ends = Object.values(waits).map(({ until }) => until ?? 0);
  return ends.length === 0 ? 0 : Math.min(...ends);
}
