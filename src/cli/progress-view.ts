/** A moment of a run, in words: what the live view and the plain lines are made of. Pure. */
import { formatMicros } from '../engine/core/credits.ts';
import { totalItems, type ItemCounts } from '../engine/core/outcome.ts';
import { parseLaneName } from '../engine/core/lane.ts';
import type { BundleProgress, Progress } from '../engine/engine-types.ts';
import { countText, plural } from './amount-text.ts';
import { limitName } from './limit-name.ts';
import type { Colours } from './screen.ts';
import { aboutText, clockText, durationText } from './time-text.ts';

/** A moment of a run, with what was found out about its pace. */
export interface Moment {
  readonly progress: Pick<
    Progress,
    'items' | 'postedCreditMicros' | 'heldCreditMicros' | 'waits' | 'now'
  > &
    Partial<Pick<Progress, 'bundles' | 'finishing'>>;
  readonly perMinute?: number;
  /** When all will have an outcome, as far as it can be told. */
  readonly doneAt?: number;
}

/** Items with an outcome. */
export function endedItems(items: ItemCounts): number {
  return totalItems(items) - items.waiting - items.sent;
}

/** Items that nothing more is done about: those that are still to be finished are not over. */
export function overItems({
  items,
  finishing = 0,
}: Pick<Moment['progress'], 'items' | 'finishing'>): number {
  return Math.max(0, endedItems(items) - finishing);
}

/** `412 delivered · 3 refused · 24 in flight · 1,193 waiting`; states without items are left out. */
export function countsText(items: ItemCounts, colours: Colours): string {
  const parts = [
    [items.delivered, 'delivered', colours.green],
    [items.refused, 'refused', colours.yellow],
    [items.failed, 'failed', colours.red],
    [items.unknown, 'unknown', colours.magenta],
    [items.cancelled, 'cancelled', colours.dim],
    [items.sent, 'in flight', colours.cyan],
    [items.waiting, 'waiting', colours.dim],
  ] as const;
  const shown = parts.filter(([count], place) => count > 0 || place === 0);
  return shown
    .map(([count, word, colour]) => `${colour(countText(count))} ${word}`)
    .join(colours.dim(' · '));
}

/** `spent 988.8 credits · held 57.6`; '' when nothing has a price. */
export function moneyText({ progress }: Moment, colours: Colours): string {
  const { postedCreditMicros: posted, heldCreditMicros: held } = progress;
  if (posted === 0 && held === 0) return '';
  const spent = `spent ${colours.bold(formatMicros(posted))} credits`;
  return held === 0 ? spent : `${spent}${colours.dim(' · ')}held ${formatMicros(held)}`;
}

/** What each lane waits for, until when: `gpt-image-2 waits for images-per-minute until 14:03:22 (18 s)`. */
export function waitLines({ progress }: Pick<Moment, 'progress'>): string[] {
  const { waits, now } = progress;
  const waiting = Object.entries(waits).map(([name, { limit, reason, until, endsEarly }]) => {
    const lane = laneText(name);
    if (limit === 'vendor') return `${lane} has stopped: ${reason}`;
    if (until === undefined) return `${lane} waits: ${reason}`;
    const early = endsEarly ? ', or earlier' : '';
    return `${lane} waits for ${limitName(limit)} until ${clockText(until, now)} (${durationText(until - now)}${early})`;
  });
  return [...bundleLines(progress), ...finishingLines(progress), ...waiting];
}

/** A few wait always; many wait when finishing them takes longer than making them. */
const MANY_FINISHING = 10;

function finishingLines({ finishing = 0, items }: Moment['progress']): string[] {
  const isAllMade = items.waiting + items.sent === 0;
  if (finishing === 0 || (finishing < MANY_FINISHING && !isAllMade)) return [];
  return [`${plural(finishing, 'image')} made and still to be finished`];
}

/** `gpt-image-2 by batch: 2 batches under way since 12:01, 120 of 600 requests ended`. */
function bundleLines({ bundles = [], now }: Moment['progress']): string[] {
  const byBatch = bundles.filter(({ lane }) => parseLaneName(lane).kind === 'batch');
  const lanes = Map.groupBy(byBatch, ({ lane }) => lane);
  return [...lanes].map(([lane, all]) => {
    const sum = (of: (bundle: BundleProgress) => number) =>
      all.reduce((total, bundle) => total + of(bundle), 0);
    const since = clockText(Math.min(...all.map(({ sentAt }) => sentAt)), now);
    const ended = `${countText(sum(({ completed }) => completed))} of ${plural(
      sum(({ requests }) => requests),
      'request',
    )} ended`;
    return `${laneText(lane)}: ${plural(all.length, 'batch', 'batches')} under way since ${since}, ${ended}`;
  });
}

/** `gpt-image-2`, or `gpt-image-2 by batch`. */
function laneText(lane: string): string {
  const { model, kind } = parseLaneName(lane);
  return kind === 'batch' ? `${model} by batch` : model;
}

/** `58.2 a minute · done about 14:24, in 21 min`. */
export function paceText({ progress, perMinute, doneAt }: Moment): string {
  const rate = perMinute === undefined ? [] : [`${rateText(perMinute)} a minute`];
  const { now } = progress;
  const end =
    doneAt === undefined || doneAt <= now
      ? []
      : [`done about ${aboutText(doneAt, now)}, in ${durationText(doneAt - now)}`];
  return [...rate, ...end].join(' · ');
}

function rateText(perMinute: number): string {
  return perMinute >= 20 ? countText(Math.round(perMinute)) : perMinute.toFixed(1);
}
