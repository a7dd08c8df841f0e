/** Works on something that one process at a time may work on, or watches the process that does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES } from '../engine/exit-code.ts';
import { catchInterrupts } from './interrupts.ts';
import type { Screen } from './screen.ts';

const LOOK_EVERY_MS = 1_000;

export interface SharedWork<Report> {
  /** What it is called: `this run`; and what goes on when watching ends: `the run`. */
  readonly name: string;
  readonly whatGoesOn: string;
  /** How a person goes on after an interrupt. */
  readonly howToGoOn: string;
  readonly meter: {
    note(line: string): void;
    hint(text: string): void;
  };
  /** Works until it ends, or says who does. */
  work(
    drain: AbortSignal,
    onInFlight: (inFlight: number) => void,
  ): Promise<
    | { readonly kind: 'ended'; readonly report: Report }
    | { readonly kind: 'owned'; readonly owner: { readonly host: string; readonly pid: number } }
  >;
  /** Looks at it, and shows how it stands. */
  look(): Promise<{
    readonly report: Report;
    /** Nobody works on it any more, nor has to. */
    readonly isOver: boolean;
    /** Its owner lives. */
    readonly isOwned: boolean;
  }>;
}

/** Takes over when the process that is watched has died. Ctrl-C ends what is in flight, or the watching. */
export async function workOrWatch<Report extends { readonly exitCode: number }>(
  screen: Screen,
  shared: SharedWork<Report>,
): Promise<Report> {
  const { meter, name, whatGoesOn, howToGoOn } = shared;
  let inFlight = 0;
  using interrupts = catchInterrupts(() => {
    const words = `finishing ${inFlight} in flight; press again to stop at once; go on with${howToGoOn}`;
    meter.hint(words);
    if (!screen.isLive) screen.warn(words);
  });
  for (;;) {
    const result = await shared.work(interrupts.drain, (now) => {
      inFlight = now;
    });
    if (result.kind === 'ended') return result.report;
    const { pid, host } = result.owner;
    meter.note(`Process ${pid} on ${host} works on ${name} already; watching it.`);
    meter.hint(`Ctrl-C stops watching; ${whatGoesOn} goes on`);
    const watched = await watch(shared, interrupts.drain);
    if (watched !== undefined) return watched;
  }
}

/** `undefined`: the process that worked on it has died, or stopped. */
async function watch<Report extends { readonly exitCode: number }>(
  shared: SharedWork<Report>,
  drain: AbortSignal,
): Promise<Report | undefined> {
  for (;;) {
    const { report, isOver, isOwned } = await shared.look();
    if (drain.aborted) return { ...report, exitCode: EXIT_CODES.interrupted };
    if (isOver) return report;
    if (!isOwned) return undefined;
    await sleep(LOOK_EVERY_MS, undefined, { signal: drain }).catch(() => undefined);
  }
}
