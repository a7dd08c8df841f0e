/**
 * References as they are sent: the master itself where the model takes it, otherwise a fitted copy, made
 * once for all requests with the same limits; as bytes, or as what the vendor keeps of them already.
 */
import type { Catalog } from '../core/catalog.ts';
import { StorageError } from '../core/errors.ts';
import { parseLaneName } from '../core/lane.ts';
import type { Model } from '../core/model.ts';
import type { PlannedRow } from '../core/plan.ts';
import {
  decideReferenceFit,
  type MasterFacts,
  type ReferenceChange,
  type ReferenceFit,
  referenceLabel,
  type ReferenceStep,
} from '../core/reference.ts';
import type { Size } from '../core/size.ts';
import type { ReferenceLibrary } from './reference-library.ts';
import type { ReferenceLane, ReferenceUploads } from './reference-uploads.ts';
import { atMost } from '../core/at-most.ts';
import { fitReference } from '../references/fit-reference.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { Reference } from '../vendors/vendor.ts';

/** Pictures that are worked on at a time: each may take the memory of a large one. */
const FITTED_AT_ONCE = 2;
/** Copies that are remembered, of a few hundred bytes each. */
const MOST_REMEMBERED = 10_000;
/** Requests beyond the next ones whose references are made ready on the side. */
const LOOK_AHEAD = 32;

export interface ReferenceCopiesDeps {
  readonly catalog: Catalog;
  readonly store: Pick<Store, 'nextRows'>;
  readonly blobs: BlobStore;
  readonly library: Pick<ReferenceLibrary, 'find'>;
  readonly uploads: ReferenceUploads;
}

export interface ReferencesOrder {
  /** `model` is the one that this request goes to. */
  readonly row: Pick<PlannedRow, 'references' | 'masters' | 'model'>;
  readonly lane: ReferenceLane;
  /** The request is a line of a batch. */
  readonly inBatch: boolean;
}

export type SentReferences =
  | { readonly references: readonly Reference[]; readonly changes: readonly ReferenceChange[] }
  | { readonly problem: string };

/** A picture that is ready to be sent. */
interface Copy extends Size {
  readonly hash: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly steps: readonly ReferenceStep[];
  /** The bytes themselves, where the disk did not take them. */
  readonly inMemory?: Uint8Array;
}

interface Problem {
  readonly problem: string;
}

export class ReferenceCopies {
  readonly #deps: ReferenceCopiesDeps;
  readonly #copies = new Map<string, Promise<Copy | Problem>>();
  readonly #ready = new Set<string>();
  readonly #aside = new Set<Promise<unknown>>();
  readonly #gate = atMost(FITTED_AT_ONCE);

  constructor(deps: ReferenceCopiesDeps) {
    this.#deps = deps;
  }

  /** A row's references as its lane takes them, and what was changed; or what is in the way. */
  async forRequest(order: ReferencesOrder): Promise<SentReferences> {
    const references: Reference[] = [];
    const changes: ReferenceChange[] = [];
    for (const [place, reference] of order.row.references.entries()) {
      const facts = await this.#factsOf(order.row, place);
      const copy = 'problem' in facts ? facts : await this.#copyOf(facts, order.row.model);
      const sent = 'problem' in copy ? copy : await this.#send(copy, order);
      if ('problem' in sent) return { problem: `${referenceLabel(reference)}: ${sent.problem}` };
      references.push(sent);
      changes.push(...changesOf(reference, facts as MasterFacts, copy as Copy));
    }
    return { references, changes };
  }

  /**
   * Makes ready what the next requests of a lane refer to, so that nothing is left to do between their
   * admission and their sending: a grant may not wait for a picture. Those behind them follow on the
   * side. What goes wrong here comes up again, in words, when the request is sent.
   */
  async makeReady(
    runId: string,
    lane: { readonly name: string; readonly lane: ReferenceLane },
    most: number,
  ): Promise<void> {
    const { model, kind } = parseLaneName(lane.name);
    const rows = await this.#deps.store.nextRows(runId, lane.name, most + LOOK_AHEAD);
    const prepare = (row: PlannedRow) =>
      this.#prepare({ row: { ...row, model }, lane: lane.lane, inBatch: kind === 'batch' });
    const now = Promise.all(rows.slice(0, most).map(prepare));
    this.#putAside(now);
    await now;
    for (const row of rows.slice(most)) this.#putAside(prepare(row));
  }

  /** Handles that the vendor did not take are not used again. */
  async forget(account: string, references: readonly Reference[]): Promise<void> {
    await this.#deps.uploads.forget(account, references);
    this.#ready.clear();
  }

  /** Waits for what goes on on the side: nothing may use the store once it is closed. */
  async settle(): Promise<void> {
    await Promise.all(this.#aside);
  }

  #putAside(work: Promise<unknown>): void {
    const silent = work
      .catch(() => undefined)
      .finally(() => {
        this.#aside.delete(silent);
      });
    this.#aside.add(silent);
  }

