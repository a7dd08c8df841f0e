/** Ctrl-C: once finishes what is in flight, twice stops at once. */
import { EXIT_CODES } from '../engine/exit-code.ts';

const SHOW_CURSOR = '\u001B[?25h';

export interface Interrupts extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly drain: AbortSignal;
}

/** `onFirst` is told of the first signal; the second ends the process, whatever it is doing. */
export function catchInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write(`\n${SHOW_CURSOR}`);
      process.exit(EXIT_CODES.interrupted);
    }
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    drain: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
