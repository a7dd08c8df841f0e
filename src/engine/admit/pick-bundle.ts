import type { BundleCandidate, BundleQuestion } from '../core/bundle.ts';
import { isolateRefusals } from './isolate-refusals.ts';

/**
 * The next requests that travel together. A batch file takes what comes next, as long as all are of one
 * kind (with or without references: these are different endpoints) and their results stay within the
 * bytes that can be fetched in one piece. Where one refused prompt refuses the whole, suspects are
 * isolated group by group.
 */
export function pickBundle(question: BundleQuestion): readonly string[] {
  const { candidates, rules } = question;
  const travellers = rules.refusesWhole ? isolateRefusals(question) : candidates;
  return withinBounds(travellers, rules).map(({ id }) => id);
}

/** As many as fit, from the first on, all of the first one's kind. At least one. */
export function withinBounds(
  candidates: readonly BundleCandidate[],
  rules: BundleQuestion['rules'],
): readonly BundleCandidate[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const picked: BundleCandidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    if (picked.length >= rules.mostRequests) break;
    if (candidate.hasReferences !== first.hasReferences) continue;
    bytes += resultBytes(candidate, rules);
    if (picked.length > 0 && rules.results !== undefined && bytes > rules.results.mostBytes) break;
    picked.push(candidate);
  }
  return picked;
}

function resultBytes({ images, pixels }: BundleCandidate, { results }: BundleQuestion['rules']) {
  return results === undefined ? 0 : images * pixels * results.bytesPerPixel;
}