  async #prepare(order: ReferencesOrder): Promise<void> {
    const { row, lane, inBatch } = order;
    for (const place of row.references.keys()) {
      const facts = await this.#factsOf(row, place);
      if ('problem' in facts) return;
      const key = `${lane.account} ${row.model} ${inBatch} ${facts.hash}`;
      if (this.#ready.has(key)) continue;
      const copy = await this.#copyOf(facts, row.model);
      if ('problem' in copy) return;
      await this.#handleOf(copy, order);
      if (this.#ready.size >= MOST_REMEMBERED) this.#ready.clear();
      this.#ready.add(key);
    }
  }

  /** As planned; a row that was planned before masters were written down is looked up now. */
  async #factsOf(row: ReferencesOrder['row'], place: number): Promise<MasterFacts | Problem> {
    const planned = row.masters?.[place];
    if (planned !== undefined) return planned;
    const finding = await this.#deps.library.find(row.references[place]!, true);
    return finding.kind === 'problem' ? { problem: finding.message } : finding.facts;
  }

  async #copyOf(facts: MasterFacts, modelId: string): Promise<Copy | Problem> {
    const model = this.#deps.catalog.find(modelId);
    if (model === undefined) return { problem: `there is no model ${modelId} any more` };
    const fit = decideReferenceFit(facts, model);
    if (fit.kind === 'impossible') return { problem: fit.message };
    if (fit.kind === 'as-it-is') return { ...facts, steps: [] };
    const key = `${facts.hash} ${JSON.stringify(model.references)}`;
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const making = this.#gate(() => this.#fit(facts, model, fit));
    this.#copies.set(key, making);
    const [oldest] = this.#copies.keys();
    if (this.#copies.size > MOST_REMEMBERED && oldest !== undefined) this.#copies.delete(oldest);
    const copy = await making.catch((error: unknown) => notThere(error));
    // What went wrong may go better the next time, and bytes are not to be kept in memory.
    if ('problem' in copy || copy.inMemory !== undefined) this.#copies.delete(key);
    return copy;
  }

  async #fit(
    facts: MasterFacts,
    model: Model,
    fit: Extract<ReferenceFit, { kind: 'changed' }>,
  ): Promise<Copy | Problem> {
    const master = await this.#deps.blobs.get(facts.hash);
    const fitted = await fitReference(master, facts, fit, model.references);
    if (fitted === undefined) {
      return { problem: `it cannot be made small enough for ${model.title}` };
    }
    const { bytes, ...rest } = fitted;
    const copy = { ...rest, bytes: bytes.length };
    try {
      const { hash } = await this.#deps.blobs.put(bytes);
      return { ...copy, hash };
    } catch (error) {
      // A full disk stops the run elsewhere; this request can still go.
      if (!(error instanceof StorageError)) throw error;
      return { ...copy, hash: '', inMemory: bytes };
    }
  }

  async #send(copy: Copy, order: ReferencesOrder): Promise<Reference | Problem> {
    const { mediaType } = copy;
    try {
      const handle = await this.#handleOf(copy, order);
      if (handle !== undefined) return { kind: 'uploaded', handle, mediaType };
      this.#deps.uploads.noteSent(order.lane, copy.hash);
      return { kind: 'bytes', bytes: await this.#bytesOf(copy), mediaType };
    } catch (error) {
      return notThere(error);
    }
  }

  async #handleOf(copy: Copy, { row, lane, inBatch }: ReferencesOrder) {
    if (copy.inMemory !== undefined) return undefined;
    const { hash, bytes, mediaType } = copy;
    return this.#deps.uploads.handleOf({
      lane,
      hash,
      bytes,
      mediaType,
      read: () => this.#bytesOf(copy),
      inBatch,
      neededMs: longestMs(this.#deps.catalog.find(row.model), inBatch),
    });
  }

  async #bytesOf(copy: Copy): Promise<Uint8Array> {
    return copy.inMemory ?? (await this.#deps.blobs.get(copy.hash));
  }
}

/** How long a call or a batch may refer to a picture. */
function longestMs(model: Model | undefined, inBatch: boolean): number {
  if (model === undefined) return 0;
  const live = Math.max(...Object.values(model.longestCallMs));
  return inBatch ? Math.max(live, model.batch?.longestMs ?? 0) : live;
}

function changesOf(reference: string, facts: MasterFacts, copy: Copy): ReferenceChange[] {
  const steps = [...(facts.ownMaster ? (['own-master'] as const) : []), ...copy.steps];
  if (steps.length === 0) return [];
  return [{ reference: referenceLabel(reference), steps, from: stateOf(facts), to: stateOf(copy) }];
}

function stateOf({ width, height, bytes, mediaType }: ReferenceChange['from']) {
  return { width, height, bytes, mediaType };
}

/** A picture that is gone or damaged is this request's trouble; any other fault is not. */
function notThere(error: unknown): Problem {
  const fault = error instanceof StorageError ? error.fault : undefined;
  if (fault !== 'missing' && fault !== 'damaged') throw error;
  return { problem: 'its stored picture is not there any more: run the sheet again' };
}
