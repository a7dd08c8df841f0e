/** What items are made after. */
import { runLinks } from '../../api/json/api-run-json.ts';
import {
  itemReferencePictureRoute,
  itemReferenceThumbnailRoute,
  listItemReferencesRoute,
} from '../../api/routes/item-references.ts';
import type { ItemReferencePicture } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { sendFile } from '../files/send-file.ts';
import { sendThumbnail } from '../files/send-thumbnail.ts';
import { handleRoute } from '../handle-route.ts';
import { ownRun } from '../orders/own-run.ts';
import { notFound } from '../problems/problem-error.ts';

export function itemReferenceRoutes(app: App, deps: ServerDeps): void {
  const all = async (c: AppContext, place: { readonly run: string; readonly item: string }) => {
    const run = await ownRun(c, deps, place.run);
    const shelf = deps.engine.inWorkspace(c.var.caller.workspace).references;
    const found = await shelf.ofItem(run.id, place.item);
    if (found === undefined) throw notFound('such item in this run');
    return found;
  };
  const one = async (
    c: AppContext,
    place: { readonly run: string; readonly item: string; readonly number: number },
  ): Promise<ItemReferencePicture> => {
    const found = (await all(c, place))[place.number - 1];
    if (found === undefined) throw notFound('such reference of this item');
    return found;
  };

  handleRoute(app, listItemReferencesRoute, async (c) => {
    const place = c.req.valid('param');
    const self = `${runLinks(deps.settings.publicUrl, place.run).items}/${place.item}/references`;
    const data = (await all(c, place)).map(({ label, facts }, index) => ({
      number: index + 1,
      reference: label,
      hash: facts.hash,
      media_type: facts.mediaType,
      width: facts.width,
      height: facts.height,
      bytes: facts.bytes,
      links: {
        picture: `${self}/${index + 1}/picture`,
        thumbnail: `${self}/${index + 1}/thumbnail`,
      },
    }));
    return c.json({ data }, 200);
  });

  handleRoute(app, itemReferencePictureRoute, async (c) => {
    const place = c.req.valid('param');
    const picture = await one(c, place);
    const { facts, path } = picture;
    return (await sendFile(c, {
      ...(path !== undefined && { path }),
      read: () => picture.read(),
      bytes: facts.bytes,
      tag: facts.hash,
      mediaType: facts.mediaType,
      name: `reference-${place.number}.${facts.mediaType.split('/').at(-1) ?? 'png'}`,
    })) as never;
  });

  handleRoute(app, itemReferenceThumbnailRoute, async (c) => {
    const { hash } = (await one(c, c.req.valid('param'))).facts;
    return (await sendThumbnail(c, deps, { hash, width: c.req.valid('query').width })) as never;
  });
}
