/** What the engine offers to a service beside runs: who may do what, and what is kept for clients. */
import type { Random } from '../core/random.ts';
import type { Store } from '../store/store.ts';
import { ApiKeys } from './api-keys.ts';
import { Idempotency, type IdempotencyDeps } from './idempotency.ts';
import { OpenaiBatches } from './openai-batches.ts';
import { StoredFiles } from './stored-files.ts';
import { Workspaces } from './workspaces.ts';

export interface ServicePorts {
  readonly store: Store;
  readonly random: Random;
  readonly lease: IdempotencyDeps['lease'];
  /** Folder that files of clients lie in. */
  readonly home: string;
}

export interface Service {
  readonly workspaces: Workspaces;
  readonly keys: ApiKeys;
  readonly idempotency: Idempotency;
  readonly files: StoredFiles;
  readonly batches: OpenaiBatches;
}

export function createService(ports: ServicePorts): Service {
  const keys = new ApiKeys(ports);
  return {
    keys,
    idempotency: new Idempotency(ports),
    files: new StoredFiles(ports),
    batches: new OpenaiBatches(ports),
    workspaces: new Workspaces({ ...ports, keys }),
  };
}
