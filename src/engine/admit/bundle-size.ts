/**
 * How many prompts travel together where one refused prompt refuses all of them.
 *
 * This is group testing: a bundle that is answered clears all its prompts with one request (R. Dorfman,
 * "The Detection of Defective Members of Large Populations", 1943). No procedure needs fewer than
 * n * H(p) requests for n prompts of which each is refused with probability p, H being the binary
 * entropy. What is computed here is the nested procedure of M. Sobel and P. Groll (1959), which splits
 * a refused bundle until its first offender is found and puts what follows that one back among the
 * unsuspected; F. Hwang's generalized binary splitting (1972) is its form for a known number of
 * offenders. It stays within a tenth of the bound. Three things are ours: a bundle has a largest size, a
 * refused bundle may cost money by its prompts, and an offender that is known by elimination is still
 * sent alone once, so that it has the vendor's own words and no outcome is guessed.
 */
import type { BundleCost } from '../core/bundle.ts';

export interface SplittingQuestion {
  /** The probability that a prompt is refused: above 0, below 1. */
  readonly rate: number;
  /** Most prompts of one request. */
  readonly most: number;
  readonly cost: BundleCost;
}

export interface Splitting {
  /** Prompts of a bundle of which nothing is known. */
  readonly fresh: number;
  /** Prompts to ask next of a group of `size` in which at least one is refused; 1 of 1. */
  readonly partOf: (size: number) => number;
  /** Expected cost of each prompt until it is delivered or refused for certain, in micros. */
  readonly microsPerPrompt: number;
}

/**
 * The sizes of least expected cost. With q = 1 - p, c the price of a request and r that of each prompt
 * of a refused one, finding the first offender among s suspects costs
 *
 *     G(s) = min over k of  c + P(k) * (r*k + G'(k)) + (1 - P(k)) * G(s - k),
 *     P(k) = (1 - q^k) / (1 - q^s),   G(1) = c + r,
 *
 * where G'(k) is G(k), and 0 for k = 1: what is refused alone needs no more. A fresh bundle of x costs
 * c + (1 - q^x) * (r*x + G'(x)) and resolves the prompts up to its first offender, (1 - q^x) / p of
 * them in the mean; x is the size at which a resolved prompt is cheapest. (How a group is split does not
 * change how many prompts it resolves, so that G can be made least by itself.)
 */
export function planSplitting({ rate, most, cost }: SplittingQuestion): Splitting {
  // The probability that so many prompts have no offender among them.
  const clean = Array.from({ length: most + 1 }, (_, size) => (1 - rate) ** size);
  const groups = splitGroups(clean, cost);
  let best = { fresh: 1, microsPerPrompt: Infinity };
  for (let size = 1; size <= most; size += 1) {
    const refused = 1 - clean[size]!;
    const bundle =
      cost.requestMicros +
      refused * (cost.refusedPromptMicros * size + (size === 1 ? 0 : groups[size]!.micros));
    const microsPerPrompt = (bundle * rate) / refused;
    // Sizes of equal cost: the larger one needs fewer requests at a time.
    if (microsPerPrompt <= best.microsPerPrompt + 1e-9) best = { fresh: size, microsPerPrompt };
  }
  return {
    ...best,
    // A group can be larger than a bundle may be now, when the figure was lowered in between.
    partOf: (size) => groups[Math.min(size, most)]!.part,
  };
}

interface Group {
  /** Expected cost of finding its first offender. */
  readonly micros: number;
  /** Prompts to ask next. */
  readonly part: number;
}

/** By size, from 0 (not used) on. */
function splitGroups(clean: readonly number[], cost: BundleCost): readonly Group[] {
  const { requestMicros, refusedPromptMicros } = cost;
  const alone = { micros: requestMicros + refusedPromptMicros, part: 1 };
  const groups: Group[] = [{ micros: 0, part: 0 }, alone];
  for (let size = 2; size < clean.length; size += 1) {
    let best: Group = { micros: Infinity, part: 1 };
    for (let part = 1; part < size; part += 1) {
      const refused = (1 - clean[part]!) / (1 - clean[size]!);
      const further = part === 1 ? 0 : groups[part]!.micros;
      const micros =
        requestMicros +
        refused * (refusedPromptMicros * part + further) +
        (1 - refused) * groups[size - part]!.micros;
      if (micros < best.micros - 1e-9) best = { micros, part };
    }
    groups.push(best);
  }
  return groups;
}
