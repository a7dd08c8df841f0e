/** Pictures that sheets know by name: `@hero`. */
import type {
  addReferenceRoute,
  getReferencePictureRoute,
  getReferenceRoute,
  listReferencesRoute,
  removeReferenceRoute,
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
    remove: (name: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof removeReferenceRoute>('delete', '/v1/references/{name}'),
        { params: { name } },
        options,
      ),
  };
}
