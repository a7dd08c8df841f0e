import { onTestFinished } from 'vitest';
import { smallDisk as mountSmallDisk, type SmallDisk } from '../cluster/small-disk.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type { SmallDisk };

/** A disk of its own until the test is over; `undefined` where this user may not mount anything. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  const disk = mountSmallDisk(await temporaryFolder());
  if (disk !== undefined) onTestFinished(() => disk[Symbol.dispose]());
  return disk;
}
