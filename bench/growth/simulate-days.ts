/**
 * What becomes of an installation at so many images a day: queueing arithmetic over measured costs. Pure: figures in,
 * figures and their sums in words out. Nothing of it was run at these rates.
 */
import type { DayCosts } from './day-costs.ts';

/** What there is to work with. Each can be had more of, but for the last two: those are single rows. */
export interface Installation {
  /** Cores of all workers together, and of the database. */
  readonly workerCores: number;
  readonly databaseCores: number;
  /** Flushes of its journal that the database's disk does in a second; several commits share one. */
  readonly flushesPerSecond: number;
  readonly journalBytesPerSecond: number;
  readonly connections: number;
  readonly workers: number;
  readonly connectionsAWorker: number;
  readonly bucketPutsPerSecond: number;
  /** Runs that are made at a time. */
  readonly runsAtOnce: number;
  /** Vendor accounts over which images spread, and what each allows. */
  readonly accounts: number;
  readonly accountImagesPerMinute: number;
  readonly vendorSeconds: number;
  readonly callsAWorker: number;
  /** People who have the dashboard open, and how often it asks. */
  readonly viewers: number;
  readonly viewerSeconds: number;
  /** Busiest hour over the mean of the day. */
  readonly peak: number;
}

export interface PartLoad {
  readonly part: string;
  /** Share of what there is that is used in the busiest hour; above 1 it does not keep up. */
  readonly utilisation: number;
  /** How long an arrival waits over its own service, were it one queue (M/M/1); `Infinity` from 1 on. */
  readonly waitFactor: number;
  readonly sum: string;
}

export interface DayReport {
  readonly imagesPerDay: number;
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  /** The busiest first. */
  readonly parts: readonly PartLoad[];
  /** The first that is above 1; absent: everything keeps up. */
  readonly breaks?: string;
  /** Of one day. */
  readonly growth: {
    readonly rows: number;
    readonly databaseGigabytes: number;
    readonly indexGigabytes: number;
    readonly journalGigabytes: number;
    readonly bucketTerabytes: number;
  };
}

const DAY_SECONDS = 86_400;
const GIGABYTE = 1e9;
const AT_ONCE = 16;
/** What is granted in a window of a minute must be sent so soon (`windowMarginMs`), or it is given back. */
const MARGIN_MS = 600;

export function simulateDay(imagesPerDay: number, costs: DayCosts, given: Installation): DayReport {
  const meanPerSecond = imagesPerDay / DAY_SECONDS;
  const rate = meanPerSecond * given.peak;
  const parts = [
    ...workerParts(rate, costs, given),
    ...databaseParts(rate, costs, given),
    ...lockParts(rate, costs, given),
    ...outsideParts(rate, costs, given),
  ].toSorted((one, other) => other.utilisation - one.utilisation);
  const first = parts[0]!;
  return {
    imagesPerDay,
    meanPerSecond,
    peakPerSecond: rate,
    parts,
    ...(first.utilisation > 1 && { breaks: first.part }),
    growth: {
      rows: imagesPerDay * costs.rowsWritten,
      databaseGigabytes: (imagesPerDay * costs.databaseBytes) / GIGABYTE,
      indexGigabytes: (imagesPerDay * costs.indexBytes) / GIGABYTE,
      journalGigabytes: (imagesPerDay * costs.walBytes) / GIGABYTE,
      bucketTerabytes: (imagesPerDay * costs.pictureBytes) / 1e12,
    },
  };
}

function workerParts(rate: number, costs: DayCosts, given: Installation): PartLoad[] {
  const cpuMs = costs.workerCpuMs + costs.pictureCpuMs;
  const inFlight = rate * given.vendorSeconds;
  const calls = given.workers * given.callsAWorker;
  return [
    load(
      'worker CPU',
      (rate * cpuMs) / 1000 / given.workerCores,
      `${n(rate)} images/s × ${n(cpuMs)} ms ÷ ${n(given.workerCores)} cores`,
    ),
    load(
      'calls in flight',
      inFlight / calls,
      `${n(rate)} images/s × ${n(given.vendorSeconds)} s = ${n(inFlight)} of ${n(given.workers)} workers × ${n(given.callsAWorker)}`,
    ),
  ];
}

