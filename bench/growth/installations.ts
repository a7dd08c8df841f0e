/**
 * Installations that the simulation asks about. What is measured comes from the files; these are taken, and said so
 * in the document: change them for one of your own.
 */
import type { Installation } from './simulate-days.ts';

export interface NamedInstallation extends Installation {
  readonly name: string;
  readonly imagesPerDay: number;
}

const TAKEN = {
  // A good NVMe disk flushes some thousand times a second; commits that come together share a flush.
  flushesPerSecond: 5_000,
  journalBytesPerSecond: 500e6,
  // A picture of medium quality at a vendor of today.
  vendorSeconds: 20,
  // `MOST_IN_FLIGHT` of a lane of a run, and the pool of a process.
  callsAWorker: 128,
  connectionsAWorker: 6,
  viewerSeconds: 5,
  // The busiest hour over the mean of the day.
  peak: 3,
  // Amazon names 3,500 writes a second for each prefix that it parts a bucket by; images have 256.
  bucketPutsPerSecond: 3_500,
} as const;

/** One machine, a small cluster, a large one: each about right for its rate, but for what no machine mends. */
export const INSTALLATIONS: readonly NamedInstallation[] = [
  {
    ...TAKEN,
    name: 'one machine of 8 cores',
    imagesPerDay: 1e6,
    workerCores: 5,
    databaseCores: 2,
    workers: 6,
    connections: 100,
    runsAtOnce: 10,
    accounts: 2,
    accountImagesPerMinute: 2_000,
    viewers: 20,
  },
  {
    ...TAKEN,
    name: '10 machines of 8 cores and a database of 16',
    imagesPerDay: 1e7,
    workerCores: 80,
    databaseCores: 16,
    workers: 60,
    connections: 500,
    runsAtOnce: 50,
    accounts: 20,
    accountImagesPerMinute: 2_000,
    viewers: 200,
  },
  {
    ...TAKEN,
    name: '80 machines of 8 cores and a database of 64',
    imagesPerDay: 1e8,
    workerCores: 640,
    databaseCores: 64,
    workers: 600,
    connections: 5_000,
    runsAtOnce: 200,
    accounts: 200,
    accountImagesPerMinute: 2_000,
    viewers: 2_000,
  },
];
