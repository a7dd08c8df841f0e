/** What a run has come to, as files: results sheet, manifest, contact sheet and page. */
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { create as contentDisposition } from 'content-disposition';
import {
  contactPageRoute,
  contactSheetRoute,
  manifestRoute,
  resultsRoute,
  runFileRoute,
  runFolderFileRoute,
} from '../../api/routes/images.ts';
import type { StoredRun } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { mediaTypeOfName } from '../files/media-types.ts';
import { ownRun } from '../orders/own-run.ts';
import { notFound } from '../problems/problem-error.ts';
import { sendFile } from '../files/send-file.ts';

/** Lines go out in pieces of so many characters. */
const PIECE = 64 * 1024;
/** The contact page has its script and style in itself, and loads what lies beside it. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function resultRoutes(app: App, deps: ServerDeps): void {
  const { runs } = deps.engine.service;

  handleRoute(app, resultsRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'private, no-store',
      'content-disposition': contentDisposition(`${stemOf(run.title)}-results.csv`),
    };
    if (c.req.method === 'HEAD') return c.newResponse(null, 200, headers) as never;
    const body = ReadableStream.from(pieces(runs.results(run)));
    return c.newResponse(body, 200, headers) as never;
  });

  handleRoute(app, manifestRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const name = await runs.sheetName(run, 'manifest');
    return (await sendNamed(c, run, name, 'manifest yet')) as never;
  });

  handleRoute(app, contactSheetRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const name = await runs.sheetName(run, 'contact-sheet');
    return (await sendNamed(c, run, name, 'contact sheet yet')) as never;
  });

  handleRoute(app, contactPageRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const name = await runs.sheetName(run, 'contact-page');
    if (name === undefined) throw notFound('contact page yet');
    // Relative to this address, wherever a proxy has put it.
    return c.redirect(`files/${name}`) as never;
  });

  handleRoute(app, runFileRoute, async (c) => {
    const { run: runId, file } = c.req.valid('param');
    const run = await ownRun(c, deps, runId);
    return (await sendNamed(c, run, file, 'such file of this run')) as never;
  });

  handleRoute(app, runFolderFileRoute, async (c) => {
    const { run: runId, folder, file } = c.req.valid('param');
    const run = await ownRun(c, deps, runId);
    return (await send(c, run, [folder, file], 'such file of this run')) as never;
  });

  async function sendNamed(
    c: AppContext,
    run: StoredRun,
    name: string | undefined,
    what: string,
  ): Promise<Response> {
    if (name === undefined) throw notFound(what);
    return send(c, run, [name], what);
  }

  async function send(
    c: AppContext,
    run: StoredRun,
    names: readonly string[],
    what: string,
  ): Promise<Response> {
    const path = await runs.file(run, names);
    if (path === undefined) throw notFound(what);
    const { size, mtimeMs } = await stat(path);
    const name = names.at(-1)!;
    return sendFile(c, {
      path,
      bytes: size,
      tag: `${size}-${Math.floor(mtimeMs)}`,
      changedAt: mtimeMs,
      mediaType: mediaTypeOfName(name),
      name,
      isDownload: c.req.query('download') === 'true',
      ...(name.endsWith('.html') && { headers: { 'content-security-policy': PAGE_POLICY } }),
    });
  }
}

/** Between pieces others have their turn. */
async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const line of lines) {
    text += line;
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = '';
    await setImmediate();
  }
  if (text !== '') yield encoder.encode(text);
}

function stemOf(title: string): string {
  return title.replace(/\.[a-z0-9]{1,8}$/i, '');
}
