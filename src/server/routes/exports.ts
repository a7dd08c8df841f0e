/** Everything of a run in one archive or data set. */
import { stat } from 'node:fs/promises';
import type { StoredRun } from '../../engine/engine-types.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import {
  createExportRoute,
  exportFileRoute,
  getExportRoute,
  listExportsRoute,
} from '../../api/routes/exports.ts';
import { runLinks } from '../../api/json/api-run-json.ts';
import { recipeOf } from '../../api/json/run-settings-json.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { mediaTypeOfName } from '../files/media-types.ts';
import { ownRun } from '../orders/own-run.ts';
import { notFound } from '../problems/problem-error.ts';
import { type ExportWish, type RunExport, RunExports } from '../files/run-exports.ts';
import { sendFile } from '../files/send-file.ts';
import { requireAction } from './run-actions.ts';

export function exportRoutes(app: App, deps: ServerDeps): void {
  const exports = new RunExports(deps);
  const tell = (run: StoredRun, found: RunExport) =>
    exportJson(run, found, deps.settings.publicUrl);

  handleRoute(app, createExportRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    requireAction('export', run);
    const { as, finish, format, marks, name_template: nameTemplate } = c.req.valid('json');
    const change: ExportWish['change'] = {
      ...(finish !== undefined && { finish: recipeOf(finish) }),
      ...(format && { format }),
      ...(marks && { marks }),
      ...(nameTemplate !== undefined && { nameTemplate }),
    };
    const begun = await exports.begin(run, `exp_${c.var.resource}`, { as, change });
    return c.json(tell(run, begun), 202);
  });

  handleRoute(app, listExportsRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const data = (await exports.list(run)).map((each) => tell(run, each));
    return c.json({ data, next: null }, 200);
  });

  handleRoute(app, getExportRoute, async (c) => {
    const { run, found } = await ownExport(c, c.req.valid('param'));
    return c.json(tell(run, found), 200);
  });

  handleRoute(app, exportFileRoute, async (c) => {
    const { file: name } = c.req.valid('param');
    const { run, found } = await ownExport(c, c.req.valid('param'));
    const path = await exports.path(run, found, name);
    if (path === undefined) throw notFound('such file of this export');
    const { size } = await stat(path);
    return (await sendFile(c, {
      path,
      bytes: size,
      tag: `${found.id}-${size}`,
      mediaType: mediaTypeOfName(name),
      name,
      isDownload: true,
    })) as never;
  });

  async function ownExport(
    c: AppContext,
    { run: runId, export: id }: { readonly run: string; readonly export: string },
  ) {
    const run = await ownRun(c, deps, runId);
    const found = await exports.find(run, id);
    if (found === undefined) throw notFound('such export of this run');
    return { run, found };
  }
}

function exportJson(run: StoredRun, found: RunExport, base: string) {
  const { id, as, state, problem, images, files, createdAt, endedAt } = found;
  const self = `${runLinks(base, run.id).exports}/${id}`;
  return {
    export: id,
    run: run.id,
    as,
    state,
    problem: problem ?? null,
    images,
    files: files.map((file) => ({
      ...file,
      url: `${self}/files/${encodeURIComponent(file.name)}`,
    })),
    created_at: isoTime(createdAt),
    ended_at: endedAt === undefined ? null : isoTime(endedAt),
  };
}
