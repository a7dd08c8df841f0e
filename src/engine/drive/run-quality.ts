/** What a run does about the quality of its images: judges them, and changes turns where it may. */
import type { Catalog } from '../core/catalog.ts';
import { parseLaneName } from '../core/lane.ts';
import type { PictureMeasures } from '../core/picture-measures.ts';
import { StorageError } from '../core/errors.ts';
import type { ImageInspector } from '../finish/check/image-inspector.ts';
import { type QualityLoss, QualityWatch } from './quality-watch.ts';
import { type EndedTurn, endTurn, turnModels } from './rotate-models.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store, StoredRun } from '../store/store.ts';

export interface RunQualityDeps {
  readonly store: Pick<Store, 'measured' | 'setFindings' | 'amendWaiting'>;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly inspect: ImageInspector;
  readonly catalog: Catalog;
}

export class RunQuality {
  readonly #deps: RunQualityDeps;
  readonly #run: StoredRun;
  readonly #watch: QualityWatch;
  readonly #reachable: ReadonlySet<string>;
  readonly #turns: ReadonlySet<string>;
  /** Models whose turn is over, until they are given rows again. */
  readonly #over = new Set<string>();

  /** `lanes`: names of those that are bound. */
  constructor(deps: RunQualityDeps, run: StoredRun, lanes: readonly string[]) {
    this.#deps = deps;
    this.#run = run;
    const measureMaster = (hash: string) => measure(deps, hash);
    this.#watch = new QualityWatch({ store: deps.store, measureMaster }, run.id);
    const live = lanes.map(parseLaneName).filter(({ kind }) => kind === 'live');
    this.#reachable = new Set(live.map(({ model }) => model));
    this.#turns = new Set(turnModels(run.settings, deps.catalog));
  }

  /** Reads what was made before, so that what comes is compared with it. */
  async load(delivered: number): Promise<void> {
    if (delivered > 0) await this.#watch.load(this.#run.plan?.rows ?? 0);
  }

  /** Judges images that were settled. Answers, in words, the turns that ended by it. */
  async settled(itemIds: readonly string[]): Promise<string[]> {
    // An image that is alone in its run is compared with nothing.
    if (this.#run.plan?.items === 1) return [];
    const notices: string[] = [];
    for (const loss of await this.#watch.add(itemIds)) {
      if (!this.#turns.has(loss.model) || this.#over.has(loss.model)) continue;
      this.#over.add(loss.model);
      const ended = await endTurn(this.#deps, this.#run, loss.model, this.#reachable);
      if (ended === undefined) continue;
      for (const { model } of ended.given) this.#over.delete(model.id);
      notices.push(noticeOf(loss, ended));
    }
    return notices;
  }

  finish(): Promise<void> {
    return this.#watch.finish();
  }
}

function noticeOf({ ratio, by }: QualityLoss, { from, given }: EndedTurn): string {
  const share = `${Math.round(ratio * 100)} % of its start`;
  const why =
    by === 'canary'
      ? `made its canary with ${share} of the detail`
      : `fell to ${share} in detail (subjects differ in it: look at the images)`;
  const next = given.map(({ model, images }) => `${model.title} (${images})`).join(', ');
  return `${from.title} ${why}; the waiting images of its turn go to ${next}`;
}

/** Formats that no model makes, and pictures that are gone, are compared with nothing. */
async function measure(
  { blobs, inspect }: RunQualityDeps,
  hash: string,
): Promise<PictureMeasures | undefined> {
  try {
    const inspection = await inspect(await blobs.get(hash));
    return inspection.kind === 'image' ? inspection.measures : undefined;
  } catch (error) {
    if (error instanceof StorageError) return undefined;
    throw error;
  }
}
