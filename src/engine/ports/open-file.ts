/** Opening what somebody else has put at a path. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * A pipe without a writer would keep whoever opens it waiting for ever, and the process with it: no
 * signal ends that wait. Opened so it is empty. Windows has no such pipes.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens for reading and never waits, whatever stands there; `stat()` of the handle tells what it is. */
export async function openToRead(path: string): Promise<FileHandle> {
  return await open(path, OPEN_FLAGS);
}
