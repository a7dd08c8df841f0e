/** Every contender for real, in little. Only what is accounted is looked at, never how long it took. */
import { describe, expect, test } from 'vitest';
import { CONTENDERS } from '../../bench/yardstick/contenders.ts';
import type { Life } from '../../bench/yardstick/live-scenario.ts';
import { runAll } from '../../bench/yardstick/run-all.ts';
import type { ScenarioName } from '../../bench/yardstick/scenarios.ts';
import { hasRedis } from '../../bench/yardstick/services/redis.ts';

const TIMEOUT_MS = 240_000;

async function live(scenario: ScenarioName, wanted: readonly string[]): Promise<readonly Life[]> {
  const say = () => {};
  const order = { wanted, scenarios: [scenario], seed: 3, isQuick: true, say };
  return (await runAll(order)).lives;
}

const clean = { isStopped: false, paidTwice: 0, lost: 0, held: 0, unaccounted: 0, tooMany: 0 };

describe('a vendor without limits and faults', () => {
  const withoutRedis = CONTENDERS.filter(({ needs }) => needs !== 'redis').map(({ name }) => name);

  test(
    'gets one request a row from everybody, and everybody keeps every picture',
    async () => {
      const lives = await live('throughput', withoutRedis);
      expect(lives.map(({ contender }) => contender)).toContain('pg-boss');
      for (const life of lives) {
        expect(life, life.contender).toMatchObject({ ...clean, rows: 24, files: 24, paid: 24 });
      }
    },
    TIMEOUT_MS,
  );

  test.skipIf(!hasRedis())(
    'gets the same from BullMQ, where redis-server is installed',
    async () => {
      const [life] = await live('throughput', ['bullmq']);
      expect(life).toMatchObject({ ...clean, rows: 24, files: 24, paid: 24 });
    },
    TIMEOUT_MS,
  );
});

test(
  'pictures as heavy as photographs come whole as well',
  async () => {
    const lives = await live('pictures', [
      'imagemill',
      'pg-boss',
      'openai-p-queue',
      'decode-and-write',
    ]);
    // Not everybody is asked.
    const names = lives.map(({ contender }) => contender);
    expect(names).toEqual(['imagemill', 'pg-boss', 'decode-and-write']);
    for (const life of lives) {
      expect(life, life.contender).toMatchObject({ ...clean, rows: 12, files: 12, paid: 12 });
    }
  },
  TIMEOUT_MS,
);

test(
  'Imagemill loses nothing, pays nothing twice and tells of every row after a kill',
  async () => {
    const [life] = await live('kill', ['imagemill']);
    expect(life).toMatchObject({
      isStopped: false,
      paidTwice: 0,
      lost: 0,
      unaccounted: 0,
      rows: 24,
    });
    expect(life!.files + life!.held).toBe(24);
    expect(life!.mostInWindow).toBeLessThanOrEqual(8);
  },
  TIMEOUT_MS,
);

test(
  'Imagemill pays nothing twice and tells of every row amid faults and refusals',
  async () => {
    const [life] = await live('faults', ['imagemill']);
    expect(life).toMatchObject({
      isStopped: false,
      paidTwice: 0,
      lost: 0,
      unaccounted: 0,
      rows: 30,
    });
  },
  TIMEOUT_MS,
);

test(
  'Imagemill never spends more than it may',
  async () => {
    const [life] = await live('cap', ['imagemill']);
    expect(life).toMatchObject({ isStopped: false, overCapUsd: 0, lost: 0 });
    expect(life!.paid).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
