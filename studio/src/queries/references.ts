/** The library of named pictures: queries begin with ['references']. */
import { queryOptions } from '@tanstack/react-query';
import type { Entry } from '../../../src/api/client/endpoint.ts';
import type { listReferencesRoute } from '../../../src/api/routes/references.ts';
import { client } from '../client.ts';

export type Reference = Entry<typeof listReferencesRoute>;

/** All of them, by name: a workspace keeps at most 1,000. */
export const referencesQuery = queryOptions({
  queryKey: ['references'],
  queryFn: async ({ signal }) => Array.fromAsync(client.references.all({ limit: 200 }, { signal })),
});

/** What each model makes of a picture; the hash: of another picture it is another answer. */
export function referenceFitQuery({ name, hash }: Pick<Reference, 'name' | 'hash'>) {
  return queryOptions({
    queryKey: ['references', name, 'fit', hash],
    staleTime: 300_000,
    queryFn: ({ signal }) => client.references.fit(name, { signal }),
  });
}

export type ReferenceFit = Awaited<ReturnType<typeof client.references.fit>>['models'][number];

/** Where a small copy of the picture is; the hash lets browsers keep it until the name has another one. */
export function thumbnailOf(
  { name, hash, media_type: mediaType, url }: Reference,
  width: number,
): string {
  // Small copies of bitmaps are not made; browsers show them as they are.
  if (mediaType === 'image/bmp') return `${url}?hash=${hash}`;
  return `/v1/references/${encodeURIComponent(name)}/thumbnail?width=${width}&hash=${hash}`;
}

/** Formats that can be added, as the engine reads them. */
export const PICTURE_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/tiff',
  'image/bmp',
] as const;

/** What an item is made after: fixed since its run was planned. */
export function itemReferencesQuery(run: string, item: string) {
  return queryOptions({
    queryKey: ['items', run, item, 'references'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await client.references.ofItem(run, item, { signal })).data,
  });
}

export type ItemReference = Awaited<ReturnType<typeof client.references.ofItem>>['data'][number];
