import { describe, expect, test } from 'vitest';
import type { Limit } from '../core/limit.ts';
import { type Claim, Turns } from './turns.ts';

const WINDOW: Limit = {
  kind: 'window',
  name: 'images-per-minute',
  unit: 'images',
  max: 5,
  windowMs: 60_000,
  source: 'test',
  key: 'a/window',
  learnable: true,
};
const FULL = { limit: WINDOW.key, reason: 'full', until: 60_000 };

function claim(workspace: string, flow: string): Claim & { woken: number } {
  const made = {
    workspace,
    flow,
    lane: 'model by account',
    limits: [WINDOW],
    woken: 0,
    wake: () => {
      made.woken += 1;
    },
  };
  return made;
}

/** Lets the window give `units` back one by one, and says who got them. */
function share(turns: Turns, claims: readonly Claim[], units: number): string[] {
  return Array.from({ length: units }, () => {
    const first = claims.find((each) => turns.mayAsk(each, 48) > 0)!;
    turns.answered(first, { images: 1, unlearned: false });
    for (const each of claims) {
      if (turns.mayAsk(each, 48) > 0) {
        turns.answered(each, { images: 0, unlearned: false, obstacle: FULL });
      }
    }
    return first.flow;
  });
}

function waitAtWindow(turns: Turns, claims: readonly Claim[]): void {
  for (const each of claims) {
    if (turns.mayAsk(each, 48) === 0) continue;
    turns.answered(each, { images: 0, unlearned: false, obstacle: FULL });
  }
}

describe('turns', () => {
  test('a run alone may ask for all that is free', () => {
    const turns = new Turns({ mostInFlight: 10 });
    const only = claim('w', 'large');
    expect(turns.mayAsk(only, 48)).toBe(2);
    turns.answered(only, { images: 2, unlearned: false });
    turns.began(only);
    turns.began(only);
    expect(turns.mayAsk(only, 48)).toBe(8);
  });

  test('a run that comes later is served in turn with one that has had much', () => {
    const turns = new Turns();
    const large = claim('w', 'large');
    share(turns, [large], 50);
    const small = claim('w', 'small');
    waitAtWindow(turns, [large, small]);
    const served = share(turns, [large, small], 20);
    expect(served.filter((flow) => flow === 'small')).toHaveLength(10);
    expect(served.slice(0, 4).toSorted()).toEqual(['large', 'large', 'small', 'small']);
  });

  test('workspaces share alike, however many runs each has', () => {
    const turns = new Turns();
    const many = Array.from({ length: 9 }, (_, place) => claim('busy', `busy-${place}`));
    const one = claim('quiet', 'quiet');
    const all = [...many, one];
    waitAtWindow(turns, all);
    const served = share(turns, all, 40);
    expect(served.filter((flow) => flow === 'quiet')).toHaveLength(20);
    const counts = many.map(({ flow }) => served.filter((each) => each === flow).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test('a weight of three is three turns to one', () => {
    const turns = new Turns({ weights: { agency: 3 } });
    const all = [claim('agency', 'agency'), claim('studio', 'studio')];
    waitAtWindow(turns, all);
    const served = share(turns, all, 40);
    expect(served.filter((flow) => flow === 'agency').length).toBeGreaterThanOrEqual(29);
    expect(served.filter((flow) => flow === 'studio').length).toBeGreaterThanOrEqual(9);
  });

  test('a stream of single requests does not starve a run of the same workspace', () => {
    const turns = new Turns();
    const run = claim('w', 'run');
    const requests = Array.from({ length: 30 }, () => claim('w', 'requests'));
    waitAtWindow(turns, [run, ...requests]);
    const served: string[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const all = [run, ...requests];
      const first = all.find((each) => turns.mayAsk(each, 48) > 0)!;
      turns.answered(first, { images: 1, unlearned: false });
      if (first !== run) requests.splice(requests.indexOf(first as (typeof requests)[0]), 1);
      served.push(first.flow);
      waitAtWindow(turns, [run]);
    }
    expect(served.filter((flow) => flow === 'run')).toHaveLength(10);
  });

  test('of those who wait only the first is woken, and the next when it has been served', () => {
    const turns = new Turns();
    const all = [claim('a', 'a'), claim('b', 'b'), claim('c', 'c')];
    waitAtWindow(turns, all);
    const woken = () => all.map((each) => each.woken);
    const before = woken();
    const first = all.find((each) => turns.mayAsk(each, 48) > 0)!;
    turns.answered(first, { images: 1, unlearned: false });
    expect(woken().reduce((sum, each) => sum + each, 0)).toBe(
      before.reduce((sum, each) => sum + each, 0) + 1,
    );
  });

  test('whoever leaves makes way', () => {
    const turns = new Turns();
    const [one, other] = [claim('a', 'a'), claim('b', 'b')];
    waitAtWindow(turns, [one, other]);
    turns.leave(one);
    expect(turns.mayAsk(other, 48)).toBeGreaterThan(0);
    turns.leave(other);
    expect(turns.waiting()).toEqual({});
  });

  test('no more calls are in flight than the process may have, and an end calls the next', () => {
    const turns = new Turns({ mostInFlight: 1 });
    const [one, other] = [claim('a', 'a'), claim('b', 'b')];
    expect(turns.mayAsk(one, 48)).toBe(1);
    turns.answered(one, { images: 1, unlearned: false });
    turns.began(one);
    expect(turns.mayAsk(other, 48)).toBe(0);
    turns.ended(one);
    expect(other.woken).toBe(1);
    expect(turns.mayAsk(other, 48)).toBe(1);
  });

  test('all runs together approach a vendor that nobody knows with two, and double with each success', () => {
    const turns = new Turns();
    const all = Array.from({ length: 20 }, (_, place) => claim('w', `run-${place}`));
    const flying = () => {
      const begun = all.filter((each) => turns.mayAsk(each, 48) > 0);
      let count = 0;
      for (const each of begun) {
        if (turns.mayAsk(each, 48) === 0) continue;
        turns.answered(each, { images: 1, unlearned: true });
        turns.began(each);
        count += 1;
      }
      return count;
    };
    expect(flying()).toBe(2);
    turns.adjust(all[0]!, 'passed', 48);
    turns.ended(all[0]!);
    expect(turns.inFlight).toBe(1);
  });
});
