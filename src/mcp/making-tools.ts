/** Tools that plan and make images. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { QUALITIES } from '../engine/core/quality.ts';
import { z } from '../api/zod.ts';
import { budgetFacts } from './budget.ts';
import { orderOf, wishShape } from './image-wish.ts';
import { makeImages, type Plan } from './make-images.ts';
import { answer, answering } from './tool-answer.ts';
import type { ToolDeps } from './tool-deps.ts';
import { LONGEST_WAIT_SECONDS, runFacts, watchRun } from './watch-run.ts';

const MOST_ALTERNATIVES = 5;
const READS = { readOnlyHint: true, openWorldHint: false };

export const waitShape = {
  wait_seconds: z
    .number()
    .int()
    .min(0)
    .max(LONGEST_WAIT_SECONDS)
    .default(0)
    .describe('Wait for the run to end, at most so long. Default: answer at once.'),
};

export function addMakingTools(server: McpServer, deps: ToolDeps): void {
  const { client } = deps;
  server.registerTool(
    'list_models',
    {
      title: 'Models and prices',
      description:
        'Image models that can be used here, with what an image costs, the cheapest first.',
      inputSchema: {
        size: wishShape.size,
        quality: z.enum(QUALITIES).optional(),
        all: z.boolean().default(false).describe('Also models that cannot be used here now.'),
      },
      annotations: READS,
    },
    ({ size, quality, all }) =>
      answering(async () => {
        const query = { ...(size && { size }), ...(quality && { quality }) };
        const { data } = await client.models.list({
          ...query,
          limit: 200,
          ...(!all && { available: true, makes_size: true }),
        });
        return answer({ models: data.map(modelFacts) });
      }),
  );
  server.registerTool(
    'plan_images',
    {
      title: 'What images would cost',
      description: 'Price, time and warnings of images before they are made. Spends nothing.',
      inputSchema: wishShape,
      annotations: READS,
    },
    (wish) => answering(async () => answer(planFacts(await client.runs.plan(orderOf(wish))))),
  );
  server.registerTool(
    'make_images',
    {
      title: 'Make images',
      description:
        'Makes images; this spends credits, never more than the budget (see budget). Answers with a run at once: watch it with run_status, fetch with list_items and get_image.',
      inputSchema: {
        ...wishShape,
        title: z.string().min(1).max(200).optional().describe('What the run is called.'),
        allow_partial: z
          .boolean()
          .default(false)
          .describe('Where the budget does not reach for all: make as many as it does.'),
        ...waitShape,
      },
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
    },
    ({ title, allow_partial: allowPartial, wait_seconds: seconds, ...wish }, extra) =>
      answering(async () => {
        const { run, plan } = await makeImages(deps, wish, { title, allowPartial });
        const seen = seconds === 0 ? run : await watchRun(client, run.run, seconds, extra);
        return answer({ ...runFacts(seen), planned: planFacts(plan) });
      }),
  );
  server.registerTool(
    'budget',
    {
      title: 'What may still be spent',
      description: 'Credits and dollars that are left to this assistant, and to the workspace.',
      annotations: READS,
    },
    () => answering(async () => answer(await budgetFacts(deps))),
  );
}

type ListedModel = Awaited<ReturnType<ToolDeps['client']['models']['list']>>['data'][number];

function modelFacts(model: ListedModel) {
  return {
    model: model.model,
    title: model.title,
    credits: model.credits,
    usd: model.usd,
    half_price_lane: model.lanes.includes('batch'),
    prompts_a_batch: model.batch_maximum,
    references: model.references.count,
    seed: model.seed,
    negative_prompt: model.negative_prompt,
    seconds: model.typical_seconds.medium,
    sizes: model.sizes,
    ...(model.available ? {} : { to_use: model.to_use }),
    ...(model.excluded === null ? {} : { excluded: model.excluded }),
  };
}

function planFacts(plan: Plan) {
  return {
    images: plan.items,
    models: plan.models.map(({ model, items, credits, usd }) => ({ model, items, credits, usd })),
    expected: plan.total.expected,
    at_most: plan.total.worst,
    seconds: plan.finish_seconds,
    warnings: plan.warnings,
    alternatives: plan.alternatives
      .filter(({ available, excluded }) => available && excluded === undefined)
      .slice(0, MOST_ALTERNATIVES)
      .map(({ model, credits, usd, finish_seconds }) => ({
        model,
        credits,
        usd,
        seconds: finish_seconds,
      })),
  };
}
