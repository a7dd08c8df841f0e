import { type FileHandle, open } from 'node:fs/promises';

/** A folder's flush that runs, and the one that follows it for those who came meanwhile. */
interface Flushes {
  readonly running: Promise<void>;
  next?: Promise<void>;
}

const flushes = new Map<string, Flushes>();

/**
 * Makes the names in a folder durable. A flush that has begun may have missed what was named since; one
 * that has not begun yet covers everybody who waits for it: so many files of a folder share a flush, and
 * each is covered by one that began after it had its name.
 */
export function flushFolder(folder: string): Promise<void> {
  const known = flushes.get(folder);
  if (known === undefined) return begin(folder);
  known.next ??= known.running.catch(() => undefined).then(() => begin(folder));
  return known.next;
}

function begin(folder: string): Promise<void> {
  const running = flush(folder).finally(() => {
    if (flushes.get(folder) === own) flushes.delete(folder);
  });
  const own: Flushes = { running };
  flushes.set(folder, own);
  return running;
}

async function flush(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    // Windows and some network file systems cannot flush a folder; a name there is durable by itself.
    const { code } = error as NodeJS.ErrnoException;
    // A parent that may be entered but not read cannot be flushed by us either.
    if (code === undefined || !CANNOT_FLUSH.has(code)) {
      throw error;
    }
  } finally {
    await handle?.close();
  }
}

const CANNOT_FLUSH = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF']);
