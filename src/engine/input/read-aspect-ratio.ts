import { bad, good, type Reading } from './reading.ts';
import { damageOfRatio, type RatioDamage } from './spreadsheet-damage.ts';
import { nearestUsualRatio, type Ratio } from './usual-ratios.ts';

const NAMED: Readonly<Record<string, Ratio>> = {
  square: [1, 1],
  landscape: [3, 2],
  portrait: [2, 3],
};
/** Nobody means a picture of 1:50; such a figure is a slip. */
const STEEPEST = 16;
const WRITE = 'Write a ratio like 16:9, 1.78, landscape, portrait or square';

/**
 * Reads `16:9`, `16x9`, `16/9`, `1.78` (the usual ratio nearby, else as it is), `landscape` (3:2),
 * `portrait` (2:3) and `square`. A ratio that a spreadsheet turned into a time or date is named as such.
 */
export function readAspectRatio(cell: string): Reading<Ratio> {
  // Full-width digits and colons (１６：９) are plain ones in another dress.
  const text = cell.normalize('NFKC').trim();
  const named = NAMED[text.toLowerCase()];
  if (named) return good(named);
  const damage = damageOfRatio(text);
  if (damage) return damaged(damage);
  const ratio = pair(text) ?? quotient(text);
  if (!ratio) return bad('This is not an aspect ratio', `${WRITE}.`);
  const [across, down] = ratio;
  if (!(across > 0) || !(down > 0) || across / down > STEEPEST || down / across > STEEPEST) {
    return bad(`An aspect ratio lies between 1:${STEEPEST} and ${STEEPEST}:1`, `${WRITE}.`);
  }
  return good(ratio);
}

function pair(text: string): Ratio | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*[:x×/*]\s*(\d+(?:\.\d+)?)$/i.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

function quotient(text: string): Ratio | undefined {
  if (!/^\d*[.,]\d+$|^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text.replace(',', '.'));
  return nearestUsualRatio(value, 0.005) ?? [value, 1];
}

function damaged({ kind, probably }: RatioDamage): Reading<Ratio> {
  const likely = probably.map((ratio) => JSON.stringify(ratio)).join(' or ');
  const guess = probably.length > 0 ? `; it probably was ${likely}` : '';
  const example = probably[0] ?? '16:9';
  return bad(
    `A spreadsheet turned this aspect ratio into a ${kind}${guess}`,
    `Format the column as text and type ${example} again, or write ${example.replace(':', 'x')}, which spreadsheets leave alone.`,
  );
}
