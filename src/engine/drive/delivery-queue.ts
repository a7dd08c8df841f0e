/**
 * Delivers images into the out folder as they come, a few at a time beside the sending, and keeps the
 * results sheet fresh. Delivery works on stored images only: it can be repeated for nothing, so a full
 * out folder loses nothing that was paid for.
 */
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import {
  filesOf,
  finishKey,
  isSlow,
  type MoreFile,
  type PlacedFiles,
  recipeOf,
} from '../core/finishing.ts';
import type { DeliveryWork } from './delivery-work.ts';
import { type Delivery, type DeliveryTarget, runEntries } from './delivery.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { sheetNames } from '../deliver/own-names.ts';
import { isSetAside } from '../deliver/set-aside.ts';
import type { Screening } from '../core/screening.ts';
import { NameRegistry } from '../deliver/unique-name.ts';
import type { Store } from '../store/store.ts';

/** Images finished at once: sharp uses several threads for each. */
const AT_ONCE = 4;
/** Deliveries that may wait before the sending is held back. */
const MOST_WAITING = 200;
/** Names of delivered files written down in one transaction. */
const FILES_AT_ONCE = 20;
/** The results sheet is written again at most this often, and never for more than 5 % of the time. */
const REFRESH_MS = 3_000;
const REFRESH_SHARE = 20;

export interface DeliveryDeps {
  readonly store: Store;
  readonly workerId: string;
  readonly delivery: Delivery;
  readonly clock: Clock;
  /** Looks at a stored master, by its hash, for runs that are screened. */
  readonly screen: (hash: string) => Promise<Screening | undefined>;
}

export class DeliveryQueue implements DeliveryWork {
  readonly #deps: DeliveryDeps;
  readonly #target: DeliveryTarget;
  readonly #names: NameRegistry;
  readonly #waiting: string[] = [];
  /** Waiting or being delivered. */
  readonly #queued = new Set<string>();
  /** Delivered, and not yet written down. */
  readonly #placed: PlacedFiles[] = [];
  /** How files are made now. */
  readonly #finishKey: string;
  readonly #onDelivered: () => void;
  #broken: unknown;
  readonly #working = new Set<Promise<void>>();
  #roomed: PromiseWithResolvers<void> | undefined;
  #trouble: StorageError | undefined;
  #delivered = 0;
  #left = false;
  #hasLeft = false;
  /** Known once the folder is open; until then no results are written. */
  #resultsFile: string | undefined;
  #refreshAt = 0;
  #refreshing: Promise<void> | undefined;

  /** `onDelivered` is called after each image. */
  constructor(deps: DeliveryDeps, target: DeliveryTarget, onDelivered: () => void = () => {}) {
    this.#deps = deps;
    this.#onDelivered = onDelivered;
    this.#target = target;
    this.#names = new NameRegistry(sheetNames(target.facts.runId));
    this.#finishKey = finishKey(target.settings, deps.delivery.isSigned);
  }

  /** Items put into the out folder by this queue. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Images that wait to be finished or are being so. */
  get finishing(): number {
    return this.#waiting.length + this.#working.size;
  }

