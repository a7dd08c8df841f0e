import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../core/model.ts';
import { laneLimits, workspaceLimit } from './lane-limits.ts';

const WORKSPACE = { id: 'local' };

/** A model as far as its limits depend on it. */
const MODEL = {
  id: 'a-model',
  vendor: 'a-vendor',
  limits: [
    {
      kind: 'window',
      name: 'images-per-minute',
      unit: 'images',
      max: undefined,
      windowMs: 60_000,
      source: 'vendor',
    },
    { kind: 'slots', name: 'active-tasks', unit: 'requests', max: 24, source: 'vendor' },
  ],
  tiers: { 'tier-1': { 'images-per-minute': 5 }, 'tier-5': { 'images-per-minute': 250 } },
} as unknown as Model;

describe('laneLimits()', () => {
  test('counts a model’s rules under the account, and the workspace’s own ceiling', () => {
    const limits = laneLimits(MODEL, { account: '3f9a' }, { id: 'local', imagesPerHour: 200 });
    expect(limits.map(({ key, max, learnable }) => [key, max, learnable])).toEqual([
      ['a-vendor:3f9a/a-model/images-per-minute', undefined, true],
      ['a-vendor:3f9a/a-model/active-tasks', 24, true],
      ['workspace:local/images-per-hour', 200, false],
    ]);
  });

  test('counts the account’s own rules over all its models; slots are nothing to be learned', () => {
    const window = { unit: 'requests', max: undefined, windowMs: 60_000, source: 'file' } as const;
    const rules = [
      { kind: 'slots', name: 'slots', unit: 'requests', max: 1, source: 'file' },
      { kind: 'window', name: 'requests-per-minute', ...window },
    ] as const;
    const shared = (id: string) =>
      laneLimits({ ...MODEL, id, limits: [] }, { account: '3f9a', rules }, WORKSPACE)
        .slice(0, 2)
        .map(({ key, learnable }) => [key, learnable]);
    expect(shared('a-model')).toEqual([
      ['a-vendor:3f9a/slots', false],
      ['a-vendor:3f9a/requests-per-minute', true],
    ]);
    expect(shared('another')).toEqual(shared('a-model'));
  });

  test('counts a workspace’s share beside the whole, and never gives it less than one', () => {
    const shares = laneLimits(MODEL, { account: '3f9a', tier: 'tier-1', share: 0.1 }, WORKSPACE)
      .filter(({ shareOf }) => shareOf !== undefined)
      .map(({ key, max, learnable }) => [key, max, learnable]);
    expect(shares).toEqual([
      ['a-vendor:3f9a/a-model/images-per-minute@local', 1, false],
      ['a-vendor:3f9a/a-model/active-tasks@local', 2, false],
    ]);
  });

  test('takes the figure that was given, then the tier’s, then the rule’s own', () => {
    const maxima = (facts: Parameters<typeof laneLimits>[1]) =>
      laneLimits(MODEL, facts, WORKSPACE).map(({ max }) => max);
    const account = '3f9a';
    expect(maxima({ account, tier: 'tier-1' })).toEqual([5, 24, undefined]);
    expect(maxima({ account, tier: 'no-such-tier' })).toEqual([undefined, 24, undefined]);
    expect(
      maxima({ account, tier: 'tier-1', figures: { 'images-per-minute': 9, 'active-tasks': 2 } }),
    ).toEqual([9, 2, undefined]);
  });

  test('gives every account and every limit a key of its own', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4,8}$/), { minLength: 2 });
    fc.assert(
      fc.property(names, (accounts) => {
        const keys = accounts.flatMap((account) =>
          laneLimits(MODEL, { account }, WORKSPACE)
            .slice(0, -1)
            .map((limit) => limit.key),
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('counts a workspace’s hour even while it has no ceiling', () => {
    expect(workspaceLimit(WORKSPACE)).toMatchObject({
      kind: 'window',
      unit: 'images',
      max: undefined,
      windowMs: 3_600_000,
      key: 'workspace:local/images-per-hour',
    });
  });
});
