/** Single pictures: what a job's settings would make of one, and what a file says of itself. */
import { FIGURES_HEADER } from '../figures-header.ts';
import type { createJobRoute } from '../routes/jobs.ts';
import type {
  createInspectionRoute,
  createPreviewRoute,
  getItemInspectionRoute,
  PreviewFigures,
} from '../routes/tools.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf, type QueryInputOf } from './endpoint.ts';

export interface MadePreview {
  readonly figures: PreviewFigures;
  /** The finished file. */
  readonly picture: Blob;
}

type PreviewQuery = QueryInputOf<typeof createPreviewRoute>;

export function toolsOf(caller: Caller) {
  const preview = endpoint<typeof createPreviewRoute>('post', '/v1/previews');
  return {
    /** Of the single item that `items` names. */
    preview: async (
      json: JsonInputOf<typeof createPreviewRoute>,
      query: PreviewQuery = {},
      options?: CallOptions,
    ) => madeOf(await caller.fetch(preview, { json, query }, options)),
    /** Of a picture of one's own. */
    previewFile: async (
      job: Omit<JsonInputOf<typeof createJobRoute>, 'run' | 'items'>,
      picture: File,
      query: PreviewQuery = {},
      options?: CallOptions,
    ) => {
      const form = new FormData();
      form.set('job', JSON.stringify(job));
      form.set('picture', picture, picture.name);
      return madeOf(await caller.fetch(preview, { form, query }, options));
    },
    inspect: (picture: File, options?: CallOptions) => {
      const form = new FormData();
      form.set('picture', picture, picture.name);
      return caller.call(
        endpoint<typeof createInspectionRoute>('post', '/v1/inspections'),
        { form },
        options,
      );
    },
    inspectItem: (
      run: string,
      item: string,
      query?: QueryInputOf<typeof getItemInspectionRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof getItemInspectionRoute>('get', '/v1/runs/{run}/items/{item}/inspection'),
        { params: { run, item }, query },
        options,
      ),
  };
}

async function madeOf(answer: Response): Promise<MadePreview> {
  const figures = JSON.parse(answer.headers.get(FIGURES_HEADER) ?? '{}') as PreviewFigures;
  return { figures, picture: await answer.blob() };
}
