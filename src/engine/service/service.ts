/** What the engine offers to a service beside runs: who may do what, and what is kept for clients. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Store } from '../store/store.ts';
import { ApiKeys } from './api-keys.ts';
import { Idempotency, type IdempotencyDeps } from './idempotency.ts';
import { LimitBoard, type LimitBoardDeps } from './limit-board.ts';
import { OpenaiBatches } from './openai-batches.ts';
import { StoredFiles } from './stored-files.ts';
import { RunPages } from './run-pages.ts';
import { Thumbnails, type ThumbnailsDeps } from './thumbnails.ts';
import { Sessions } from './sessions.ts';
import { Standings } from './standings.ts';
import { Workspaces } from './workspaces.ts';

export interface ServicePorts extends LimitBoardDeps, ThumbnailsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly lease: IdempotencyDeps['lease'];
  /** Folder that files of clients lie in. */
  readonly home: string;
}

export interface Service {
  readonly runs: RunPages;
  readonly thumbnails: Thumbnails;
  readonly workspaces: Workspaces;
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly idempotency: Idempotency;
  readonly files: StoredFiles;
  readonly batches: OpenaiBatches;
  readonly limits: LimitBoard;
}

export function createService(ports: ServicePorts): Service {
  const standings = new Standings(ports);
  const keys = new ApiKeys({ ...ports, standings });
  return {
    runs: new RunPages(ports),
    thumbnails: new Thumbnails(ports),
    keys,
    sessions: new Sessions({ ...ports, standings }),
    idempotency: new Idempotency(ports),
    files: new StoredFiles(ports),
    batches: new OpenaiBatches(ports),
    limits: new LimitBoard(ports),
    workspaces: new Workspaces({ ...ports, standings, keys }),
  };
}
