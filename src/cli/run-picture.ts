/** How a moment of a run is shown. Pure. */
import picocolors from 'picocolors';
import { totalItems } from '../engine/core/outcome.ts';
import { countText } from './amount-text.ts';
import { barLine, fitted, type MomentPicture, type PictureView } from './moment-picture.ts';
import {
  countsText,
  type Moment,
  moneyText,
  overItems,
  paceText,
  waitLines,
} from './progress-view.ts';

/** Lanes whose waits are shown; the rest are in `status`. */
const MOST_WAITS = 4;
const PLAIN = picocolors.createColors(false);

export const RUN_PICTURE: MomentPicture<Moment> = {
  lines: liveLines,
  line: plainLine,
  share: ({ progress }) => {
    const total = totalItems(progress.items);
    return total === 0 ? 1 : overItems(progress) / total;
  },
  now: ({ progress }) => progress.now,
  last: (moment) => {
    // What it waited for, and until when, is over now.
    const { doneAt: _, ...last } = moment;
    return { ...last, progress: { ...last.progress, waits: {} } };
  },
};

/** The picture of one moment, no line longer than `width`. Pure. */
export function liveLines(moment: Moment, hint: string, { colours, width }: PictureView): string[] {
  const { items } = moment.progress;
  const waits = waitLines(moment);
  const lines = [
    barLine(overItems(moment.progress), totalItems(items), { colours, width }),
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
  return fitted(lines, width);
}

/** `412/1,632 (25 %): 409 delivered · 3 refused · …; spent …; … a minute; gpt-image-2 waits …`. Pure. */
export function plainLine(moment: Moment): string {
  const { items } = moment.progress;
  const [ended, total] = [overItems(moment.progress), totalItems(items)];
  const share = total === 0 ? 100 : Math.floor((ended / total) * 100);
  const parts = [
    countsText(items, PLAIN),
    moneyText(moment, PLAIN),
    paceText(moment),
    ...waitLines(moment),
  ].filter((part) => part !== '');
  return `${countText(ended)}/${countText(total)} (${share} %): ${parts.join('; ')}`;
}
