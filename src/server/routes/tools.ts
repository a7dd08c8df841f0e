/** Looks at single pictures: tries of a job's settings, and what files say of themselves. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectionJson } from '../../api/json/inspection-json.ts';
import {
  createInspectionRoute,
  createPreviewRoute,
  getItemInspectionRoute,
  type PreviewFigures,
} from '../../api/routes/tools.ts';
import { FIGURES_HEADER } from '../../api/figures-header.ts';
import { StorageError } from '../../engine/core/errors.ts';
import type { FileInspection } from '../../engine/core/file-report.ts';
import type { Preview } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { isForm, type ReceivedForm, receiveForm } from '../files/receive-form.ts';
import { mediaTypeOfName } from '../files/media-types.ts';
import { handleRoute } from '../handle-route.ts';
import { orderPreview } from '../orders/order-preview.ts';
import { ownRun } from '../orders/own-run.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';

/** Larger ones are for jobs: these are held in memory as a whole. */
const MOST_PICTURE_BYTES = 64 * 2 ** 20;

export function toolRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const { previews, inspections } = engine.service;

  handleRoute(app, createPreviewRoute, async (c) => {
    const order = isForm(c.req.raw)
      ? await withForm(c, deps, async (form) => orderPreview(c, deps, form))
      : await orderPreview(c, deps);
    const made = await previews.try(c.var.caller.workspace, order, c.req.raw.signal);
    if (made.kind !== 'made') throw untried(made);
    const { output } = c.req.valid('query');
    const file =
      output === undefined ? made.files[0] : made.files.find((each) => each.output === output);
    if (file === undefined) throw notFound('such file of this recipe');
    const type = mediaTypeOfName(`a.${file.format === 'jpeg' ? 'jpg' : file.format}`);
    return c.body(Uint8Array.from(file.bytes), 200, {
      'content-type': type,
      [FIGURES_HEADER]: JSON.stringify(figuresOf(made, previews.atOnce)),
      'cache-control': 'no-store',
    }) as never;
  });

  handleRoute(app, createInspectionRoute, async (c) => {
    if (!isForm(c.req.raw)) {
      throw new ProblemError('unsupported-media-type', 'Send the picture in a form, as `picture`.');
    }
    const inspection = await withForm(c, deps, async ({ files }) =>
      inspections.of(c.var.caller.workspace, () => readOnly(files)),
    );
    if (inspection.kind === 'unusable') {
      throw invalidPicture(inspection.reason, 'Send another one.');
    }
    return c.json(inspectionJson(inspection.report), 200);
  });

  handleRoute(app, getItemInspectionRoute, async (c) => {
    const { run: runId, item } = c.req.valid('param');
    const { output } = c.req.valid('query');
    const run = await ownRun(c, deps, runId);
    const image = await engine.image(run.id, item, output);
    if (image === undefined) throw notFound('such picture of this item');
    const inspection = await inspections.of(run.workspace, () => readOrGone(() => image.read()));
    return c.json(inspectionJson(reportOf(inspection)), 200);
  });
}

function figuresOf({ before, files, tookMs }: Preview, atOnce: number): PreviewFigures {
  const { facts, bytes } = before;
  return {
    took_ms: Math.round(tookMs),
    at_once: atOnce,
    before: {
      width: facts?.width ?? null,
      height: facts?.height ?? null,
      bytes,
      format: facts?.format.toLowerCase() ?? null,
    },
    files: files.map(({ width, height, format, output, bytes: made }) => ({
      output: output ?? null,
      width,
      height,
      bytes: made.length,
      format,
    })),
  };
}

type Tried = Awaited<ReturnType<ServerDeps['engine']['service']['previews']['try']>>;

function untried(tried: Exclude<Tried, Preview>): ProblemError {
  switch (tried.kind) {
    case 'failed':
      return invalidPicture(tried.reason, 'Take another picture, or change what is done to it.');
    case 'too-large':
      return invalidPicture(
        `It would be ${Math.ceil(tried.pixels / 1e6)} megapixels, too much to be tried at once`,
        'Start the job: it works on larger ones. Or try a smaller picture.',
      );
    case 'slow':
      return new ProblemError(
        'conflict',
        'It takes longer than a minute. Start the job: it takes its time.',
      );
    case 'busy':
    case 'given-up':
      return new ProblemError('conflict', 'Other tries of this workspace come first.', {
        headers: { 'retry-after': '1' },
      });
    default:
      return tried satisfies never;
  }
}

function reportOf(inspection: FileInspection) {
  if (inspection.kind === 'picture') return inspection.report;
  throw new ProblemError('gone', `The picture cannot be looked at: ${inspection.reason}`);
}

async function readOrGone(read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StorageError) || error.fault !== 'missing') throw error;
    throw new ProblemError('gone', 'The picture is not in the store any more.', { cause: error });
  }
}

/** The form with its one picture, which is gone afterwards. */
async function withForm<Result>(
  c: AppContext,
  { engine }: ServerDeps,
  use: (form: ReceivedForm) => Promise<Result>,
): Promise<Result> {
  const folder = join(engine.home, 'arriving', c.var.resource);
  try {
    const form = await receiveForm(c.req.raw, folder, {
      mostBytes: MOST_PICTURE_BYTES + 2 ** 20,
      mostFileBytes: MOST_PICTURE_BYTES,
      mostFiles: 1,
    });
    return await use(form);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readOnly(files: ReceivedForm['files']): Promise<Uint8Array> {
  const [file] = files;
  if (file === undefined) {
    throw invalidPicture('The form has no file', 'Send the picture as a file of it.');
  }
  return readFile(file.path);
}

function invalidPicture(message: string, remedy: string): ProblemError {
  return new ProblemError('invalid', 'The picture cannot be used.', {
    problems: [{ field: 'body.picture', message, remedy }],
  });
}
