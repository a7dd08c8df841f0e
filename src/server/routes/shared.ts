/** A shared page as its visitor sees it. Which page that is, its secret has told. */
import { sharedItemJson, sharedJson, sharedMarkJson } from '../../api/json/share-json.ts';
import {
  getSharedRoute,
  markSharedRoute,
  openSharedRoute,
  sharedImageRoute,
  sharedItemsRoute,
  sharedThumbnailRoute,
} from '../../api/routes/shared.ts';
import type { SharedItem, StoredShare } from '../../engine/engine-types.ts';
import { shareVisitor } from '../access/share-visitor.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { sendItemThumbnail } from '../files/send-thumbnail.ts';
import { handleRoute } from '../handle-route.ts';
import { given } from '../orders/given.ts';
import { itemCursorText, readItemCursor } from '../orders/read-list.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { knownWorkspace } from './workspaces.ts';

/** Longest side of what is shown in full. */
const LARGEST_SIDE = 2_560;

export function sharedRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const { shares, reviews } = engine.service;
  app.use('/v1/shared/:share/*', shareVisitor(deps));

  const tell = async (share: StoredShare) => {
    const { name } = await knownWorkspace(deps, share.workspace);
    return sharedJson(share, name, await shares.counts(share));
  };

  handleRoute(app, openSharedRoute, async (c) => {
    await shares.opened(c.var.share);
    return c.json(await tell(c.var.share), 200);
  });

  handleRoute(app, getSharedRoute, async (c) => {
    await shares.opened(c.var.share);
    return c.json(await tell(c.var.share), 200);
  });

  handleRoute(app, sharedItemsRoute, async (c) => {
    const { share } = c.var;
    const { limit, after } = c.req.valid('query');
    const place = readItemCursor(after);
    const page = await shares.items(share, { limit, ...given({ after: place }) });
    const data = page.items.map((item) => sharedItemJson(item, share));
    return c.json({ data, next: page.next === undefined ? null : itemCursorText(page.next) }, 200);
  });

  handleRoute(app, sharedImageRoute, async (c) => {
    const { record } = await shownItem(c, deps, c.req.valid('param').item);
    return (await sendItemThumbnail(c, deps, record, { width: LARGEST_SIDE })) as never;
  });

  handleRoute(app, sharedThumbnailRoute, async (c) => {
    const { record } = await shownItem(c, deps, c.req.valid('param').item);
    const { width } = c.req.valid('query');
    return (await sendItemThumbnail(c, deps, record, { width })) as never;
  });

  handleRoute(app, markSharedRoute, async (c) => {
    const { share } = c.var;
    if (!share.terms.takesMarks) {
      throw new ProblemError('forbidden', 'This page is to be looked at: it takes no marks.');
    }
    const { record } = await shownItem(c, deps, c.req.valid('param').item);
    const { mark, note, name } = c.req.valid('json');
    await shares.mark({
      shareId: share.id,
      itemId: record.itemId,
      mark,
      note: wordsOf(note),
      markedBy: wordsOf(name),
    });
    const run = await engine.run(share.runId);
    if (run !== undefined) reviews.tell(run, 1);
    const { mark: said } = await shownItem(c, deps, record.itemId);
    return c.json(said === undefined ? null : sharedMarkJson(said), 200);
  });
}

/** An image of the page; of every other one, nobody learns whether it is there. */
async function shownItem(
  c: AppContext,
  { engine }: ServerDeps,
  itemId: string,
): Promise<SharedItem> {
  const item = await engine.service.shares.item(c.var.share, itemId);
  if (item === undefined) throw notFound('such image on this page');
  return item;
}

function wordsOf(text: string | null): string | null {
  return text === null || text === '' ? null : text;
}
