/** Items of a run with their pictures, and what is made of a whole run. */
import type {
  createExportRoute,
  exportFileRoute,
  getExportRoute,
  listExportsRoute,
} from '../routes/exports.ts';
import type {
  contactSheetRoute,
  itemImageRoute,
  manifestRoute,
  resultsRoute,
  runFileRoute,
  thumbnailRoute,
} from '../routes/images.ts';
import type { getItemRoute, listItemsRoute } from '../routes/items.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf, type QueryInputOf } from './endpoint.ts';

const list = endpoint<typeof listItemsRoute>('get', '/v1/runs/{run}/items');

export function itemsOf(caller: Caller) {
  return {
    /** A page of them, in the order of the sheet. */
    list: (run: string, query?: QueryInputOf<typeof listItemsRoute>, options?: CallOptions) =>
      caller.call(list, { params: { run }, query }, options),
    all: (run: string, query?: QueryInputOf<typeof listItemsRoute>, options?: CallOptions) =>
      caller.entries(list, { params: { run }, query }, options),
    get: (run: string, item: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getItemRoute>('get', '/v1/runs/{run}/items/{item}'),
        { params: { run, item } },
        options,
      ),
  };
}

/** Bytes come as a `Response`: `blob()`, `arrayBuffer()`, or `body` as a stream. */
export function imagesOf(caller: Caller) {
  return {
    get: (
      run: string,
      item: string,
      query?: QueryInputOf<typeof itemImageRoute>,
      options?: CallOptions,
    ) =>
      caller.fetch(
        endpoint<typeof itemImageRoute>('get', '/v1/runs/{run}/items/{item}/image'),
        { params: { run, item }, query },
        options,
      ),
    thumbnail: (
      run: string,
      item: string,
      query?: QueryInputOf<typeof thumbnailRoute>,
      options?: CallOptions,
    ) =>
      caller.fetch(
        endpoint<typeof thumbnailRoute>('get', '/v1/runs/{run}/items/{item}/thumbnail'),
        { params: { run, item }, query },
        options,
      ),
  };
}

export function resultsOf(caller: Caller) {
  return {
    sheet: (run: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof resultsRoute>('get', '/v1/runs/{run}/results.csv'),
        { params: { run } },
        options,
      ),
    manifest: (run: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof manifestRoute>('get', '/v1/runs/{run}/manifest'),
        { params: { run } },
        options,
      ),
    contactSheet: (run: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof contactSheetRoute>('get', '/v1/runs/{run}/contact-sheet'),
        { params: { run } },
        options,
      ),
    file: (run: string, file: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof runFileRoute>('get', '/v1/runs/{run}/files/{file}'),
        { params: { run, file } },
        options,
      ),
    export: (
      run: string,
      json: JsonInputOf<typeof createExportRoute> = {},
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof createExportRoute>('post', '/v1/runs/{run}/exports'),
        { params: { run }, json },
        options,
      ),
    exports: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof listExportsRoute>('get', '/v1/runs/{run}/exports'),
        { params: { run } },
        options,
      ),
    getExport: (run: string, id: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getExportRoute>('get', '/v1/runs/{run}/exports/{export}'),
        { params: { run, export: id } },
        options,
      ),
    exportFile: (run: string, id: string, file: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof exportFileRoute>('get', '/v1/runs/{run}/exports/{export}/files/{file}'),
        { params: { run, export: id, file } },
        options,
      ),
  };
}
