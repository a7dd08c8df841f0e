/** How a check of files is shown while it goes on. Pure. */
import { bytesText } from './bytes-text.ts';
import { plural } from './amount-text.ts';
import { fitted, type MomentPicture } from './moment-picture.ts';

export interface VerifyMoment {
  readonly files: number;
  readonly bytes: number;
  readonly startedAt: number;
  readonly now: number;
}

export const VERIFY_PICTURE: MomentPicture<VerifyMoment> = {
  lines: (moment, hint, { colours, width }) => fitted([lineOf(moment), colours.dim(hint)], width),
  line: lineOf,
  // How much there is to check is known at its end only.
  share: () => 0,
  now: ({ now }) => now,
  last: (moment) => moment,
};

/** Too early a pace is none. */
const LEAST_MS = 1_000;

function lineOf({ files, bytes, startedAt, now }: VerifyMoment): string {
  const elapsed = now - startedAt;
  const pace = elapsed < LEAST_MS ? [] : [`${bytesText((bytes / elapsed) * 1000)} a second`];
  return [plural(files, 'file'), bytesText(bytes), ...pace].join(' · ');
}
