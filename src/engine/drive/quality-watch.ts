/**
 * Judges a run's images as they come: each model's detail against its own start, its canaries, drift,
 * and images that nearly repeat an earlier one. What it finds is written down beside the sending, a few
 * images at a time; after a crash the images that were not judged are judged again.
 */
import type { Finding, MeasuredItem } from '../core/measured-item.ts';
import type { PictureMeasures } from '../core/picture-measures.ts';
import type { Flag } from '../core/flag.ts';
import { DriftGroup, driftFromReference } from '../quality/drift.ts';
import { judgeCanary } from '../quality/judge-canary.ts';
import { ModelDetail } from '../quality/model-detail.ts';
import { NearDuplicates } from '../quality/near-duplicates.ts';
import type { Store } from '../store/store.ts';

/** Findings written down in one transaction. */
const FINDINGS_AT_ONCE = 20;
const MOST_FINDINGS = 500;
/** Of a long run that goes on, its first rows and its last are read again: what is compared with. */
const FIRST_ROWS = 2_000;
const LAST_ROWS = 20_000;
/** Kinds of images (model, style, with a reference or without) whose drift is followed. */
const MOST_GROUPS = 1_000;
/** Measures of references kept, some 300 bytes each. */
const MOST_MASTERS = 10_000;
/** Images of a row have places of their own in the order of the sheet. */
const IMAGES_A_ROW = 10_000;

export interface QualityWatchDeps {
  readonly store: Pick<Store, 'measured' | 'setFindings'>;
  /** Measures of a reference's master, by its hash; `undefined`: it cannot be read. */
  readonly measureMaster: (hash: string) => Promise<PictureMeasures | undefined>;
}

/** Why a model is no longer what it was at its start. */
export interface QualityLoss {
  readonly model: string;
  /** What is left of the detail, as a share of the start's. */
  readonly ratio: number;
  readonly by: 'detail' | 'canary';
}

/** An image that was looked at, while its drift is not known. */
interface Judged {
  readonly itemId: string;
  readonly flags: readonly Flag[];
  readonly hasDrift: boolean;
}

interface ModelState {
  readonly detail: ModelDetail;
  canary?: { readonly number: number; readonly measures: PictureMeasures };
}

export class QualityWatch {
  readonly #deps: QualityWatchDeps;
  readonly #runId: string;
  readonly #models = new Map<string, ModelState>();
  readonly #groups = new Map<string, DriftGroup<Judged>>();
  readonly #duplicates = new NearDuplicates<{ readonly row: number; readonly index: number }>();
  readonly #masters = new Map<string, Promise<PictureMeasures | undefined>>();
  /** What is found of an image and not written down yet, by its id. */
  readonly #findings = new Map<string, Finding>();

  constructor(deps: QualityWatchDeps, runId: string) {
    this.#deps = deps;
    this.#runId = runId;
  }

  /** Reads what the run has made before. `rows`: how many its sheet has. */
  async load(rows: number): Promise<void> {
    const { store } = this.#deps;
    const lastFrom = Math.max(FIRST_ROWS + 1, rows - LAST_ROWS);
    for (const part of [{ toRow: FIRST_ROWS }, { fromRow: lastFrom }]) {
      for await (const item of store.measured(this.#runId, part)) await this.#judge(item);
    }
    if (lastFrom === FIRST_ROWS + 1) return;
    const between = { fromRow: FIRST_ROWS + 1, toRow: lastFrom - 1, unjudged: true };
    for await (const item of store.measured(this.#runId, between)) await this.#judge(item);
  }

  /** Judges images that were settled, if they were delivered. Answers which models have fallen. */
  async add(itemIds: readonly string[]): Promise<QualityLoss[]> {
    const losses = new Map<string, QualityLoss>();
    for await (const item of this.#deps.store.measured(this.#runId, { itemIds })) {
      const loss = await this.#judge(item);
      if (loss !== undefined) losses.set(loss.model, loss);
    }
    if (this.#findings.size >= FINDINGS_AT_ONCE) await this.finish();
    return [...losses.values()];
  }

  /** Writes down everything that is found. */
  async finish(): Promise<void> {
    while (this.#findings.size > 0) {
      const findings = [...this.#findings.values()].slice(0, MOST_FINDINGS);
      for (const { itemId } of findings) this.#findings.delete(itemId);
      await this.#deps.store.setFindings(findings);
    }
  }

  async #judge(item: MeasuredItem): Promise<QualityLoss | undefined> {
    if (item.canary !== undefined) return this.#judgeCanary(item, item.canary);
    const likeness = this.#likenessOf(item);
    await this.#judgeDrift(item, this.#found(item, likeness));
    if (item.streak === undefined) return undefined;
    const { detail } = this.#stateOf(item.model);
    const order = item.row * IMAGES_A_ROW + item.index;
    detail.add({ order, streak: item.streak, detail: item.measures.detail });
    const { verdict, ratio = 1 } = detail.judge();
    return verdict === 'fell' ? { model: item.model, ratio, by: 'detail' } : undefined;
  }

  #judgeCanary(item: MeasuredItem, number: number): QualityLoss | undefined {
    const { measures, model } = item;
    this.#found(item, []);
    const state = this.#stateOf(model);
    // They may come in any order.
    if (state.canary === undefined || number < state.canary.number) {
      state.canary = { number, measures };
    }
    const { verdict, ratio } = judgeCanary(state.canary.measures, measures);
    return verdict === 'less-detail' ? { model, ratio, by: 'canary' } : undefined;
  }

  #likenessOf({ row, index, measures }: MeasuredItem): Flag[] {
    const twin = this.#duplicates.add({ row, index }, measures);
    return twin === undefined ? [] : [{ kind: 'near-duplicate', ...twin }];
  }

  /** Drift is told once there are enough images of the kind, of all the first ones together. */
  async #judgeDrift(
    { model, style, master, measures }: MeasuredItem,
    judged: Judged,
  ): Promise<void> {
    const reference = master === undefined ? undefined : await this.#measureMaster(master);
    const score = reference === undefined ? undefined : driftFromReference(measures, reference);
    const from = score === undefined ? 'start' : 'reference';
    const group = this.#groupOf(JSON.stringify([model, style ?? null, from]));
    for (const { id, drift } of group?.add(judged, measures.signature, score) ?? []) {
      if (id.hasDrift) continue;
      const flags: Flag[] = drift.isOutlier
        ? [...id.flags, { kind: 'drifted', from }]
        : [...id.flags];
      this.#findings.set(id.itemId, { itemId: id.itemId, flags, drift: drift.score });
    }
  }

  /** What was written down before stays as it is. */
  #found({ itemId, flags: before, drift }: MeasuredItem, now: readonly Flag[]): Judged {
    const flags = before ?? now;
    if (before === undefined) this.#findings.set(itemId, { itemId, flags });
    return { itemId, flags, hasDrift: drift !== undefined };
  }

  #stateOf(model: string): ModelState {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const state: ModelState = { detail: new ModelDetail() };
    this.#models.set(model, state);
    return state;
  }

  #groupOf(key: string): DriftGroup<Judged> | undefined {
    const known = this.#groups.get(key);
    if (known !== undefined || this.#groups.size >= MOST_GROUPS) return known;
    const group = new DriftGroup<Judged>();
    this.#groups.set(key, group);
    return group;
  }

  #measureMaster(hash: string): Promise<PictureMeasures | undefined> {
    const known = this.#masters.get(hash);
    if (known !== undefined) return known;
    const measuring = this.#deps.measureMaster(hash);
    if (this.#masters.size < MOST_MASTERS) this.#masters.set(hash, measuring);
    return measuring;
  }
}
