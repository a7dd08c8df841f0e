import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  leastRequests,
  rehearseHalving,
  rehearseIsolation,
  rehearseOneByOne,
} from '../../../test/support/isolation-rehearsal.ts';
import type { BundleCandidate, BundleQuestion } from '../core/bundle.ts';
import { seededRandom } from '../core/random.ts';
import { isolateRefusals, staySuspected } from './isolate-refusals.ts';

function candidates(...groups: readonly (string | undefined)[]): BundleCandidate[] {
  return groups.map((suspectGroup, place) => ({
    id: `r${place}`,
    images: 1,
    pixels: 1024 * 1024,
    hasReferences: false,
    ...(suspectGroup !== undefined && { suspectGroup }),
  }));
}

function ask(given: Partial<BundleQuestion> & Pick<BundleQuestion, 'candidates'>): string[] {
  const question: BundleQuestion = {
    rules: { mostRequests: 8, refusesWhole: true },
    busyGroups: new Set(),
    seen: { outcomes: 0, refused: 0 },
    ...given,
  };
  return isolateRefusals(question).map(({ id }) => id);
}

describe('isolateRefusals()', () => {
  test('begins with full bundles, since refusals are rare', () => {
    expect(ask({ candidates: candidates(...Array.from({ length: 20 }, () => undefined)) })).toEqual(
      ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'],
    );
  });

  test('sends fewer together once many were refused', () => {
    const many = candidates(...Array.from({ length: 20 }, () => undefined));
    const seen = { outcomes: 200, refused: 60 };
    expect(ask({ candidates: many, seen }).length).toBeLessThan(4);
  });

  test('asks about a part of the suspects first', () => {
    const suspects = candidates(undefined, 'g', 'g', 'g', 'g', 'g', 'g', 'g', undefined);
    expect(ask({ candidates: suspects })).toEqual(['r1', 'r2', 'r3']);
  });

  test('asks about one part of a group at a time', () => {
    const mixed = candidates('g', 'g', undefined, 'h', 'h');
    expect(ask({ candidates: mixed, busyGroups: new Set(['g']) })).toEqual(['r3']);
    expect(ask({ candidates: mixed, busyGroups: new Set(['g', 'h']) })).toEqual(['r2']);
  });

  test('sends the last of a group alone, though it is the offender by elimination', () => {
    expect(ask({ candidates: candidates(undefined, 'g', undefined) })).toEqual(['r1']);
  });

  test('waits while every candidate is asked about already', () => {
    expect(ask({ candidates: candidates('g', 'g'), busyGroups: new Set(['g']) })).toEqual([]);
  });

  test('counts a group that is not yet isolated as a refusal', () => {
    const fresh = candidates(...Array.from({ length: 40 }, () => undefined));
    const rules = { mostRequests: 40, refusesWhole: true };
    const calm = ask({ candidates: fresh, rules }).length;
    const busyGroups = new Set(['a', 'b', 'c', 'd', 'e']);
    expect(ask({ candidates: fresh, rules, busyGroups }).length).toBeLessThan(calm);
  });
});

describe('staySuspected()', () => {
  test('clears the rest once the offender was found, or may be elsewhere', () => {
    expect(staySuspected('made')).toBe(true);
    expect(staySuspected('refused')).toBe(false);
    expect(staySuspected('refused-together')).toBe(false);
    expect(staySuspected('unknown')).toBe(false);
  });
});

const sheets = fc.record({
  offenders: fc.array(
    fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    { maxLength: 120 },
  ),
  mostPrompts: fc.integer({ min: 1, max: 40 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});

describe('a sheet at a vendor that refuses the whole for one', () => {
  test('has each good prompt made once, and each offender refused alone once', () => {
    fc.assert(
      fc.property(sheets, ({ seed, ...sheet }) => {
        const { made, refusedAlone } = rehearseIsolation({ ...sheet, random: seededRandom(seed) });
        expect(made).toEqual(sheet.offenders.map((refused) => (refused ? 0 : 1)));
        expect(refusedAlone).toEqual(sheet.offenders.map((refused) => (refused ? 1 : 0)));
      }),
    );
  });

  test('comes to the same end when requests are put back or lost in between', () => {
    fc.assert(
      fc.property(sheets, ({ seed, ...sheet }) => {
        const random = seededRandom(seed);
        const ended = rehearseIsolation({ ...sheet, random, returned: 0.1, lost: 0.05 });
        for (const [place, refused] of sheet.offenders.entries()) {
          const lost = ended.lost[place]!;
          expect(ended.made[place]).toBe(refused || lost > 0 ? 0 : 1);
          expect(ended.refusedAlone[place]).toBe(refused && lost === 0 ? 1 : 0);
        }
      }),
    );
  });

  /** Requests of several seeded sheets of 1,000 prompts, against the bound and two plain ways. */
  function measure(rate: number, mostPrompts: number) {
    const random = seededRandom(11);
    const sums = { requests: 0, least: 0, halving: 0, oneByOne: 0 };
    for (let sheet = 0; sheet < 12; sheet += 1) {
      const offenders = Array.from({ length: 1000 }, () => random.next() < rate);
      const refused = offenders.filter(Boolean).length;
      sums.requests += rehearseIsolation({ offenders, mostPrompts, random }).requests;
      sums.least += leastRequests(offenders.length, refused, mostPrompts);
      sums.halving += rehearseHalving(offenders, mostPrompts).requests;
      sums.oneByOne += rehearseOneByOne(offenders, mostPrompts).requests;
    }
    return sums;
  }

  // Measured over the bound: 1.16, 1.12, 1.10, 1.09, 1.10 with 50 prompts a request, and with 16: 1.24,
  // 1.25, 1.17, 1.09, 1.10 (with so few the bound itself cannot be reached by splitting).
  test.each([
    [0.005, 50],
    [0.01, 50],
    [0.02, 50],
    [0.05, 50],
    [0.1, 50],
    [0.005, 16],
    [0.01, 16],
    [0.02, 16],
    [0.05, 16],
    [0.1, 16],
  ])(
    'needs at most 1.35 times the fewest requests possible where a share of %s is refused, %i a request',
    (rate, mostPrompts) => {
      const { requests, least, halving, oneByOne } = measure(rate, mostPrompts);
      expect(requests / least).toBeGreaterThanOrEqual(1);
      expect(requests / least).toBeLessThan(1.35);
      expect(requests).toBeLessThan(halving);
      expect(requests).toBeLessThan(oneByOne);
    },
  );
});
