/** Pictures that sheets know by name: `@hero`. */
import type { listItemReferencesRoute } from '../routes/item-references.ts';
import type {
  addReferenceRoute,
  changeReferenceRoute,
  getReferenceFitRoute,
  getReferencePictureRoute,
  getReferenceRoute,
  listReferencesRoute,
  removeReferenceRoute,
  restoreReferenceRoute,
} from '../routes/references.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type QueryInputOf } from './endpoint.ts';

export function referencesOf(caller: Caller) {
  const add = endpoint<typeof addReferenceRoute>('post', '/v1/references');
  return {
    all: (query?: QueryInputOf<typeof listReferencesRoute>, options?: CallOptions) =>
      caller.entries(
        endpoint<typeof listReferencesRoute>('get', '/v1/references'),
        { query },
        options,
      ),
    /** Keeps a picture of one's own under a name. */
    upload: (name: string, picture: Blob | File, options?: CallOptions) => {
      const form = new FormData();
      form.set('name', name);
      form.set('picture', picture);
      return caller.call(add, { form }, options);
    },
    /** Keeps a picture that was uploaded piece by piece. */
    addUploaded: (name: string, upload: string, options?: CallOptions) =>
      caller.call(add, { json: { name, upload } }, options),
    /** Keeps the picture at a web address under a name. */
    add: (name: string, source: string, options?: CallOptions) =>
      caller.call(add, { json: { name, source } }, options),
    get: (name: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getReferenceRoute>('get', '/v1/references/{name}'),
        { params: { name } },
        options,
      ),
    /** Bytes, as a `Response`. */
    picture: (name: string, options?: CallOptions) =>
      caller.fetch(
        endpoint<typeof getReferencePictureRoute>('get', '/v1/references/{name}/picture'),
        { params: { name } },
        options,
      ),
    /** What each model that takes references makes of it. */
    fit: (name: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getReferenceFitRoute>('get', '/v1/references/{name}/fit'),
        { params: { name } },
        options,
      ),
    rename: (name: string, to: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof changeReferenceRoute>('patch', '/v1/references/{name}'),
        { params: { name }, json: { name: to } },
        options,
      ),
    /** What was removed less than a day ago. */
    restore: (name: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof restoreReferenceRoute>('post', '/v1/references/{name}/restore'),
        { params: { name } },
        options,
      ),
    /** What an item is made after, as its run was planned with it. */
    ofItem: (run: string, item: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof listItemReferencesRoute>('get', '/v1/runs/{run}/items/{item}/references'),
        { params: { run, item } },
        options,
      ),
    remove: (name: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof removeReferenceRoute>('delete', '/v1/references/{name}'),
        { params: { name } },
        options,
      ),
  };
}
