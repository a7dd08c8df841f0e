/** From a call for a job to the job: of a run of the workspace, or of pictures that come with the call. */
import type { NewJob } from '../../api/job-recipe.ts';
import { newJobSchema } from '../../api/schemas/job.ts';
import type { ReviewFilter } from '../../engine/core/review.ts';
import type { ItemCursor, OrderedJob } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { checkShape } from '../problems/check-request.ts';
import { explainJob } from '../problems/explain-job.ts';
import { given } from './given.ts';
import { taskOf } from './job-task.ts';
import { ownRun } from './own-run.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { isForm, type ReceivedForm } from '../files/receive-form.ts';
import { placedPictures, receivePictures } from '../files/receive-pictures.ts';
import { sizeOf } from '../routes/models.ts';
import { letUploadsGo, placeUploads } from '../uploads/given-uploads.ts';
import { schemaProblems } from '../problems/schema-problems.ts';

const MOST_PICTURES = 1_000;
/** Jobs of a workspace that may wait or be worked on. */
const MOST_OPEN = 100;

export async function makeJob(c: AppContext, deps: ServerDeps): Promise<OrderedJob> {
  const { jobs } = deps.engine.service;
  const id = `j${c.var.resource}`;
  const made = await jobs.find(c.var.caller.workspace, id);
  if (made !== undefined) return made;
  await requireRoom(c, deps);
  if (!isForm(c.req.raw)) {
    const job = readJob(await c.req.json(), 'body');
    return job.uploads === undefined ? order(c, deps, id, job) : orderUploads(c, deps, id, job);
  }
  // An earlier sending of the same call may have left something.
  const folder = jobs.folder(id);
  await deps.engine.homeFiles.remove(folder);
  const form = await receivePictures(c.req.raw, folder, {
    mostBytes: deps.settings.mostUploadBytes,
    mostFiles: MOST_PICTURES,
  });
  try {
    return await order(c, deps, id, jobOf(form));
  } catch (error) {
    await deps.engine.homeFiles.remove(folder);
    throw error;
  }
}

async function orderUploads(
  c: AppContext,
  deps: ServerDeps,
  id: string,
  job: NewJob,
): Promise<OrderedJob> {
  const folder = deps.engine.service.jobs.folder(id);
  await deps.engine.homeFiles.remove(folder);
  const { uploads } = await placedPictures(folder, (arriving) =>
    placeUploads(c, deps, arriving, { uploads: job.uploads }),
  );
  try {
    const made = await order(c, deps, id, job);
    await letUploadsGo(c, deps, uploads, id);
    return made;
  } catch (error) {
    await deps.engine.homeFiles.remove(folder);
    throw error;
  }
}

async function order(
  c: AppContext,
  deps: ServerDeps,
  id: string,
  job: NewJob,
): Promise<OrderedJob> {
  const { workspace, key } = c.var.caller;
  const { run, kind, items: named, uploads, ...words } = job;
  const sources = [isForm(c.req.raw), run !== undefined, uploads !== undefined];
  if (sources.filter(Boolean).length !== 1) throw oneSource(run ?? uploads?.[0]);
  const runId = run === undefined ? undefined : (await ownRun(c, deps, run)).id;
  const items = await chosenItems(deps, runId, { named, review: job.review });
  const size =
    job.kind === 'check' && job.size !== undefined ? sizeOf(job.size, 'body.size') : undefined;
  const nameTemplate = 'name' in job ? job.name : undefined;
  const { jobs } = deps.engine.service;
  try {
    return await jobs.order({
      id,
      workspace,
      keyId: key.id,
      kind,
      task: taskOf(job),
      request: given({ kind, run, ...words }),
      ...given({ runId, items, size, nameTemplate }),
    });
  } catch (error) {
    throw explainJob(error, isForm(c.req.raw) ? 'body.job' : 'body', jobs.folder(id));
  }
}

export function jobOf({ fields, files }: ReceivedForm): NewJob {
  const [text, ...more] = fields.get('job') ?? [];
  if (text === undefined || more.length > 0) {
    throw invalid(
      'body.job',
      'The form has no single field job',
      'Send what to do in it, as JSON.',
    );
  }
  if (files.length === 0) {
    throw invalid('body.pictures', 'The form has no file', 'Send the pictures as files of it.');
  }
  checkShape(text, 'body.job');
  try {
    return readJob(JSON.parse(text), 'body.job');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid('body.job', 'It is no JSON', 'Send it like {"kind":"upscale","factor":2}.');
  }
}

export function readJob(data: unknown, field: string): NewJob {
  const read = newJobSchema.safeParse(data);
  if (read.success) return read.data;
  const problems = schemaProblems('json', read.error, data).map((problem) => ({
    ...problem,
    field: (problem.field ?? 'body').replace(/^body/, field),
  }));
  throw new ProblemError('invalid', 'Something in the request is wrong.', { problems });
}

export function oneSource(run: string | undefined): ProblemError {
  return run === undefined
    ? invalid(
        'body.run',
        'It is not said which pictures',
        'Name a run or uploads, or send the pictures in a form with the field job.',
      )
    : invalid(
        'body.job.run',
        'A run and uploaded pictures are two jobs',
        'Send one of them, and the other in a call of its own.',
      );
}

/** Reviewed images that one job takes: far more than anybody keeps by hand. */
const MOST_REVIEWED = 100_000;
/** Items that are read in one go. */
const PAGE = 500;

interface Choice {
  readonly named: readonly string[] | undefined;
  readonly review: ReviewFilter | undefined;
}

/** `undefined`: all of the run, or the pictures of the form. */
async function chosenItems(
  { engine }: ServerDeps,
  runId: string | undefined,
  { named, review }: Choice,
): Promise<readonly string[] | undefined> {
  if (named === undefined && review === undefined) return undefined;
  if (runId === undefined) {
    const field = named === undefined ? 'body.job.review' : 'body.job.items';
    throw invalid(field, 'Uploaded pictures are no items of a run', 'Leave it out.');
  }
  if (review === undefined) return named;
  if (named !== undefined) {
    throw invalid('body.review', 'It cannot stand beside items', 'Send one of them.');
  }
  const items: string[] = [];
  for (let after: ItemCursor | undefined; ;) {
    const query = { limit: PAGE, states: ['delivered'] as const, review, ...given({ after }) };
    const page = await engine.service.runs.items(runId, query);
    items.push(...page.items.map(({ itemId }) => itemId));
    if (items.length > MOST_REVIEWED) {
      const message = `More than ${MOST_REVIEWED} images are ${review}`;
      throw invalid('body.review', message, 'Leave it out, and work on the whole run.');
    }
    after = page.next;
    if (after === undefined) return items;
  }
}

async function requireRoom(c: AppContext, { engine }: ServerDeps): Promise<void> {
  if ((await engine.service.jobs.countOpen(c.var.caller.workspace)) < MOST_OPEN) return;
  throw new ProblemError(
    'conflict',
    `${MOST_OPEN} jobs of this workspace are waiting already. Wait for some of them, or cancel them.`,
  );
}

function invalid(field: string, message: string, remedy: string): ProblemError {
  return new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [{ field, message, remedy }],
  });
}
