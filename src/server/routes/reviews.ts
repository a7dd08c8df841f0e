/** What the workspace says of the images of a run. */
import { formerReviewJson, reviewJson, reviewSummaryJson } from '../../api/json/review-json.ts';
import { reviewItemRoute, reviewManyRoute, reviewSummaryRoute } from '../../api/routes/reviews.ts';
import { MOST_REVIEWED, type reviewManySchema } from '../../api/schemas/reviews.ts';
import type { z } from '../../api/zod.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { ReviewChange } from '../../engine/core/review.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ownItem, ownRun } from '../orders/own-run.ts';
import { ProblemError } from '../problems/problem-error.ts';

export function reviewRoutes(app: App, deps: ServerDeps): void {
  const { reviews } = deps.engine.service;

  handleRoute(app, reviewItemRoute, async (c) => {
    const { run, item } = await ownItem(c, deps, c.req.valid('param'));
    requireImage(item);
    const change = changeOf(c.req.valid('json'));
    const reviewer = c.var.caller.key.name;
    const review = await reviews.review(run, item.itemId, { change, reviewer });
    return c.json(review === undefined ? null : reviewJson(review), 200);
  });

  handleRoute(app, reviewManyRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const body = c.req.valid('json');
    const reviewer = c.var.caller.key.name;
    const { changed, former, at } =
      body.restore === undefined
        ? await reviews.reviewMany(run, whichOf(body), {
            change: changeOf(body),
            reviewer,
            mostFormer: MOST_REVIEWED,
          })
        : await reviews.restore(
            run,
            body.restore.map(({ item: itemId, ...words }) => ({ itemId, ...words })),
            reviewer,
          );
    const answer = {
      changed,
      former: former?.map(formerReviewJson) ?? null,
      at: at === undefined ? null : isoTime(at),
    };
    return c.json(answer, 200);
  });

  handleRoute(app, reviewSummaryRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    return c.json(reviewSummaryJson(await reviews.summary(run)), 200);
  });
}

function requireImage({ itemId, state, image }: ItemRecord): void {
  if (image !== undefined && (state === 'delivered' || state === 'failed')) return;
  throw new ProblemError(
    'conflict',
    `Item ${itemId} is ${state} and has no image: there is nothing to review yet.`,
  );
}

type Loose<Type> = { readonly [Key in keyof Type]: Type[Key] | undefined };

function changeOf({ verdict, stars, note }: Loose<ReviewChange>): ReviewChange {
  return {
    ...(verdict !== undefined && { verdict }),
    ...(stars !== undefined && { stars }),
    ...(note !== undefined && { note }),
  };
}

function whichOf({
  items,
  filter = {},
}: Pick<z.output<typeof reviewManySchema>, 'items' | 'filter'>) {
  if (items !== undefined) return { items };
  const { model, row, flag, review, search } = filter;
  return {
    filter: {
      ...(model !== undefined && { model }),
      ...(row !== undefined && { row }),
      ...(flag && { flag }),
      ...(review && { review }),
      ...(search !== undefined && { search }),
    },
  };
}
