import { describe, expect, test } from 'vitest';
import { ApiError, type Client, type Run } from '../api/client/index.ts';
import { DollarBound } from './dollar-bound.ts';

const NONE = { delivered: 0, refused: 0, failed: 0, unknown: 0, waiting: 0, sent: 0, cancelled: 0 };

/** A client that knows runs by their ids. */
function boundOf(maxUsd: number, runs: Readonly<Record<string, object>>): DollarBound {
  const get = (run: string) => Promise.resolve(runs[run] as Run);
  return new DollarBound(maxUsd, { runs: { get } } as unknown as Client);
}

const usd = (actual: number, held = 0) => ({ actual, held, written_off: 0, estimated: actual });

describe('DollarBound', () => {
  test('a run keeps its part until it has ended, then gives back what it did not need', async () => {
    const runs: Record<string, object> = { r1: { state: 'running', usd: usd(0.1), items: NONE } };
    const bound = boundOf(1, runs);
    await bound.reserving(0.6, async () => ({ run: 'r1' }));
    expect(await bound.left()).toBe(0.4);
    runs['r1'] = { state: 'done', usd: usd(0.25), items: { ...NONE, delivered: 5 } };
    expect(await bound.left()).toBe(0.75);
  });

  test('what is unknown may have been paid for, and keeps its part', async () => {
    const bound = boundOf(1, {
      r1: { state: 'done', usd: usd(0.1, 0.1), items: { ...NONE, unknown: 1 } },
    });
    await bound.reserving(0.6, async () => ({ run: 'r1' }));
    expect(await bound.left()).toBe(0.4);
  });

  test('a run that was refused takes nothing; one of which nobody knows keeps its part', async () => {
    const bound = boundOf(1, {});
    const fail = (status: number) => () =>
      Promise.reject(new ApiError('no', { code: 'invalid', status }));
    await expect(bound.reserving(0.6, fail(422))).rejects.toThrow('no');
    expect(await bound.left()).toBe(1);
    await expect(bound.reserving(0.6, fail(0))).rejects.toThrow('no');
    expect(await bound.left()).toBe(0.4);
  });

  test('reservations are made one after the other', async () => {
    const bound = boundOf(1, {
      r1: { state: 'running', usd: usd(0), items: NONE },
      r2: { state: 'running', usd: usd(0), items: NONE },
    });
    const reserve = (run: string) =>
      bound.inTurn(async () => {
        const left = await bound.left();
        await bound.reserving(Math.min(0.7, left), async () => ({ run }));
        return left;
      });
    expect(await Promise.all([reserve('r1'), reserve('r2')])).toEqual([1, 0.3]);
    expect(await bound.left()).toBe(0);
  });
});
