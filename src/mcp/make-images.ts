/** From a wish to a run, within what may be spent. */
import type { Answer, Run } from '../api/client/index.ts';
import type { createPlanRoute } from '../api/routes/plan.ts';
import { creditsLeft } from './budget.ts';
import { type ImageWish, orderOf } from './image-wish.ts';
import { ToolError } from './tool-answer.ts';
import type { ToolDeps } from './tool-deps.ts';

export type Plan = Answer<typeof createPlanRoute>;

export interface MakeOptions {
  readonly title?: string | undefined;
  /** Make as many as the budget reaches for. Default: none, when it does not reach for all. */
  readonly allowPartial: boolean;
}

/** Throws `ToolError` when the budget does not reach; nothing was made then. */
export async function makeImages(
  deps: ToolDeps,
  wish: ImageWish,
  options: MakeOptions,
): Promise<{ readonly run: Run; readonly plan: Plan }> {
  const { dollars } = deps;
  return dollars === undefined
    ? order(deps, wish, options)
    : dollars.inTurn(() => order(deps, wish, options));
}

async function order(
  deps: ToolDeps,
  wish: ImageWish,
  { title, allowPartial }: MakeOptions,
): Promise<{ readonly run: Run; readonly plan: Plan }> {
  const { client, dollars } = deps;
  const { settings, ...sheet } = orderOf(wish);
  const plan = await client.runs.plan({ ...sheet, settings });
  const credits = await creditsLeft(deps);
  requireCredits(plan, credits, allowPartial);
  const usd = dollars === undefined ? undefined : partOf(plan, await dollars.left(), allowPartial);
  const create = () =>
    client.runs.create({
      ...sheet,
      settings: { ...settings, ...(usd !== undefined && { max_usd: usd }) },
      ...(title !== undefined && { title }),
      plan_hash: plan.plan_hash,
      approve: true,
    });
  const run = await (dollars === undefined || usd === undefined
    ? create()
    : dollars.reserving(usd, create));
  deps.ownRuns?.add(run.run);
  return { run, plan };
}

function requireCredits(plan: Plan, left: number | undefined, allowPartial: boolean): void {
  const { credits } = plan.total.expected;
  if (left === undefined || credits <= left || (allowPartial && left > 0)) return;
  const reaches = Math.floor((plan.items * left) / credits);
  throw new ToolError(
    `${costOf(plan, `${credits} credits`)}, and ${left} are left of the budget${reachOf(reaches)}. ${adviceFor(reaches)}`,
  );
}

/** The run's own bound of dollars. */
function partOf(plan: Plan, left: number, allowPartial: boolean): number {
  const { expected, worst } = plan.total;
  if (expected.usd === null || worst.usd === null) {
    throw new ToolError(
      'Nobody knows what this model costs in dollars, so the bound of dollars cannot be kept. Choose another model (list_models).',
    );
  }
  if (worst.usd <= left) return worst.usd;
  if (allowPartial && left > 0) return left;
  if (expected.usd > left) {
    const reaches = Math.floor((plan.items * left) / expected.usd);
    throw new ToolError(
      `${costOf(plan, `about $${expected.usd}`)}, and $${left} are left${reachOf(reaches)}. ${adviceFor(reaches)}`,
    );
  }
  return left;
}

function costOf({ items }: Plan, price: string): string {
  return items === 1 ? `This image costs ${price}` : `These ${items} images cost ${price}`;
}

function reachOf(images: number): string {
  return images > 0 ? `, enough for about ${images}` : '';
}

function adviceFor(reaches: number): string {
  return reaches > 0
    ? 'Nothing was made. Ask for fewer, for a cheaper model or a lower quality, or set allow_partial; or ask the user for a larger budget.'
    : 'Nothing was made. Ask the user for a larger budget.';
}
