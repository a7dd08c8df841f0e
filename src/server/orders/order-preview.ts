/** From a call for a preview to what is tried: the same words as a job's, with one picture. */
import { readFile } from 'node:fs/promises';
import type { PreviewOrder } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import type { ReceivedForm } from '../files/receive-form.ts';
import { explainJob } from '../problems/explain-job.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { taskOf } from './job-task.ts';
import { jobOf, oneSource, readJob } from './make-job.ts';
import { ownItem } from './own-run.ts';

export async function orderPreview(
  c: AppContext,
  deps: ServerDeps,
  form?: ReceivedForm,
): Promise<PreviewOrder> {
  const root = form === undefined ? 'body' : 'body.job';
  const job = form === undefined ? readJob(await c.req.json(), 'body') : jobOf(form);
  if ((form === undefined) === (job.run === undefined)) throw oneSource(job.run);
  if (job.kind === 'check') {
    throw invalid(`${root}.kind`, 'A check makes no file', 'Start it as a job.');
  }
  const picture =
    form === undefined
      ? await itemOf(c, deps, job.run!, job.items ?? [])
      : await uploadOf(form.files);
  try {
    return { task: taskOf(job), picture };
  } catch (error) {
    throw explainJob(error, root, '');
  }
}

async function itemOf(
  c: AppContext,
  deps: ServerDeps,
  runId: string,
  [itemId, ...more]: readonly string[],
): Promise<PreviewOrder['picture']> {
  if (itemId === undefined || more.length > 0) {
    throw invalid('body.items', 'It is tried on one picture', 'Name a single item.');
  }
  const { run, item } = await ownItem(c, deps, { run: runId, item: itemId });
  return { runId: run.id, itemId: item.itemId };
}

async function uploadOf([file]: ReceivedForm['files']): Promise<PreviewOrder['picture']> {
  // `jobOf` has refused a form without one.
  const { name, path } = file!;
  return { name: name.split(/[/\\]/).at(-1) || 'picture', bytes: await readFile(path) };
}

function invalid(field: string, message: string, remedy: string): ProblemError {
  return new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [{ field, message, remedy }],
  });
}