  /** Leaves what waits to the next start, when finishing it takes long; what is under way is finished. */
  leave(): void {
    if (!isSlow(recipeOf(this.#target.settings))) return;
    this.#left = true;
    this.#hasLeft ||= this.#waiting.length > 0;
    for (const itemId of this.#waiting.splice(0)) this.#queued.delete(itemId);
    this.#roomed?.resolve();
    this.#roomed = undefined;
  }

  /** The run is another worker's now: what waits is left to it. */
  #fence(): void {
    this.#left = true;
    this.#hasLeft = true;
    for (const itemId of this.#waiting.splice(0)) this.#queued.delete(itemId);
    this.#roomed?.resolve();
    this.#roomed = undefined;
  }

  /** Whether images were left to the next start. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Set when the out folder cannot take more: what is stored is delivered at the next start. */
  get trouble(): StorageError | undefined {
    return this.#trouble;
  }

  /** Opens the out folder, before anything is paid: one that cannot be used is `trouble`. */
  async open(): Promise<void> {
    try {
      this.#resultsFile = await this.#deps.delivery.open(this.#target);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#trouble ??= error;
    }
  }

  /** Enters the names that are taken, and queues what is stored but not in the folder. */
  async start(): Promise<void> {
    if (this.#trouble !== undefined) return;
    await this.#setAside();
    const { store } = this.#deps;
    for await (const record of store.records(this.#target.facts.runId, { made: true })) {
      const { itemId } = record;
      const files = await this.#wantedFiles(record);
      for (const file of files) this.#names.enter(file, itemId);
      if (record.state !== 'delivered') continue;
      const isOpen = this.#isToScreen(record) || record.file === undefined || files.length === 0;
      if (isOpen || !(await this.#areThere(files))) await this.add(itemId);
    }
  }

  /**
   * The image of a row that came back after it was set aside is delivered once more, and so is one whose
   * files were made, or begun, by another recipe: those are kept aside.
   */
  async #wantedFiles(record: ItemRecord): Promise<readonly string[]> {
    const { itemId, begun } = record;
    const { file, finishedBy } = begun ?? record;
    if (file === undefined) return [];
    const files = filesOf(begun ?? record);
    const isOfAnother = finishedBy !== undefined && finishedBy !== this.#finishKey;
    if (!isSetAside(file) && !isOfAnother) return files;
    try {
      for (const each of files) await this.#deps.delivery.setAside(this.#target, each);
      await this.#deps.store.setFiles([{ itemId, file: null }]);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#trouble ??= error;
    }
    return [];
  }

  async #areThere(files: readonly string[]): Promise<boolean> {
    const { delivery } = this.#deps;
    const there = await Promise.all(files.map((file) => delivery.isThere(this.#target, file)));
    return there.every(Boolean);
  }

  /** Images of rows that were changed make room for their successors' names, and are kept. */
  async #setAside(): Promise<void> {
    const { store, delivery } = this.#deps;
    try {
      for (const placed of await store.droppedFiles(this.#target.facts.runId)) {
        const { file, moreFiles = [] } = placed;
        if (file === null) continue;
        const aside = await delivery.setAside(this.#target, file);
        const moved: MoreFile[] = [];
        for (const more of moreFiles) {
          moved.push({ ...more, file: await delivery.setAside(this.#target, more.file) });
        }
        if (aside === file) continue;
        const others = moved.length > 0 && { moreFiles: moved };
        await store.setFiles([{ ...placed, file: aside, ...others }]);
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#trouble ??= error;
    }
  }

  /** Resolves when there is room for more. */
  async add(itemId: string): Promise<void> {
    if (this.#queued.has(itemId)) return;
    if (this.#left) {
      this.#hasLeft = true;
      return;
    }
    this.#queued.add(itemId);
    this.#waiting.push(itemId);
    this.#fill();
    while (this.#waiting.length > MOST_WAITING && this.#trouble === undefined && !this.#left) {
      this.#roomed ??= Promise.withResolvers();
      await this.#roomed.promise;
    }
  }

  /** Waits for everything that was added, and writes it down. */
  async finish(): Promise<void> {
    await this.settle();
    await this.#writeFiles();
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    while (this.#working.size > 0 || this.#refreshing !== undefined) {
      await Promise.all([...this.#working, this.#refreshing]);
    }
  }

  #fill(): void {
    const atOnce = AT_ONCE + (this.#deps.delivery.elsewhere?.() ?? 0);
    while (this.#working.size < atOnce && this.#waiting.length > 0 && !this.#trouble) {
      const work = this.#deliver(this.#waiting.shift()!).finally(() => {
        this.#working.delete(work);
        this.#roomed?.resolve();
        this.#roomed = undefined;
        this.#fill();
      });
      this.#working.add(work);
    }
  }

  async #deliver(itemId: string): Promise<void> {
    const { store, delivery } = this.#deps;
    try {
      const record = await store.record(itemId);
      if (record?.state !== 'delivered') return;
      const finishedBy = this.#finishKey;
      const files = await delivery.image(this.#target, record, this.#names, async (named) => {
        const begun = { ...named, finishedBy };
        if ((await store.beginFiles(itemId, begun, this.#deps.workerId)) === 'fenced')
          this.#fence();
      });
      const screening = await this.#screen(record);
      this.#placed.push({ itemId, ...files, ...screening, finishedBy });
      this.#delivered += 1;
      this.#onDelivered();
      if (this.#placed.length >= FILES_AT_ONCE) await this.#writeFiles();
      this.#refresh();
    } catch (error) {
      if (error instanceof StorageError) this.#trouble ??= error;
      else this.#broken ??= error;
    } finally {
      this.#queued.delete(itemId);
    }
  }

  #isToScreen({ isScreened, state }: ItemRecord): boolean {
    const isAsked = this.#target.settings.screen === true;
    return isAsked && isScreened !== true && state === 'delivered';
  }

  async #screen(record: ItemRecord): Promise<Pick<PlacedFiles, 'screening'>> {
    if (record.image === undefined || !this.#isToScreen(record)) return {};
    const screening = await this.#deps.screen(record.image.hash);
    return { screening: screening === undefined ? [] : [screening] };
  }

  /** A file whose name was not written down before a crash is delivered again, to the same name. */
  async #writeFiles(): Promise<void> {
    const placed = this.#placed.splice(0);
    if (placed.length === 0) return;
    const { store, workerId } = this.#deps;
    if ((await store.setFiles(placed, workerId)) === 'fenced') this.#fence();
  }

  /** Results appear while the run goes on; how often depends on how long writing them takes. */
  #refresh(): void {
    const { clock } = this.#deps;
    const file = this.#resultsFile;
    if (file === undefined || this.#refreshing !== undefined) return;
    if (clock.now() < this.#refreshAt) return;
    const started = clock.now();
    const entries = runEntries(this.#deps.store, this.#target.facts.runId);
    this.#refreshing = this.#writeFiles()
      .then(() => this.#deps.delivery.results(this.#target, file, entries))
      .catch((error: unknown) => {
        if (error instanceof StorageError) this.#trouble ??= error;
        else this.#broken ??= error;
      })
      .then(() => {
        const took = clock.now() - started;
        this.#refreshAt = clock.now() + Math.max(REFRESH_MS, took * REFRESH_SHARE);
        this.#refreshing = undefined;
      });
  }
}
