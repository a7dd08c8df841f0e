/** Batches, jobs, models and limits. */
import type { createBatchRoute, getBatchRoute } from '../routes/batches.ts';
import type {
  cancelJobRoute,
  createJobRoute,
  getJobFileRoute,
  getJobRoute,
  getJobZipRoute,
  listJobFilesRoute,
  listJobFindingsRoute,
  listJobsRoute,
} from '../routes/jobs.ts';
import type { listLimitsRoute } from '../routes/limits.ts';
import type { getModelRoute, listModelsRoute } from '../routes/models.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf, type QueryInputOf } from './endpoint.ts';

export function batchesOf(caller: Caller) {
  return {
    create: (json: JsonInputOf<typeof createBatchRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createBatchRoute>('post', '/v1/batches'), { json }, options),
    get: (batch: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getBatchRoute>('get', '/v1/batches/{batch}'),
        { params: { batch } },
        options,
      ),
  };
}

export function jobsOf(caller: Caller) {
  const create = endpoint<typeof createJobRoute>('post', '/v1/jobs');
  return {
    /** On a run of the workspace. */
    create: (json: JsonInputOf<typeof createJobRoute>, options?: CallOptions) =>
      caller.call(create, { json }, options),
    /** On pictures of one's own; `job` is the same, without `run`. */
    upload: (
      job: Omit<JsonInputOf<typeof createJobRoute>, 'run'>,
      pictures: readonly File[],
      options?: CallOptions,
    ) => {
      const form = new FormData();
      form.set('job', JSON.stringify(job));
      for (const picture of pictures) form.append('pictures', picture, picture.name);
      return caller.call(create, { form }, options);
    },
    list: (query?: QueryInputOf<typeof listJobsRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof listJobsRoute>('get', '/v1/jobs'), { query }, options),
    get: (job: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getJobRoute>('get', '/v1/jobs/{job}'),
        { params: { job } },
        options,
      ),
    cancel: (job: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof cancelJobRoute>('post', '/v1/jobs/{job}/cancel'),
        { params: { job } },
        options,
      ),
    files: (job: string, query?: QueryInputOf<typeof listJobFilesRoute>, options?: CallOptions) =>
      caller.entries(
        endpoint<typeof listJobFilesRoute>('get', '/v1/jobs/{job}/files'),
        { params: { job }, query },
        options,
      ),
    findings: (job: string, options?: CallOptions) =>
      caller.entries(
        endpoint<typeof listJobFindingsRoute>('get', '/v1/jobs/{job}/findings'),
        { params: { job } },
        options,
      ),
    /** Bytes, as a `Response`. */
    file: (job: string, number: number, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof getJobFileRoute>('get', '/v1/jobs/{job}/files/{number}/content'),
        { params: { job, number } },
        options,
      ),
    zip: (job: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof getJobZipRoute>('get', '/v1/jobs/{job}/zip'),
        { params: { job } },
        options,
      ),
  };
}

export function modelsOf(caller: Caller) {
  const list = endpoint<typeof listModelsRoute>('get', '/v1/models');
  return {
    list: (query?: QueryInputOf<typeof listModelsRoute>, options?: CallOptions) =>
      caller.call(list, { query }, options),
    all: (query?: QueryInputOf<typeof listModelsRoute>, options?: CallOptions) =>
      caller.entries(list, { query }, options),
    get: (model: string, query?: QueryInputOf<typeof getModelRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getModelRoute>('get', '/v1/models/{model}'),
        { params: { model }, query },
        options,
      ),
  };
}

export function limitsOf(caller: Caller) {
  return {
    all: (query?: QueryInputOf<typeof listLimitsRoute>, options?: CallOptions) =>
      caller.entries(endpoint<typeof listLimitsRoute>('get', '/v1/limits'), { query }, options),
  };
}
