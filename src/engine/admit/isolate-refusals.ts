/**
 * Which prompts are asked next where a vendor refuses all prompts of a request for one among them.
 *
 * What is known is kept in groups: the waiting members of one group have at least one among them that the
 * vendor refuses. A group is asked in parts, one at a time. A part that is answered is done with, and the
 * rest stays suspected; of a part that is refused, the part is the new group, and the rest is suspected
 * no more (`suspicionAfter`). So a good prompt is made by the one request that is answered, and nothing
 * is ever asked of an offender after it was refused alone.
 */
import type { BundleCandidate, BundleCost, BundleQuestion } from '../core/bundle.ts';
import { planSplitting } from './bundle-size.ts';
import { refusalRate } from './refusal-rate.ts';

const FREE_BUT_FOR_THE_REQUEST: BundleCost = { requestMicros: 1, refusedPromptMicros: 0 };

/** The candidates that may travel together, in the order of sending; `[]`: all wait for an answer. */
export function isolateRefusals(question: BundleQuestion): readonly BundleCandidate[] {
  const { candidates, rules, busyGroups } = question;
  const groups = Map.groupBy(candidates, ({ suspectGroup }) => suspectGroup);
  const unsuspected = groups.get(undefined) ?? [];
  groups.delete(undefined);
  const splitting = planSplitting({
    rate: refusalRate(withSuspects(question, groups.keys())),
    most: rules.mostRequests,
    cost: rules.cost ?? FREE_BUT_FOR_THE_REQUEST,
  });
  for (const [group, members] of groups) {
    if (!busyGroups.has(group!)) return members.slice(0, splitting.partOf(members.length));
  }
  return unsuspected.slice(0, splitting.fresh);
}

/** Each group holds a refusal that has no outcome yet: it counts as one, or the rate would lag behind. */
function withSuspects(
  { busyGroups, seen }: BundleQuestion,
  groups: Iterable<string | undefined>,
): { prompts: number; refused: number } {
  const open = new Set([...busyGroups, ...groups]).size;
  return { prompts: seen.outcomes + open, refused: seen.refused + open };
}

/** How a bundle ended, as far as suspicion goes. */
export type BundleEnd =
  /** Each prompt was made. */
  | 'answered'
  /** Some prompts were made and others refused, each for itself. */
  | 'answered-in-part'
  /** All were refused together. */
  | 'refused'
  /** Nothing was made for a reason that is not in the prompts (pace, overload). */
  | 'returned'
  /** Nobody can tell. */
  | 'unknown';

export interface Suspicion {
  /** The prompts that were asked; `settled`: each has its outcome. */
  readonly asked: 'settled' | 'new-group' | 'as-before' | 'none';
  /** Those of their former group that were not asked. */
  readonly rest: 'as-before' | 'none';
}

/** What follows from the end of a bundle of `prompts` prompts. */
export function suspicionAfter(end: BundleEnd, prompts: number): Suspicion {
  switch (end) {
    case 'answered':
      return { asked: 'settled', rest: 'as-before' };
    case 'answered-in-part':
      // The offender was named.
      return { asked: 'settled', rest: 'none' };
    case 'refused':
      return { asked: prompts === 1 ? 'settled' : 'new-group', rest: 'none' };
    case 'returned':
      return { asked: 'as-before', rest: 'as-before' };
    case 'unknown':
      // The offender may be among those asked: of the rest nothing is known any more.
      return { asked: 'none', rest: 'none' };
  }
  return end satisfies never;
}
