/** What the engine offers to a service beside runs: who may do what, and what is kept for clients. */
import type { Random } from '../core/random.ts';
import type { Store } from '../store/store.ts';
import { ApiKeys } from './api-keys.ts';
import { Idempotency, type IdempotencyDeps } from './idempotency.ts';
import { Workspaces } from './workspaces.ts';

export interface ServicePorts {
  readonly store: Store;
  readonly random: Random;
  readonly lease: IdempotencyDeps['lease'];
}

export interface Service {
  readonly workspaces: Workspaces;
  readonly keys: ApiKeys;
  readonly idempotency: Idempotency;
}

export function createService(ports: ServicePorts): Service {
  const keys = new ApiKeys(ports);
  return {
    keys,
    idempotency: new Idempotency(ports),
    workspaces: new Workspaces({ ...ports, keys }),
  };
}
