import { describe } from 'vitest';
import { describeLines } from './bundle-lane/lines.ts';
import { describeReferences } from './bundle-lane/references.ts';
import { describeSending } from './bundle-lane/sending.ts';
import { type BundleLaneHarness, subjectOf } from './bundle-lane/subject.ts';
import { describeTasks } from './bundle-lane/tasks.ts';

export type { BundleLaneHarness } from './bundle-lane/subject.ts';

/**
 * What the engine relies on in every lane that carries bundles: each line comes back once, by its key,
 * with its own picture; what is said not to be made is not billed; and a bundle whose answer was lost
 * is found again instead of being bought twice.
 */
export function describeBundleLane(name: string, harness: BundleLaneHarness): void {
  describe(`the lane of bundles to ${name}`, () => {
    const subject = subjectOf(harness);
    describeLines(subject);
    describeSending(subject);
    describeReferences(subject);
    describeTasks(subject);
  });
}
