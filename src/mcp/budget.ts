/** What may still be spent: by the key, by the session, by the workspace. */
import { endpoint } from '../api/client/index.ts';
import type { getSessionRoute } from '../api/routes/session.ts';
import type { ToolDeps } from './tool-deps.ts';

const session = endpoint<typeof getSessionRoute>('get', '/v1/session');

/** Credits that the key may still spend; `undefined`: it has no budget of its own. */
export async function creditsLeft({ client }: ToolDeps): Promise<number | undefined> {
  const { key } = await client.call(session, {});
  const { budget, posted, held } = key.credits;
  return budget === null ? undefined : rounded(Math.max(0, budget - posted - held));
}

export async function budgetFacts(deps: ToolDeps) {
  const { client, dollars } = deps;
  const { key } = await client.call(session, {});
  const { balance, ceiling } = await client.credits.get();
  const { budget, posted, held } = key.credits;
  return {
    credits: {
      budget,
      spent: posted,
      held,
      left: budget === null ? null : rounded(Math.max(0, budget - posted - held)),
    },
    usd:
      dollars === undefined
        ? null
        : { budget: dollars.maxUsd, left: await dollars.inTurn(() => dollars.left()) },
    workspace: { balance, images_per_hour: ceiling.images_per_hour },
  };
}

/** A difference of decimal numbers, without the dust that it leaves. */
function rounded(credits: number): number {
  return Math.round(credits * 1e6) / 1e6;
}
