/** From a call for a batch to the run that makes it. */
import { toUse } from '../../api/json/catalog-json.ts';
import type { newBatchSchema } from '../../api/schemas/batch.ts';
import type { z } from '../../api/zod.ts';
import type { Catalog } from '../../engine/core/catalog.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Model } from '../../engine/core/model.ts';
import { parseRecipe, type Recipe } from '../../engine/core/recipe.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../engine/core/settings.ts';
import type { PreparedRun } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { explainInput } from '../problems/explain-input.ts';
import { madeBefore, runIdOf } from '../idempotency/made-before.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { knownModels, namedModel, sizeOf } from '../routes/models.ts';
import { keepSheet, placeRows, type RunFolder, runFolder } from './run-folder.ts';

type NewBatch = z.output<typeof newBatchSchema>;

export interface MadeBatch {
  readonly runId: string;
  /** When it will be done, by the limits as they stand now; milliseconds since 1970. */
  readonly doneAt?: number;
}

/** Throws a problem for what cannot be made; nothing is left of it. */
export async function makeBatch(
  c: AppContext,
  deps: ServerDeps,
  order: NewBatch,
): Promise<MadeBatch> {
  const { engine } = deps;
  const model = namedModel(engine, order.model);
  requireOneBatch(engine.catalog, model, order.prompts.length);
  requireUsable(deps, model);
  const settings = settingsOf(model, order);
  const id = runIdOf(c);
  const folder = runFolder(engine.home, id);
  if ((await madeBefore(c, deps, folder.path)) !== undefined) return { runId: id };
  const placed = await placeRows(
    folder,
    order.prompts.map((prompt) => ({ prompt })),
  );
  await keepSheet(engine.homeFiles, placed);
  const title = order.title ?? placed.name;
  const { report } = await prepare(c, deps, {
    id,
    folder,
    title,
    settings,
    sheet: placed.sheet,
  }).catch(async (error: unknown) => {
    await engine.homeFiles.remove(folder.path);
    throw asPrompts(explainInput(error, folder, placed));
  });
  engine.keeper.wake(id);
  const { finishMs } = report.forecast;
  return { runId: id, ...(finishMs !== undefined && { doneAt: deps.now() + finishMs }) };
}

interface Preparing {
  readonly id: string;
  readonly folder: RunFolder;
  readonly title: string;
  readonly sheet: string;
  readonly settings: RunSettings;
}

function prepare(
  c: AppContext,
  { engine }: ServerDeps,
  { id, folder, title, sheet, settings }: Preparing,
): Promise<PreparedRun> {
  const { workspace, key } = c.var.caller;
  return engine.inWorkspace(workspace).prepare({
    id,
    sheet,
    within: folder.sheet,
    title,
    out: folder.out,
    fresh: !c.var.isRepeat,
    settings,
    keyId: key.id,
    origin: 'batch',
  });
}

/** Rows of the sheet are prompts of this call. */
function asPrompts(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const problems = error.problems.map((each) => ({
    ...each,
    ...(each.field !== undefined && {
      field: each.field.replace(/^body\.rows\[(\d+)\](?:\.prompt)?/, 'body.prompts[$1]'),
    }),
  }));
  return new ProblemError(error.code, error.message, { problems, cause: error.cause });
}

function settingsOf(model: Model, order: NewBatch): RunSettings {
  const { quality, count, lane, images, negative_prompt, seed, finish } = order;
  return {
    ...DEFAULT_SETTINGS,
    models: [model.id],
    batchSize: 'max',
    size: sizeOf(order.size, 'body.size'),
    quality,
    count,
    lane,
    spendingAllowed: true,
    ...(images !== undefined && { images }),
    ...(negative_prompt !== undefined && { negative: negative_prompt }),
    ...(seed !== undefined && { seed }),
    ...(finish !== undefined && { finish: recipeOf(finish) }),
  };
}

function recipeOf(text: string): Recipe {
  const read = parseRecipe(text);
  if ('recipe' in read) return read.recipe;
  throw new InputError(read.problems.map((problem) => ({ ...problem, column: 'finish' })));
}

/** Throws a problem that tells what to do so that the model can be used. */
function requireUsable({ engine }: ServerDeps, model: Model): void {
  const remedy = toUse(knownModels(engine), model);
  if (remedy === null) return;
  throw new ProblemError('invalid', `${model.title} cannot be used here now.`, {
    problems: [
      {
        field: 'body.model',
        value: model.id,
        message: 'This model cannot be used here now',
        remedy: `${remedy} GET /v1/models?available=true lists those that can.`,
      },
    ],
  });
}

/** Throws a problem that names the figure, and the models that take so many. */
function requireOneBatch(catalog: Catalog, model: Model, prompts: number): void {
  if (prompts <= model.batchMaximum) return;
  const able = catalog.all
    .filter((each) => each.batchMaximum >= prompts && catalog.standing(each).kind === 'usable')
    .map((each) => `${each.id} (${each.batchMaximum})`);
  const remedy =
    able.length === 0
      ? 'No model takes so many: send them in several calls, or make a run of them (POST /v1/runs), which has no such bound.'
      : `Models that take so many: ${able.join(', ')}. Or send them in several calls, or as a run (POST /v1/runs).`;
  throw new ProblemError(
    'invalid',
    `A batch of ${model.id} has at most ${model.batchMaximum} prompts.`,
    {
      problems: [
        {
          field: 'body.prompts',
          value: String(prompts),
          message: `${model.title} takes at most ${model.batchMaximum} prompts in a batch, and these are ${prompts}`,
          remedy,
        },
      ],
    },
  );
}
