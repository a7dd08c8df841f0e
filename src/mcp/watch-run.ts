/** How a run stands, in few words, and waiting for it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Run } from '../api/client/index.ts';
import type { ToolExtra } from './tool-extra.ts';

/** Assistants end a call that takes much longer by themselves. */
export const LONGEST_WAIT_SECONDS = 300;
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 2_000;

export function runFacts(run: Run) {
  const { state, reason_text, items, credits, usd, waits, title } = run;
  const isMoving = moves(run);
  return {
    run: run.run,
    title,
    state,
    reason: reason_text,
    has_ended: !isMoving,
    images: items,
    credits,
    usd: { actual: usd.actual, held: usd.held, estimated: usd.estimated },
    waits: waits.map(({ lane, reason, until }) => ({ lane, reason, until })),
    next: nextStep(run, isMoving),
  };
}

function nextStep({ items, state, reason_text: reason }: Run, isMoving: boolean): string {
  if (isMoving) return 'Ask again with run_status; wait_seconds makes it wait.';
  if (state === 'awaiting_approval') return 'A person has to approve it: imagemill approve.';
  if (items.waiting > 0) {
    return `${items.waiting} are not made (${reason ?? state}): tell the user; resume_run goes on once that has changed.`;
  }
  if (items.delivered > 0) return 'list_items names its images; get_image shows one.';
  return 'list_items tells what became of each image.';
}

/** Something still happens by itself. */
function moves({ state, reason }: Run): boolean {
  return (
    state === 'planned' || state === 'running' || (state === 'stopped' && reason === 'interrupted')
  );
}

/** The run when it has ended, or after so many seconds. Progress is told to whoever asked for it. */
export async function watchRun(
  client: Client,
  runId: string,
  seconds: number,
  extra: ToolExtra,
): Promise<Run> {
  const { signal } = extra;
  const timeout = AbortSignal.timeout(Math.max(1, seconds * 1000));
  let lookMs = FIRST_LOOK_MS;
  for (;;) {
    const run = await client.runs.get(runId, { signal });
    if (!moves(run) || seconds === 0 || timeout.aborted) return run;
    await tellProgress(run, extra);
    await delay(lookMs, undefined, { signal: AbortSignal.any([timeout, signal]) }).catch(() => {
      signal.throwIfAborted();
    });
    lookMs = Math.min(LAST_LOOK_MS, lookMs * 2);
  }
}

function progressText(ended: number, total: number, delivered: number): string {
  const others = ended - delivered;
  return `${delivered} of ${total} images${others === 0 ? '' : `, ${others} not delivered`}`;
}

async function tellProgress({ items }: Run, { _meta, sendNotification }: ToolExtra): Promise<void> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return;
  const total = Object.values(items).reduce((sum, count) => sum + count, 0);
  const progress = total - items.waiting - items.sent;
  await sendNotification({
    method: 'notifications/progress',
    params: {
      progressToken,
      progress,
      total,
      message: progressText(progress, total, items.delivered),
    },
  });
}
