/** All about references, put together once for an engine: where masters come from, and what is sent. */
import type { Catalog } from '../core/catalog.ts';
import type { EnginePorts } from '../engine.ts';
import { ReferenceCopies } from './reference-copies.ts';
import { ReferenceLibrary } from './reference-library.ts';
import { ReferenceUploads } from './reference-uploads.ts';

export interface References {
  readonly library: ReferenceLibrary;
  readonly copies: ReferenceCopies;
}

/** `stop` is aborted when the engine stops at once. */
export function createReferences(
  { store, blobs, clock, referenceFetch, config }: EnginePorts,
  catalog: Catalog,
  stop: AbortSignal,
): References {
  const workspace = config.workspace?.id ?? 'local';
  const library = new ReferenceLibrary({ store, blobs, clock, fetch: referenceFetch, workspace });
  const uploads = new ReferenceUploads({ store, clock, stop });
  return { library, copies: new ReferenceCopies({ catalog, store, blobs, library, uploads }) };
}
