import { UsageError } from '../engine/core/errors.ts';
import type { Engine } from '../engine/engine-types.ts';

/**
 * Waits until a server or worker is told to stop, or until a newer program takes its right to write; stops it, and
 * throws `UsageError` with the reason in the second case.
 */
export async function untilStopped(
  engine: Engine,
  drain: AbortSignal,
  stop: () => Promise<void>,
): Promise<void> {
  const reason = await engine.service.operations.untilTooOld(drain);
  await stop();
  if (reason !== undefined) throw new UsageError(reason);
}
