/** What the engine offers to a service beside runs: who may do what, and what is kept for clients. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import type { Store } from '../store/store.ts';
import { ApiKeys } from './api-keys.ts';
import { Ceilings } from './ceilings.ts';
import { Credits } from './credits.ts';
import { FollowUps } from './follow-ups.ts';
import { Dashboard } from './dashboard.ts';
import { DetailByPlace, type DetailByPlaceDeps } from './detail-by-place.ts';
import { Inspections } from './inspections.ts';
import { Idempotency, type IdempotencyDeps } from './idempotency.ts';
import { LimitBoard, type LimitBoardDeps } from './limit-board.ts';
import { Operations, type OperationsDeps } from './operations.ts';
import { Payments } from './payments.ts';
import { Uploads, type UploadsDeps } from './uploads.ts';
import { Usage } from './usage.ts';
import { OrderedJobs, type OrderedJobsDeps } from './ordered-jobs.ts';
import { OpenaiBatches } from './openai-batches.ts';
import { StoredFiles } from './stored-files.ts';
import { Reviews } from './reviews.ts';
import { Previews } from './previews.ts';
import { RunPages } from './run-pages.ts';
import { Tiles } from './tiles.ts';
import { Thumbnails, type ThumbnailsDeps } from './thumbnails.ts';
import { Sessions } from './sessions.ts';
import { Shares } from './shares.ts';
import { SheetPreviews } from './sheet-previews.ts';
import { Standings } from './standings.ts';
import { WebhookOutbox } from './webhook-outbox.ts';
import { Webhooks } from './webhooks.ts';
import { WebhookSecrets } from './webhook-secrets.ts';
import { WorkerBoard, type WorkerBoardDeps } from './worker-board.ts';
import { WorkspaceEvents } from './workspace-events.ts';
import { Workspaces } from './workspaces.ts';

export interface ServicePorts extends LimitBoardDeps, ThumbnailsDeps, OrderedJobsDeps {
  readonly activity: OperationsDeps['activity'];
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly lease: IdempotencyDeps['lease'] & WorkerBoardDeps['lease'];
  readonly processes: WorkerBoardDeps['processes'];
  readonly imagesPlace?: NonNullable<WorkerBoardDeps['imagesPlace']>;
  readonly quality: DetailByPlaceDeps['quality'];
  readonly counts: KeptCounts;
  /** Folder that files of clients lie in. */
  readonly home: string;
  readonly uploadPieces?: NonNullable<UploadsDeps['uploadPieces']>;
  readonly fetch: typeof globalThis.fetch;
  readonly publicFetch: typeof globalThis.fetch;
}

export interface Service {
  readonly operations: Operations;
  readonly runs: RunPages;
  readonly followUps: FollowUps;
  readonly shares: Shares;
  readonly reviews: Reviews;
  readonly thumbnails: Thumbnails;
  readonly tiles: Tiles;
  readonly workspaces: Workspaces;
  readonly keys: ApiKeys;
  readonly events: WorkspaceEvents;
  readonly webhooks: Webhooks;
  readonly outbox: WebhookOutbox;
  readonly sessions: Sessions;
  readonly sheets: SheetPreviews;
  readonly idempotency: Idempotency;
  readonly files: StoredFiles;
  readonly uploads: Uploads;
  readonly batches: OpenaiBatches;
  readonly limits: LimitBoard;
  readonly jobs: OrderedJobs;
  readonly previews: Previews;
  readonly inspections: Inspections;
  readonly ceilings: Ceilings;
  readonly credits: Credits;
  readonly payments: Payments;
  readonly usage: Usage;
  readonly dashboard: Dashboard;
  readonly detail: DetailByPlace;
  readonly workers: WorkerBoard;
}

export function createService(ports: ServicePorts): Service {
  const standings = new Standings(ports);
  const keys = new ApiKeys({ ...ports, standings });
  const ceilings = new Ceilings(ports);
  const reviews = new Reviews(ports);
  const secrets = new WebhookSecrets({ ...ports, secret: ports.config.secret });
  return {
    operations: new Operations(ports),
    runs: new RunPages(ports),
    followUps: new FollowUps(ports),
    shares: new Shares({ ...ports, reviews }),
    reviews,
    thumbnails: new Thumbnails(ports),
    tiles: new Tiles(ports),
    keys,
    events: new WorkspaceEvents(ports),
    webhooks: new Webhooks({ ...ports, secrets }),
    outbox: new WebhookOutbox({ ...ports, secrets }),
    sessions: new Sessions({ ...ports, standings }),
    sheets: new SheetPreviews(),
    idempotency: new Idempotency(ports),
    files: new StoredFiles(ports),
    uploads: new Uploads(ports),
    batches: new OpenaiBatches(ports),
    limits: new LimitBoard(ports),
    jobs: new OrderedJobs(ports),
    previews: new Previews(ports),
    inspections: new Inspections(ports),
    ceilings,
    credits: new Credits({ ...ports, ceilings }),
    payments: new Payments({ ...ports, ceilings }),
    usage: new Usage(ports),
    dashboard: new Dashboard(ports),
    detail: new DetailByPlace(ports),
    workers: new WorkerBoard(ports),
    workspaces: new Workspaces({
      ...ports,
      standings,
      keys,
      ceilingOf: (bought) => ceilings.of(bought),
    }),
  };
}
