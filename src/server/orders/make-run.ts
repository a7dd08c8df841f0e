/** From a request to a run that is being worked on, or to a plan. */
import { recipeOf } from '../../engine/core/finishing.ts';
import type { PlanReport, RunOrder } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { explainInput } from '../problems/explain-input.ts';
import { madeBefore, runIdOf } from '../idempotency/made-before.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { letUploadsGo } from '../uploads/given-uploads.ts';
import { readOrder, type SentOrder } from './read-order.ts';
import { folderAt, keepSheet, removeFolder, type RunFolder, runFolder } from './run-folder.ts';
import { awaitRun } from './await-run.ts';
import { join } from 'node:path';

type RunSource = NonNullable<RunOrder['source']>;
type SentBody = Parameters<typeof readOrder>[3];

/** Makes the run of a request, once however often it is sent. Nothing is left of one that cannot be made. */
export function makeRun(c: AppContext, deps: ServerDeps, body: SentBody): Promise<string> {
  return makeOrderedRun(c, deps, (folder) => readOrder(c, deps, folder, body));
}

/** `read` puts what is made into the folder, and clears it away when it throws. */
export async function makeOrderedRun(
  c: AppContext,
  deps: ServerDeps,
  read: (folder: RunFolder) => Promise<SentOrder>,
  source?: RunSource,
): Promise<string> {
  const { engine } = deps;
  const id = runIdOf(c);
  const folder = runFolder(engine.home, id);
  if ((await madeBefore(c, deps, folder.path)) !== undefined) return id;
  const sent = await read(folder);
  try {
    const planned = await planOf(c, deps, folder, sent);
    await keepSheet(engine.homeFiles, sent.placed);
    await prepare(c, deps, { id, folder, sent, planned, ...(source && { source }) });
  } catch (error) {
    await engine.homeFiles.remove(folder.path);
    throw explainInput(error, folder, sent.placed);
  }
  await letUploadsGo(c, deps, sent.uploads ?? [], id);
  // The run has all that it needs of it.
  await engine.homeFiles.letGo(folder.sheet);
  engine.keeper.wake(id);
  // Whether it waits for somebody is known at once, and told in the answer.
  if (!sent.approve) await awaitRun(deps, id, ({ state }) => state !== 'planned');
  return id;
}

/** Plans what a request has, and keeps nothing of it. */
export function makePlan(c: AppContext, deps: ServerDeps, body: SentBody): Promise<PlanReport> {
  return makeOrderedPlan(c, deps, (folder) => readOrder(c, deps, folder, body));
}

/** `of`: tells several plans of one request apart. */
export async function makeOrderedPlan(
  c: AppContext,
  deps: ServerDeps,
  read: (folder: RunFolder) => Promise<SentOrder>,
  of = '',
): Promise<PlanReport> {
  const { engine } = deps;
  const folder = folderAt(join(engine.home, 'plans', `${c.var.resource}${of}`));
  const sent = await read(folder);
  try {
    const report = await engine.inWorkspace(c.var.caller.workspace).plan(sent.order);
    return { ...report, sheet: sent.placed.name };
  } catch (error) {
    throw explainInput(error, folder, sent.placed);
  } finally {
    await removeFolder(folder);
  }
}

interface Preparing {
  readonly id: string;
  readonly folder: RunFolder;
  readonly sent: SentOrder;
  readonly planned: PlanReport;
  readonly source?: RunSource;
}

async function planOf(
  c: AppContext,
  { engine }: ServerDeps,
  folder: RunFolder,
  { order, planHash }: SentOrder,
): Promise<PlanReport> {
  const planned = await engine.inWorkspace(c.var.caller.workspace).plan(order);
  const { hash, items } = planned.plan;
  if (planHash !== undefined && planHash !== hash) {
    throw new ProblemError(
      'conflict',
      `The plan is another now: its hash is ${hash}. Look at what it costs (POST /v1/plans), and send that hash.`,
    );
  }
  const troubles = await engine.checkStorage(folder.out, 0, recipeOf(order.settings));
  if (troubles.length === 0 || items === 0) return planned;
  throw new ProblemError('unavailable', 'The disk of the service has no room for images now.');
}

async function prepare(
  c: AppContext,
  { engine }: ServerDeps,
  { id, folder, sent, planned, source }: Preparing,
): Promise<void> {
  const { workspace, key } = c.var.caller;
  await engine.inWorkspace(workspace).prepare({
    ...sent.order,
    id,
    planned,
    title: sent.title,
    out: folder.out,
    fresh: !c.var.isRepeat,
    keyId: key.id,
    origin: 'api',
    ...(source && { source }),
  });
}
