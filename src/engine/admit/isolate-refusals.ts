/**
 * Which prompts are asked next where a vendor refuses all prompts of a request for one among them.
 *
 * What is known is kept in groups: the waiting members of one group have at least one among them that the
 * vendor refuses. A group is asked in parts, one at a time. A part that is answered is done with, and the
 * rest stays suspected; a part that is refused is the new group, and the rest is suspected no more. So a
 * good prompt is made by the one request that is answered, and an offender is not asked about again after
 * it was refused alone. What is last in its group is the offender by elimination: it is sent alone all
 * the same, for the vendor's own words.
 */
import type { BundleCandidate, BundleCost, BundleQuestion, SuspectEnd } from '../core/bundle.ts';
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

/**
 * Whether the rest of a group is still suspected after one of it ended. Where the offender was found, or
 * is among those that were refused together (a group of their own now), or may be the one whose outcome
 * nobody knows, nothing is known of the rest any more.
 */
export function staySuspected(end: SuspectEnd): boolean {
  return end === 'made';
}
