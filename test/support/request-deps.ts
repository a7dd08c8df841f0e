import { seededRandom } from '../../src/engine/core/random.ts';
import type { RequestDeps } from '../../src/engine/request/end-request.ts';
import { memoryBlobs } from './memory-blobs.ts';

/** What a worker needs to carry requests without references; every picture passes its inspection. */
export function requestDeps(given: Pick<RequestDeps, 'store' | 'clock'>): RequestDeps {
  const noReferences = () => Promise.reject(new Error('no references here'));
  return {
    ...given,
    blobs: memoryBlobs(),
    inspect: async () => ({
      kind: 'image',
      width: 1024,
      height: 1024,
      format: 'png',
      blank: false,
      measures: { detail: 400, fingerprint: '0'.repeat(32), signature: '0'.repeat(96) },
    }),
    random: seededRandom(1),
    workerId: 'worker',
    references: { forRequest: noReferences, forget: noReferences, makeReady: noReferences },
    askedSize: (_model, size) => size,
    wireModel: (model) => model,
    stop: new AbortController().signal,
    suspected: new Set(),
  };
}