function databaseParts(rate: number, costs: DayCosts, given: Installation): PartLoad[] {
  const looks = given.viewers / given.viewerSeconds;
  const taken = given.workers * (given.connectionsAWorker + 1);
  return [
    load(
      'PostgreSQL CPU',
      (rate * costs.postgresCpuMs) / 1000 / given.databaseCores,
      `${n(rate)} images/s × ${n(costs.postgresCpuMs)} ms ÷ ${n(given.databaseCores)} cores`,
    ),
    load(
      'PostgreSQL journal flushes',
      (rate * costs.flushes) / given.flushesPerSecond,
      `${n(rate)} images/s × ${n(costs.flushes)} flushes (${n(costs.commits)} commits share them) ÷ ${n(given.flushesPerSecond)}/s`,
    ),
    load(
      'PostgreSQL journal bytes',
      (rate * costs.walBytes) / given.journalBytesPerSecond,
      `${n(rate)} images/s × ${n(costs.walBytes / 1000)} kB ÷ ${n(given.journalBytesPerSecond / 1e6)} MB/s`,
    ),
    load(
      'PostgreSQL connections',
      taken / given.connections,
      `${n(given.workers)} workers × (${n(given.connectionsAWorker)} + 1 that listens) ÷ ${n(given.connections)}`,
    ),
    load(
      'signals (NOTIFY) to all workers',
      // Each is written once, and handed to everybody: a tenth of a millisecond is taken for each hearing.
      (rate * costs.signals * given.workers * 0.1) / 1000 / given.databaseCores,
      `${n(rate)} images/s × ${n(costs.signals)} signals × ${n(given.workers)} workers × 0.1 ms (taken) ÷ ${n(given.databaseCores)} cores`,
    ),
    load(
      'API reads (dashboard)',
      (looks * costs.dashboardMs) / 1000 / given.databaseCores,
      `${n(given.viewers)} viewers ÷ ${n(given.viewerSeconds)} s × ${n(costs.dashboardMs)} ms ÷ ${n(given.databaseCores)} cores`,
    ),
  ];
}

/** Single rows that one transaction has at a time. */
function lockParts(rate: number, costs: DayCosts, given: Installation): PartLoad[] {
  const ofRun = rate / given.runsAtOnce;
  const ofAccount = rate / given.accounts;
  const window = ofAccount * 60;
  const admitMs = costs.admitSixteenMs + window * costs.admitMsAWindowImage;
  const ofLimit = ((ofAccount / AT_ONCE) * admitMs) / 1000;
  const wholeMs = ofLimit < 1 ? admitMs / (1 - ofLimit) : Infinity;
  return [
    load(
      "a run's row",
      (ofRun * costs.runLockMs) / 1000,
      `${n(rate)} images/s ÷ ${n(given.runsAtOnce)} runs at once × ${n(costs.runLockMs)} ms locked an image`,
    ),
    load(
      "an account's limit row",
      ofLimit,
      `${n(rate)} images/s ÷ ${n(given.accounts)} accounts ÷ ${AT_ONCE} × (${n(costs.admitSixteenMs)} ms + ${n(window)} in the window × ${n(costs.admitMsAWindowImage * 1000)} µs)`,
    ),
    load(
      'admission in time',
      wholeMs / MARGIN_MS,
      `${n(admitMs)} ms ÷ (1 − ${n(ofLimit)}) that the limit row is used ÷ ${n(MARGIN_MS)} ms in which a grant must be sent`,
    ),
  ];
}

function outsideParts(rate: number, costs: DayCosts, given: Installation): PartLoad[] {
  const allowed = (given.accounts * given.accountImagesPerMinute) / 60;
  const puts = rate * costs.bucketPuts;
  return [
    load(
      "the vendors' limits",
      rate / allowed,
      `${n(rate)} images/s ÷ (${n(given.accounts)} accounts × ${n(given.accountImagesPerMinute)} a minute ÷ 60)`,
    ),
    load(
      'bucket writes',
      puts / given.bucketPutsPerSecond,
      `${n(rate)} images/s × ${n(costs.bucketPuts)} PUT ÷ ${n(given.bucketPutsPerSecond)}/s`,
    ),
  ];
}

function load(part: string, utilisation: number, sum: string): PartLoad {
  const waitFactor = utilisation < 1 ? utilisation / (1 - utilisation) : Infinity;
  return { part, utilisation, waitFactor, sum: `${sum} = ${n(utilisation * 100)} %` };
}

/** Three digits that say something. */
function n(value: number): string {
  const digits = Math.abs(value) >= 100 ? Math.round(value) : value;
  return digits.toLocaleString('en-US', { maximumSignificantDigits: digits >= 100 ? 21 : 3 });
}
