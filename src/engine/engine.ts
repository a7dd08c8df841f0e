/**
 * The composition root: everything is constructed here, by hand. `createEngine` brings the machine's
 * own ports; tests and the simulation hand in others through `composeEngine`.
 */
import { join } from 'node:path';
import { decideAdmission } from './admit/decide-admission.ts';
import { learnedMax, learnLimit } from './admit/learn-limit.ts';
import { staySuspected } from './admit/isolate-refusals.ts';
import { pickBundle } from './admit/pick-bundle.ts';
import { windowMarginMs } from './admit/rolling-window.ts';
import { createCatalog } from './catalog/catalog.ts';
import { checkAccounts } from './check-accounts.ts';
import { MODELS } from './catalog/models.ts';
import type { Clock } from './core/clock.ts';
import type { Finisher } from './core/finisher.ts';
import type { Random } from './core/random.ts';
import { Activity } from './drive/activity.ts';
import { type Delivery, fileDelivery } from './drive/delivery.ts';
import type { Engine, EngineConfig } from './engine-types.ts';
import { openIdentity } from './finish/credentials/open-identity.ts';
import { describeFile } from './finish/finish-image.ts';
import type { ImageInspector } from './finish/check/image-inspector.ts';
import type { PictureChecker } from './finish/check/check-picture.ts';
import { createScreener, type Screener } from './finish/screen/screener.ts';
import { createInspectors, createPicturePool } from './finish/workers/picture-pool.ts';
import { ImagemillEngine } from './imagemill-engine.ts';
import { createFileSignals } from './ports/file-signals.ts';
import { createPostgresSignals } from './ports/postgres-signals.ts';
import type { Processes } from './ports/processes.ts';
import type { Signals } from './ports/signals.ts';
import { makeFolder } from './ports/whole-file.ts';
import { systemClock } from './ports/system-clock.ts';
import { systemNextTurn } from './ports/system-next-turn.ts';
import { createSystemFetch } from './ports/system-fetch.ts';
import { createGuardedFetch } from './ports/system-guarded-fetch.ts';
import { systemProcesses } from './ports/system-processes.ts';
import { systemRandom } from './ports/system-random.ts';
import { FreshThumbnails } from './request/fresh-thumbnails.ts';
import { endHold, holdEntry } from './settle/ledger.ts';
import type { BlobStore } from './store/blob-store.ts';
import { openFileBlobs } from './store/file-blobs.ts';
import { imagesPlace } from './store/images-place.ts';
import { type HomeFiles, homeFolderFiles } from './store/home-files.ts';
import { atHome } from './store/home-places.ts';
import { FinishingExchange } from './share/finishing-exchange.ts';
import { SharedFinisher } from './share/shared-finisher.ts';
import { openPostgres } from './store/postgres.ts';
import { openS3Blobs, type S3Settings } from './store/s3-blobs.ts';
import { openS3HomeFiles } from './store/s3-home-files.ts';
import { openS3Bucket } from './store/s3-bucket.ts';
import { type OpenDatabase, openSqlite } from './store/sqlite.ts';
import { createSqlStore } from './store/sql-store.ts';
import type { Decisions, Store } from './store/store.ts';
import { bucketPieces, type UploadPieces } from './store/upload-pieces.ts';
import { checkConfigured } from './vendors/own/check-configured.ts';
import { vendorsOf } from './vendors/registry.ts';
import { VERSION } from './version.ts';

/** The pure decisions that the store runs inside its transactions. */
export const decisions: Decisions = {
  decideAdmission,
  pickBundle,
  staySuspected,
  learnLimit,
  learnedMax,
  windowMarginMs,
  holdEntry,
  endHold,
};

export interface EngineOptions {
  /** Folder of the embedded store and of the images. Made if it is not there. */
  readonly home: string;
  /** PostgreSQL instead of the embedded store; images stay in `home`. */
  readonly databaseUrl?: string;
  /** Images, and files that outlive this machine, go to a bucket instead of `home`. */
  readonly s3?: S3Settings;
  /** Bytes that copies of the bucket's files may have in `home`. Default: 20 GiB, and half of its disk at most. */
  readonly mostCopyBytes?: number;
  readonly config: EngineConfig;
}

/** The ports that an engine works through. */
export interface EnginePorts {
  readonly home: string;
  readonly config: EngineConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  /** For addresses that somebody wrote into a sheet: it connects to public hosts only. */
  readonly referenceFetch: typeof globalThis.fetch;
  /** For addresses of clients: it connects to public hosts only, whatever is set for sheets. */
  readonly publicFetch: typeof globalThis.fetch;
  readonly store: Store;
  /** Counts what is done with the store; absent: nothing is counted. */
  readonly activity?: Activity;
  readonly blobs: BlobStore;
  /** What runs and jobs of a service leave in the home. */
  readonly homeFiles: HomeFiles;
  /** Where clients' uploads lie piece by piece; absent: in the home. */
  readonly uploadPieces?: UploadPieces;
  /** Names where images are kept; absent: nobody else reads them. */
  readonly imagesPlace?: string;
  readonly inspect: ImageInspector;
  readonly finisher: Finisher;
  /** How pictures are finished by several processes, and by this one alone. Absent: they are not shared. */
  readonly sharing?: { readonly finisher: SharedFinisher; readonly own: Finisher };
  readonly checker: PictureChecker;
  readonly screener: Screener;
  readonly delivery: Delivery;
  readonly processes: Processes;
  readonly signals: Signals;
}

