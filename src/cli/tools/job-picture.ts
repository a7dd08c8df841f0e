/** How a moment of a job is shown, and what is found out about its pace. */
import type { JobProgress, JobReport } from '../../engine/engine-types.ts';
import { formatBytes } from '../../engine/core/reference.ts';
import picocolors from 'picocolors';
import { countText } from '../amount-text.ts';
import { barLine, fitted, type MomentPicture } from '../moment-picture.ts';
import { Pace } from '../pace.ts';
import { type ProgressView, viewOn } from '../progress-meter.ts';
import type { Colours, Screen } from '../screen.ts';
import { aboutText, durationText } from '../time-text.ts';

export interface JobMoment {
  readonly progress: JobProgress;
  readonly perMinute?: number;
  readonly doneAt?: number;
}

type Counts = JobProgress['counts'];

const PLAIN = picocolors.createColors(false);

export const JOB_PICTURE: MomentPicture<JobMoment> = {
  lines: (moment, hint, { colours, width }) => {
    const { counts, inFlight } = moment.progress;
    const [ended, total] = [endedOf(counts), totalOf(counts)];
    if (moment.progress.phase === 'listing') {
      return fitted([`looking at the sources: ${countText(total)}`, colours.dim(hint)], width);
    }
    return fitted(
      [
        barLine(ended, total, { colours, width }),
        jobCountsText(counts, inFlight, colours),
        joined([jobBytesText(moment.progress.bytes), paceText(moment)], colours),
        hint === '' ? '' : colours.dim(hint),
      ],
      width,
    );
  },
  line: (moment) => {
    const { counts, inFlight, bytes, phase } = moment.progress;
    const [ended, total] = [endedOf(counts), totalOf(counts)];
    if (phase === 'listing') return `looking at the sources: ${countText(total)}`;
    const share = total === 0 ? 100 : Math.floor((ended / total) * 100);
    const parts = [jobCountsText(counts, inFlight, PLAIN), jobBytesText(bytes), paceText(moment)];
    const said = parts.filter((part) => part !== '').join('; ');
    return `${countText(ended)}/${countText(total)} (${share} %): ${said}`;
  },
  share: ({ progress: { counts, phase } }) => {
    const total = totalOf(counts);
    if (phase === 'listing') return 0;
    return total === 0 ? 1 : endedOf(counts) / total;
  },
  now: ({ progress }) => progress.now,
  last: (moment) => {
    const { doneAt: _, ...last } = moment;
    return last;
  },
};

/** Pictures with an outcome, and all that are there. */
export function endedOf({ done, failed }: Counts): number {
  return done + failed;
}

export function totalOf(counts: Counts): number {
  return endedOf(counts) + counts.waiting;
}

/** `412 done · 3 failed · 3 in flight · 1,193 waiting`; what is none is left out. */
export function jobCountsText(counts: Counts, inFlight: number, colours: Colours): string {
  const parts = [
    [counts.done, 'done', colours.green],
    [counts.failed, 'failed', colours.red],
    [inFlight, 'in flight', colours.cyan],
    [counts.waiting - inFlight, 'waiting', colours.dim],
  ] as const;
  return parts
    .filter(([count], place) => count > 0 || place === 0)
    .map(([count, word, colour]) => `${colour(countText(count))} ${word}`)
    .join(colours.dim(' · '));
}

/** `saved 120 MB (38 %)`, or `400 MB became 1.2 GB`. */
export function jobBytesText({ before, after }: JobReport['bytes']): string {
  if (before === 0 || after === 0) return '';
  if (after >= before) return `${formatBytes(before)} became ${formatBytes(after)}`;
  const saved = before - after;
  return `saved ${formatBytes(saved)} of ${formatBytes(before)} (${Math.round((saved / before) * 100)} %)`;
}

/** `4.2 images a second · done about 14:24, in 21 min`. */
function paceText({ progress, perMinute, doneAt }: JobMoment): string {
  const { now } = progress;
  const rate = perMinute === undefined ? [] : [rateText(perMinute / 60)];
  const end =
    doneAt === undefined || doneAt <= now
      ? []
      : [`done about ${aboutText(doneAt, now)}, in ${durationText(doneAt - now)}`];
  return [...rate, ...end].join(' · ');
}

function rateText(perSecond: number): string {
  if (perSecond < 0.5) return `${(perSecond * 60).toFixed(1)} images a minute`;
  const figure = perSecond >= 20 ? countText(Math.round(perSecond)) : perSecond.toFixed(1);
  return `${figure} images a second`;
}

function joined(parts: readonly string[], colours: Colours): string {
  return parts.filter((part) => part !== '').join(colours.dim(' · '));
}

/** Takes a job's progress and shows it on the view that fits the screen. */
export class JobMeter {
  readonly #view: ProgressView<JobMoment>;
  readonly #pace = new Pace();
  #last: JobProgress | undefined;

  constructor(view: ProgressView<JobMoment>) {
    this.#view = view;
  }

  static async on(screen: Screen): Promise<JobMeter> {
    return new JobMeter(await viewOn(screen, JOB_PICTURE));
  }

  /** Ends the view when it is disposed of, however the work ended. */
  [Symbol.dispose](): void {
    this.#view.end();
  }

  update(progress: JobProgress): void {
    this.#last = progress;
    if (progress.phase === 'working') this.#pace.add(progress.now, endedOf(progress.counts));
    this.#view.show(() => this.#moment(this.#last ?? progress));
  }

  note(line: string): void {
    this.#view.note(line);
  }

  hint(text: string): void {
    this.#view.hint(text);
  }

  #moment(progress: JobProgress): JobMoment {
    const now = Math.max(progress.now, Date.now());
    const perMinute = this.#pace.perMinute(now);
    const { waiting } = progress.counts;
    const doneAt = waiting === 0 ? undefined : this.#pace.doneAt(waiting, now);
    return {
      progress: { ...progress, now },
      ...(perMinute !== undefined && { perMinute }),
      ...(doneAt !== undefined && { doneAt }),
    };
  }
}
