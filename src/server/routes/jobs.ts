/** Jobs of the tools: ordered, watched, fetched, cancelled. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import { type Hide, jobFileJson, jobFindingJson, orderedJobJson } from '../../api/json/job-json.ts';
import {
  cancelJobRoute,
  createJobRoute,
  getJobFileRoute,
  getJobRoute,
  getJobThumbnailRoute,
  getJobZipRoute,
  listJobFilesRoute,
  listJobFindingsRoute,
  listJobsRoute,
} from '../../api/routes/jobs.ts';
import type { OrderedJob } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { jobArchive } from '../files/job-archive.ts';
import { given } from '../orders/given.ts';
import { makeJob } from '../orders/make-job.ts';
import { pageFrom } from '../page-from.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { sendFile } from '../files/send-file.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
};

export function jobRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const { jobs } = engine.service;
  /** Texts for a person at this machine name its folders; a client has no use for them. */
  const hide: Hide = (text) => text.replaceAll(engine.home, '…');
  const shown = async (job: OrderedJob) =>
    orderedJobJson({
      job,
      request: jobs.wordsOf(job),
      items: jobs.chosenOf(job),
      report: await jobs.report(job),
      hide,
    });
  const own = async (c: AppContext, id: string) => {
    const job = await jobs.find(c.var.caller.workspace, id);
    if (job === undefined) throw notFound('such job');
    return job;
  };

  handleRoute(app, createJobRoute, async (c) => c.json(await shown(await makeJob(c, deps)), 201));

  handleRoute(app, listJobsRoute, async (c) => {
    const { workspace } = c.var.caller;
    const { open, ...query } = c.req.valid('query');
    const page = await pageFrom(query, (place) =>
      jobs.list(workspace, { ...place, ...(open !== undefined && { open: open === 'true' }) }),
    );
    return c.json({ ...page, data: await Promise.all(page.data.map(shown)) }, 200);
  });

  handleRoute(app, getJobRoute, async (c) =>
    c.json(await shown(await own(c, c.req.valid('param').job)), 200),
  );

  handleRoute(app, cancelJobRoute, async (c) => {
    const job = await own(c, c.req.valid('param').job);
    if (!(await jobs.cancel(job)) && job.state !== 'cancelled') {
      throw new ProblemError('conflict', `The job has ended already: it is ${job.state}.`);
    }
    return c.json(await shown(await own(c, job.id)), 200);
  });

  handleRoute(app, listJobFilesRoute, async (c) => {
    const job = await own(c, c.req.valid('param').job);
    const { limit, after, state } = c.req.valid('query');
    const place = { limit: limit + 1, after: numberOf(after) };
    const files = await jobs.files(job, { ...place, ...(state && { states: [state] }) });
    const data = files.slice(0, limit).map((file) => jobFileJson(job, file, hide));
    const next = files.length > limit ? String(data.at(-1)?.number) : null;
    return c.json({ data, next }, 200);
  });

  handleRoute(app, listJobFindingsRoute, async (c) => {
    const job = await own(c, c.req.valid('param').job);
    const { limit, after } = c.req.valid('query');
    const from = numberOf(after);
    const found = await jobs.findings(job, { limit: limit + 1, after: from });
    const next = found.length > limit ? String(from + limit) : null;
    return c.json(
      { data: found.slice(0, limit).map((each) => jobFindingJson(job.id, each)), next },
      200,
    );
  });

  handleRoute(app, getJobFileRoute, async (c) => {
    const { job: id, number } = c.req.valid('param');
    const { output } = c.req.valid('query');
    const job = await own(c, id);
    const [file] = await jobs.files(job, { limit: 1, after: number - 1, states: ['done'] });
    const found = file?.number === number ? file.outputs : [];
    const made = output === undefined ? found[0] : found.find((each) => each.output === output);
    if (made === undefined) throw notFound('such file');
    const ending = made.file.split('.').at(-1) ?? '';
    return (await sendFile(c, {
      path: await jobs.bringOutput(job, made.file),
      bytes: made.bytes,
      tag: made.sha256,
      mediaType: MEDIA_TYPES[ending] ?? 'application/octet-stream',
      name: basename(made.file),
    })) as never;
  });

  handleRoute(app, getJobThumbnailRoute, async (c) => {
    const { job: id, number } = c.req.valid('param');
    const { of, output, width } = c.req.valid('query');
    const picture = await jobs.picture(await own(c, id), number, { of, ...given({ output }) });
    if (picture === undefined) throw notFound('such picture of this job');
    const { name, masters } = picture;
    const made = await engine.service.thumbnails.of(name, width, masters);
    if ('problem' in made) throw new ProblemError('gone', `There is none: ${hide(made.problem)}.`);
    const { size, mtimeMs } = await stat(made.path);
    return (await sendFile(c, {
      path: made.path,
      bytes: size,
      tag: `${name}-${made.side}`,
      changedAt: mtimeMs,
      mediaType: 'image/webp',
      name: `${id}-${number}-${made.side}.webp`,
    })) as never;
  });

  handleRoute(app, getJobZipRoute, async (c) => {
    const job = await own(c, c.req.valid('param').job);
    if (job.kind === 'check') {
      throw new ProblemError('conflict', 'A check makes no files: its findings are at …/findings.');
    }
    return c.body(Readable.toWeb(jobArchive(engine, job)) as ReadableStream, 200, {
      'content-type': 'application/zip',
      'content-disposition': contentDisposition(`${job.id}.zip`),
    }) as never;
  });
}

/** A cursor that is none begins again. */
function numberOf(after: string | undefined): number {
  return /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
}
