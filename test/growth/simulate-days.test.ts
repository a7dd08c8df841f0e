import { expect, test } from 'vitest';
import type { DayCosts } from '../../bench/growth/day-costs.ts';
import { INSTALLATIONS } from '../../bench/growth/installations.ts';
import { type Installation, simulateDay } from '../../bench/growth/simulate-days.ts';

const COSTS: DayCosts = {
  workerCpuMs: 5,
  pictureCpuMs: 15,
  pictureBytes: 1_000_000,
  postgresCpuMs: 4,
  commits: 4,
  statements: 30,
  flushes: 2,
  walBytes: 10_000,
  rowsWritten: 11,
  databaseBytes: 5_000,
  indexBytes: 2_000,
  signals: 1,
  bucketPuts: 1,
  bucketGets: 0,
  runLockMs: 5,
  admitSixteenMs: 16,
  admitMsAWindowImage: 0.001,
  dashboardMs: 20,
};

/** Of everything so much that nothing is in the way. */
const PLENTY: Installation = {
  workerCores: 1e6,
  databaseCores: 1e6,
  flushesPerSecond: 1e9,
  journalBytesPerSecond: 1e12,
  connections: 1e6,
  workers: 10,
  connectionsAWorker: 6,
  bucketPutsPerSecond: 1e9,
  runsAtOnce: 1e6,
  accounts: 1e6,
  accountImagesPerMinute: 1e6,
  vendorSeconds: 20,
  callsAWorker: 1e6,
  viewers: 1,
  viewerSeconds: 5,
  peak: 1,
};

const DAY = 86_400;

function shareOf(part: string, imagesPerDay: number, change: Partial<Installation>): number {
  const { parts } = simulateDay(imagesPerDay, COSTS, { ...PLENTY, ...change });
  return parts.find((each) => each.part === part)!.utilisation;
}

test.each([
  // 100 images a second, 20 ms each, on 4 cores.
  ['worker CPU', { workerCores: 4 }, 0.5],
  ['calls in flight', { workers: 1, callsAWorker: 4_000 }, 0.5],
  ['PostgreSQL CPU', { databaseCores: 1 }, 0.4],
  ['PostgreSQL journal flushes', { flushesPerSecond: 400 }, 0.5],
  ['PostgreSQL journal bytes', { journalBytesPerSecond: 2e6 }, 0.5],
  ['PostgreSQL connections', { workers: 10, connections: 140 }, 0.5],
  ['bucket writes', { bucketPutsPerSecond: 200 }, 0.5],
  ["a run's row", { runsAtOnce: 1 }, 0.5],
  ["the vendors' limits", { accounts: 1, accountImagesPerMinute: 12_000 }, 0.5],
  // 6.25 admissions a second, each 16 ms and 6,000 images of the window.
  ["an account's limit row", { accounts: 1 }, 0.1375],
])('%s is used as its sum says', (part, change, share) => {
  expect(shareOf(part, 100 * DAY, change)).toBeCloseTo(share, 6);
});

test('the busiest part comes first, and breaks above 1 only', () => {
  const calm = simulateDay(100 * DAY, COSTS, { ...PLENTY, workerCores: 4 });
  expect(calm.parts[0]!.part).toBe('worker CPU');
  expect(calm.breaks).toBeUndefined();
  const busy = simulateDay(300 * DAY, COSTS, { ...PLENTY, workerCores: 4 });
  expect(busy.breaks).toBe('worker CPU');
  expect(busy.parts[0]!.waitFactor).toBe(Infinity);
});

test("an account's limit row costs more than linear, since its window is longer too", () => {
  const [once, twice] = [100, 200].map((rate) =>
    shareOf("an account's limit row", rate * DAY, { accounts: 1 }),
  );
  expect(twice! / once!).toBeGreaterThan(2);
});

test('the busiest hour is a multiple of the mean, and a day grows by the mean', () => {
  const { meanPerSecond, peakPerSecond, growth } = simulateDay(DAY, COSTS, { ...PLENTY, peak: 3 });
  expect([meanPerSecond, peakPerSecond]).toEqual([1, 3]);
  expect(growth.rows).toBe(11 * DAY);
  expect(growth.bucketTerabytes).toBeCloseTo(0.0864);
});

test('every sum ends with the share that it makes', () => {
  for (const installation of INSTALLATIONS) {
    const { parts } = simulateDay(installation.imagesPerDay, COSTS, installation);
    for (const { sum } of parts) expect(sum).toMatch(/= [\d,.]+ %$/);
  }
});
