import { setImmediate } from 'node:timers/promises';

/** When everything that is ready now (answers of threads, sockets, files) has been taken up. */
export async function systemNextTurn(): Promise<void> {
  await setImmediate();
}
