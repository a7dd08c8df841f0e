/** How a moment of something that takes long is shown: what a moving view and plain lines need to know. */
import wrapAnsi from 'wrap-ansi';
import { countText } from './amount-text.ts';
import type { Colours } from './screen.ts';

export interface MomentPicture<Moment> {
  /** For a terminal, no line longer than `width`. Pure. */
  lines(moment: Moment, hint: string, view: PictureView): string[];
  /** For a pipe or a log. Pure. */
  line(moment: Moment): string;
  /** How much of it is over, from 0 to 1. */
  share(moment: Moment): number;
  /** Milliseconds since 1970. */
  now(moment: Moment): number;
  /** The moment as it stays on the screen, without what is over with it. */
  last(moment: Moment): Moment;
}

export interface PictureView {
  readonly colours: Colours;
  readonly width: number;
}

const WIDEST_BAR = 40;

/** Lines that stand below each other on a terminal; empty ones are left out. */
export function fitted(lines: readonly string[], width: number): string[] {
  return ['', ...lines.filter((line) => line !== '')].flatMap((line) =>
    wrapAnsi(line, width - 1, { hard: true }).split('\n'),
  );
}

/** `████░░░░  412/1,632  25 %`. */
export function barLine(ended: number, total: number, { colours, width }: PictureView): string {
  const share = total === 0 ? 1 : ended / total;
  const figures = `${countText(ended)}/${countText(total)}  ${Math.floor(share * 100)} %`;
  const cells = Math.max(5, Math.min(WIDEST_BAR, width - figures.length - 4));
  const full = Math.floor(share * cells);
  const bar = colours.green('█'.repeat(full)) + colours.dim('░'.repeat(cells - full));
  return `${bar}  ${colours.bold(figures)}`;
}
