/** What a process that goes on says at its start of where images are kept. */
import { StorageError } from '../engine/core/errors.ts';
import { plural } from './amount-text.ts';
import type { Session } from './session.ts';

/** A bucket may come up later than the process, so that it goes on. */
export async function warnOfStorage({ engine, screen }: Session): Promise<void> {
  try {
    await engine.checkStorage(engine.home, 0);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    screen.warn(screen.colours.yellow(`No image can be kept yet. ${error.message}`));
  }
}

/** What one of them makes, the other one has not: a server would show no picture that such a worker has made. */
export async function warnOfOtherImages({ engine, screen }: Session): Promise<void> {
  const elsewhere = (await engine.service.workers.list()).filter(
    ({ standing, version, hasSameImages }) =>
      (standing === 'working' || standing === 'draining') &&
      version !== undefined &&
      !hasSameImages,
  );
  if (elsewhere.length === 0) return;
  const who = elsewhere.map(({ host, pid }) => `${pid} on ${host}`).join(', ');
  screen.warn(
    screen.colours.yellow(
      `Images are kept elsewhere by ${plural(elsewhere.length, 'other process', 'other processes')} on this store (${who}): what one makes, another cannot show. Give all of them the same IMAGEMILL_S3_BUCKET, _ENDPOINT and _PREFIX, or one home folder.`,
    ),
  );
}
