/** Pictures of items. */
import { stat } from 'node:fs/promises';
import { itemImageRoute, thumbnailRoute } from '../../api/routes/images.ts';
import { fileName } from '../../api/json/api-run-json.ts';
import { StorageError } from '../../engine/core/errors.ts';
import type { StoredImage } from '../../engine/engine-types.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { mediaTypeOfName } from '../files/media-types.ts';
import { ownItem, ownRun } from '../orders/own-run.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { type SentFile, sendFile } from '../files/send-file.ts';
import { sendItemThumbnail } from '../files/send-thumbnail.ts';

export function imageRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;

  handleRoute(app, itemImageRoute, async (c) => {
    const { run: runId, item } = c.req.valid('param');
    const { output, download } = c.req.valid('query');
    const run = await ownRun(c, deps, runId);
    const image = await engine.image(run.id, item, output);
    if (image === undefined) throw notFound('such picture of this item');
    const file = image.hash === undefined ? await outputFile(image) : masterFile(image, image.hash);
    return (await sendFile(c, { ...file, isDownload: download === 'true' })) as never;
  });

  handleRoute(app, thumbnailRoute, async (c) => {
    const { item } = await ownItem(c, deps, c.req.valid('param'));
    const { width } = c.req.valid('query');
    return (await sendItemThumbnail(c, deps, item, { width, isImmutable: true })) as never;
  });
}

/** A retry gives the item another picture under the same address: it is asked for again, at no cost. */
function masterFile(image: StoredImage, hash: string): SentFile {
  const { record, bytes, path } = image;
  const format = record.image?.format ?? 'png';
  return {
    ...(path === undefined ? { read: () => readMaster(image) } : { path }),
    bytes,
    tag: hash,
    mediaType: mediaTypeOfName(`a.${format}`),
    name: `${record.row.number}-${record.index}.${format === 'jpeg' ? 'jpg' : format}`,
    isImmutable: record.state === 'delivered',
  };
}

/** Of a store that has no places on this disk. */
async function readMaster(image: StoredImage): Promise<Uint8Array> {
  try {
    return await image.read();
  } catch (error) {
    if (!(error instanceof StorageError) || error.fault !== 'missing') throw error;
    throw new ProblemError('gone', 'The picture is not in the store any more.', { cause: error });
  }
}

async function outputFile({ record, path = '', bytes }: StoredImage): Promise<SentFile> {
  const { mtimeMs } = await stat(path);
  const name = fileName(path);
  return {
    path,
    bytes,
    // Files are written whole, and anew when the recipe changes.
    tag: `${record.itemId}-${bytes}-${Math.floor(mtimeMs)}`,
    changedAt: mtimeMs,
    mediaType: mediaTypeOfName(name),
    name,
  };
}
