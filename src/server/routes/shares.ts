/** Pages for a client's approval: what their owner does with them. */
import { formerReviewJson } from '../../api/json/review-json.ts';
import { shareJson, sharedMarkJson } from '../../api/json/share-json.ts';
import {
  createShareRoute,
  listSharesRoute,
  revokeShareRoute,
  shareMarksRoute,
  takeOverRoute,
} from '../../api/routes/shares.ts';
import { MOST_REVIEWED } from '../../api/schemas/reviews.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { StoredRun, StoredShare } from '../../engine/engine-types.ts';
import { futureTime } from '../access/key-rights.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { given } from '../orders/given.ts';
import { ownRun } from '../orders/own-run.ts';
import { itemCursorText, readItemCursor } from '../orders/read-list.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';

/** Of a run, that are not revoked. */
const MOST_OPEN = 40;

export function shareRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings, now } = deps;
  const { shares } = engine.service;
  const tell = async (share: StoredShare) => shareJson(share, await shares.counts(share), now());

  handleRoute(app, createShareRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const { title, only, shows_prompts: showsPrompts, ...body } = c.req.valid('json');
    const expiresAt = futureTime('body.expires_at', body.expires_at, now());
    await checkRoom(deps, run);
    const issued = await shares.issue({
      id: `s${c.var.resource}`,
      workspace: run.workspace,
      runId: run.id,
      title: title ?? run.title,
      terms: { ...given({ only }), showsPrompts, takesMarks: body.takes_marks },
      keyId: c.var.caller.key.id,
      ...given({ expiresAt }),
    });
    if (issued === undefined) throw toldOnce();
    const link = `${settings.publicUrl}/share/${issued.share.id}#${issued.secret}`;
    return c.json({ ...(await tell(issued.share)), link }, 201);
  });

  handleRoute(app, listSharesRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const data = [];
    for (const share of await shares.list(run.id)) data.push(await tell(share));
    return c.json({ data, next: null }, 200);
  });

  handleRoute(app, revokeShareRoute, async (c) => {
    const { share } = await ownShare(c, deps, c.req.valid('param'));
    await shares.revoke(share.id);
    return c.json(await tell((await shares.find(share.id))!), 200);
  });

  handleRoute(app, shareMarksRoute, async (c) => {
    const { share } = await ownShare(c, deps, c.req.valid('param'));
    const { limit, after } = c.req.valid('query');
    const place = readItemCursor(after);
    const page = await shares.marks(share, { limit, ...given({ after: place }) });
    const data = page.items.flatMap(({ record: { itemId, row, index }, mark }) =>
      mark === undefined ? [] : [{ item: itemId, row: row.number, index, ...sharedMarkJson(mark) }],
    );
    return c.json({ data, next: page.next === undefined ? null : itemCursorText(page.next) }, 200);
  });

  handleRoute(app, takeOverRoute, async (c) => {
    const { run, share } = await ownShare(c, deps, c.req.valid('param'));
    const changes = await shares.takeOver(run, share, c.var.caller.key.name);
    const former = changes.map(({ itemId, before }) => formerReviewJson({ itemId, ...before }));
    const at = changes.at(-1)?.at;
    const answer = {
      changed: changes.length,
      former: changes.length <= MOST_REVIEWED ? former : null,
      at: at === undefined ? null : isoTime(at),
    };
    return c.json(answer, 200);
  });
}

async function checkRoom({ engine }: ServerDeps, run: StoredRun): Promise<void> {
  const open = (await engine.service.shares.list(run.id)).filter(
    ({ revokedAt }) => revokedAt === undefined,
  );
  if (open.length < MOST_OPEN) return;
  throw new ProblemError(
    'conflict',
    `The run has ${MOST_OPEN} shared pages: revoke one that is not needed any more.`,
  );
}

function toldOnce(): ProblemError {
  return new ProblemError(
    'conflict',
    'This page was made already, and its link is told only once. Revoke it, and make another with a new key.',
  );
}

async function ownShare(
  c: AppContext,
  deps: ServerDeps,
  { run: runId, share: id }: { readonly run: string; readonly share: string },
): Promise<{ readonly run: StoredRun; readonly share: StoredShare }> {
  const run = await ownRun(c, deps, runId);
  const share = await deps.engine.service.shares.find(id);
  if (share?.runId !== run.id) throw notFound('such shared page of this run');
  return { run, share };
}