/** Opens an engine on this machine. Dispose it to close the store and let its worker threads go. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  // Prompts, pictures and secrets of webhooks are for who runs it only.
  await makeFolder(options.home, 0o700);
  const generator = { name: 'Imagemill', version: VERSION };
  const { credentials = {} } = options.config;
  const signing = await openIdentity(credentials, generator, systemClock.now());
  const opened = openDatabase(options);
  const activity = new Activity();
  const ownStore = await createSqlStore(opened, decisions);
  const store = activity.watch(options.s3 ? atHome(ownStore, options.home) : ownStore);
  const thumbnails = new FreshThumbnails(systemClock);
  const blobs = thumbnails.beside(await openBlobs(options));
  const homeFiles = await openHomeFiles(options);
  const bucket = options.s3 && (await openS3Bucket(options.s3));
  const signals = openSignals(options);
  const network = createSystemFetch();
  const guarded = createGuardedFetch({
    ...(options.config.references?.allowPrivate && { isAllowed: () => true }),
  });
  const publicOnly = createGuardedFetch();
  // Two pools: a paid answer never waits behind pictures that are being finished.
  const inspectors = createInspectors();
  const finishers = createPicturePool(undefined, signing && { signing });
  const finisher: Finisher = {
    finish: finishers.finish,
    describe: describeFile,
    ...(signing && { isSameSigned: finishers.isSameSigned }),
  };
  const sharing = new SharedFinisher({
    local: finisher,
    store,
    clock: systemClock,
    random: systemRandom,
    signals,
    exchange: new FinishingExchange({ home: options.home, homeFiles, blobs }),
  });
  const screener = createScreener(options.config.packageFolders ?? []);
  return composeEngine(
    {
      home: options.home,
      config: options.config,
      clock: systemClock,
      random: systemRandom,
      fetch: network.fetch,
      referenceFetch: guarded.fetch,
      publicFetch: publicOnly.fetch,
      store,
      activity,
      blobs,
      ...(bucket && { uploadPieces: bucketPieces(bucket) }),
      homeFiles,
      imagesPlace: await imagesPlace(options.home, options.s3, systemRandom),
      inspect: thumbnails.inspecting(inspectors.inspect),
      finisher: sharing,
      sharing: { finisher: sharing, own: finisher },
      checker: { check: (bytes) => finishers.check(bytes, credentials.trustAnchors) },
      screener,
      delivery: fileDelivery(blobs, sharing, homeFiles),
      processes: systemProcesses,
      signals,
    },
    [
      signals,
      network,
      guarded,
      publicOnly,
      inspectors,
      finishers,
      screener,
      ...(bucket ? [bucket] : []),
      homeFiles,
      blobs,
      store,
    ],
  );
}

/** An engine on other ports. `owned` is disposed with it, in order. */
export function composeEngine(ports: EnginePorts, owned: readonly AsyncDisposable[] = []): Engine {
  const { models, configured } = ports.config;
  checkConfigured(configured);
  const vendorNames = vendorsOf(configured).map(({ name }) => name);
  const catalog = createCatalog(MODELS, models, vendorNames);
  checkAccounts(ports.config, catalog);
  return new ImagemillEngine(ports, catalog, owned);
}

function openDatabase({ home, databaseUrl }: EngineOptions): OpenDatabase {
  return databaseUrl === undefined
    ? openSqlite(join(home, 'imagemill.db'), { clock: systemClock, nextTurn: systemNextTurn })
    : openPostgres(databaseUrl);
}

async function openBlobs({ home, s3 }: EngineOptions): Promise<BlobStore & AsyncDisposable> {
  if (s3 !== undefined) return openS3Blobs(s3);
  const blobs = await openFileBlobs(join(home, 'images'));
  return { ...blobs, [Symbol.asyncDispose]: async () => {} };
}

async function openHomeFiles(options: EngineOptions): Promise<HomeFiles & AsyncDisposable> {
  const { home, s3, mostCopyBytes } = options;
  const bound = mostCopyBytes !== undefined && { mostCopyBytes };
  if (s3 !== undefined) return openS3HomeFiles(s3, { home, clock: systemClock, ...bound });
  return { ...homeFolderFiles(), [Symbol.asyncDispose]: async () => {} };
}

function openSignals({ home, databaseUrl }: EngineOptions): Signals {
  return databaseUrl === undefined
    ? createFileSignals(home, (waitMs, signal) => systemClock.sleep(waitMs, signal))
    : createPostgresSignals(databaseUrl, (waitMs, signal) => systemClock.sleep(waitMs, signal));
}
