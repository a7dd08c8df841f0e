/** Makes the run of a call: a sheet of one row, planned, checked against the credits, and taken up. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromMicros } from '../../engine/core/credits.ts';
import type { Engine, RunOrder, StoredRun } from '../../engine/engine-types.ts';
import type { Caller } from '../app-env.ts';
import type { Call } from './attach-call.ts';
import { insufficientQuota } from './call-error.ts';
import type { ImageOrder } from './image-order.ts';
import { OpenaiError } from './openai-error.ts';
import { rowOf, settingsOf } from './run-settings.ts';

export function runFolder(engine: Engine, runId: string): string {
  return join(engine.home, 'runs', runId);
}

/** The call's run where an earlier one has made it whole; what is left of one that was cut off is cleared away. */
export async function runMadeBefore(engine: Engine, call: Call): Promise<StoredRun | undefined> {
  if (!call.isRepeat) return undefined;
  const run = await engine.run(call.runId);
  if (run?.plan !== undefined && !run.reading) return run;
  await rm(runFolder(engine, call.runId), { recursive: true, force: true });
  return undefined;
}

/** Leaves nothing on the disk of a run that could not be made. */
export async function clearUnmade(engine: Engine, runId: string): Promise<void> {
  const run = await engine.run(runId);
  if (run?.plan === undefined || run.reading) {
    await rm(runFolder(engine, runId), { recursive: true, force: true });
  }
}

export interface NewCallRun {
  readonly call: Call;
  readonly caller: Caller;
  readonly order: ImageOrder;
  /** As the sheet names them. */
  readonly references: readonly string[];
}

/** Answers what planning had to say. Throws `OpenaiError` when the credits do not reach: nothing is made then. */
export async function makeRun(
  engine: Engine,
  { call, caller, order, references }: NewCallRun,
): Promise<readonly string[]> {
  const folder = runFolder(engine, call.runId);
  const within = join(folder, 'sheet');
  await mkdir(within, { recursive: true });
  const sheet = join(within, 'rows.json');
  await writeFile(sheet, JSON.stringify([rowOf(order, references)]));
  const own = engine.inWorkspace(caller.workspace);
  const run: RunOrder = {
    id: call.runId,
    sheet,
    within,
    title: `images/${order.endpoint}`,
    out: join(folder, 'out'),
    fresh: true,
    settings: settingsOf(order.model),
    keyId: caller.key.id,
    origin: 'request',
  };
  const { warnings } = await own.prepareAtOnce(run, ({ expected }) =>
    checkCredits(engine, caller, expected.creditMicros),
  );
  await call.made();
  await engine.homeFiles.letGo(within);
  engine.keeper.wake(call.runId);
  return warnings;
}

/**
 * Admission decides; this says no before there is a run that could never be paid. What is held may come
 * back: then the run waits for it.
 */
export async function checkCredits(
  engine: Engine,
  { workspace, key }: { readonly workspace: string; readonly key?: Caller['key'] },
  neededMicros: number,
): Promise<void> {
  const found = await engine.service.workspaces.find(workspace);
  const balance =
    found?.availableCreditMicros === undefined
      ? undefined
      : found.availableCreditMicros + found.heldCreditMicros;
  const budget =
    key?.budgetCreditMicros === undefined
      ? undefined
      : key.budgetCreditMicros - key.postedCreditMicros;
  for (const [whose, left] of [
    ['the workspace', balance],
    ['this key', budget],
  ] as const) {
    if (left === undefined || neededMicros <= left) continue;
    const words = ` This takes ${fromMicros(neededMicros)} credits, and ${whose} has ${fromMicros(Math.max(0, left))} left.`;
    throw new OpenaiError(insufficientQuota(words));
  }
}
