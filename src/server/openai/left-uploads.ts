/** Uploads that a process had not done with when it died: forms, references, and sheets that were to be planned. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** No upload takes so long: what is older belongs to nobody. */
const OLD_MS = 24 * 3_600_000;

/** Where forms are received before anybody knows what is in them. */
export function incomingFolder(home: string): string {
  return join(home, 'incoming');
}

/** `now`: milliseconds since 1970. What cannot be looked at is left for the next time. */
export async function removeLeftUploads(home: string, now: number): Promise<void> {
  for (const folder of [incomingFolder(home), join(home, 'arriving'), join(home, 'plans')]) {
    await removeOld(folder, now);
  }
}

async function removeOld(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined || now - facts.mtimeMs < OLD_MS) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
