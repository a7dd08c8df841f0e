/**
 * Delivery into folders that other machines have as well: what is delivered is kept before anybody is told
 * of it, and what another machine has delivered counts as there.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FileFacts, Finisher } from '../core/finisher.ts';
import { filesOf } from '../core/finishing.ts';
import { CONTACT_PAGE_FILE, itemsFolderOf } from '../deliver/contact-page/page-names.ts';
import { REPLACED_FOLDER, sheetNames, withRunId } from '../deliver/own-names.ts';
import type { LookElsewhere } from '../deliver/manifest.ts';
import { isSetAside } from '../deliver/set-aside.ts';
import {
  bringAll,
  dropOldCopy,
  fileAt,
  type HomeFiles,
  keepAll,
  keepNew,
} from '../store/home-files.ts';
import type { Delivery, DeliveryTarget } from './delivery.ts';

type Describer = Pick<Finisher, 'describe'>;

export function keptDelivery(inner: Delivery, files: HomeFiles, finisher: Describer): Delivery {
  return new KeptDelivery(inner, files, finisher);
}

/**
 * What a manifest tells of files that another machine has delivered: it was noted when they were kept. One
 * that was kept without a note is fetched.
 */
export function lookIn(files: HomeFiles, finisher: Describer): LookElsewhere {
  return async (path) => {
    const found = await files.find(path);
    if (found === undefined) return undefined;
    const { bytes, sha256, note } = found;
    if (sha256 !== undefined && note !== undefined) {
      return { sha256, bytes, ...(JSON.parse(note) as FileFacts) };
    }
    if (!(await files.bring(path))) return undefined;
    const fetched = await readFile(path);
    const hash = createHash('sha256').update(fetched).digest('hex');
    return { sha256: hash, bytes: fetched.length, ...(await finisher.describe(fetched)) };
  };
}

class KeptDelivery implements Delivery {
  readonly isSigned: boolean;
  readonly #inner: Delivery;
  readonly #files: HomeFiles;
  readonly #finisher: Describer;
  /** What is kept of a run, as it was when it was first asked for; as long as the run is worked on. */
  readonly #kept = new WeakMap<DeliveryTarget, Promise<ReadonlySet<string>>>();

  constructor(inner: Delivery, files: HomeFiles, finisher: Describer) {
    this.#inner = inner;
    this.#finisher = finisher;
    this.#files = files;
    this.isSigned = inner.isSigned === true;
  }

  async open(target: DeliveryTarget): Promise<string> {
    if (!this.#isHome(target)) return await this.#inner.open(target);
    const kept = await this.#keptOf(target);
    for (const name of sheetNames(target.facts.runId)) {
      if (kept.has(name)) await this.#files.bring(join(target.outFolder, name));
    }
    const results = await this.#inner.open(target);
    await this.#keepSheets(target);
    return results;
  }

  async image(...[target, record, names, onNamed]: Parameters<Delivery['image']>) {
    const { outFolder } = target;
    if (!this.#isHome(target)) return await this.#inner.image(target, record, names, onNamed);
    const kept = await this.#keptOf(target);
    // What another machine had begun is taken as it is.
    for (const file of filesOf(record.begun ?? record)) {
      if (kept.has(file)) await this.#files.bring(join(outFolder, file));
    }
    const placed = await this.#inner.image(target, record, names, onNamed);
    for (const file of filesOf(placed)) {
      const path = join(outFolder, file);
      const facts = await this.#finisher.describe(await readFile(path));
      await this.#files.keep(path, facts && JSON.stringify(facts));
    }
    return placed;
  }

  async setAside(target: DeliveryTarget, file: string): Promise<string> {
    const { outFolder } = target;
    if (!this.#isHome(target)) return await this.#inner.setAside(target, file);
    if (isSetAside(file)) return file;
    for (const name of await this.#keptOf(target)) {
      // Names that are taken there are seen here then.
      if (name.startsWith(`${REPLACED_FOLDER}/`) && name.endsWith(file)) {
        await this.#files.bring(join(outFolder, name));
      }
    }
    await this.#files.bring(join(outFolder, file));
    const aside = await this.#inner.setAside(target, file);
    if (aside === file) return file;
    await this.#files.keep(join(outFolder, aside));
    await this.#files.remove(join(outFolder, file));
    return aside;
  }

  /** What lies here only is not there: it is delivered again, and kept. */
  async isThere(target: DeliveryTarget, file: string): Promise<boolean> {
    if (!this.#isHome(target)) return await this.#inner.isThere(target, file);
    return (await this.#keptOf(target)).has(file);
  }

  async results(...[target, file, entries]: Parameters<Delivery['results']>): Promise<void> {
    await this.#inner.results(target, file, entries);
    await this.#files.keep(join(target.outFolder, file));
  }

  async run(target: DeliveryTarget, entries: Parameters<Delivery['run']>[1]): Promise<void> {
    if (!this.#isHome(target)) return await this.#inner.run(target, entries);
    const { outFolder, facts } = target;
    const pages = [CONTACT_PAGE_FILE, withRunId(CONTACT_PAGE_FILE, facts.runId)].map((page) =>
      join(outFolder, itemsFolderOf(page)),
    );
    // Its thumbnails were made before, and need not be made again.
    for (const page of pages) await bringAll(this.#files, page);
    await this.#inner.run(target, entries);
    for (const page of pages) {
      await keepAll(this.#files, page);
      await this.#removeOld(page);
    }
    await this.#keepSheets(target);
  }

  async #keepSheets({ outFolder, facts }: DeliveryTarget): Promise<void> {
    for (const name of sheetNames(facts.runId)) await keepNew(this.#files, join(outFolder, name));
  }

  /** Pieces of an older page, which are no longer here. */
  async #removeOld(page: string): Promise<void> {
    for await (const { path } of this.#files.list(page)) {
      if ((await fileAt(path)) === undefined) await this.#files.remove(path);
    }
  }

  /** A user's own folder is no part of the home. */
  #isHome({ outFolder }: DeliveryTarget): boolean {
    return this.#files.holds(outFolder);
  }

  #keptOf(target: DeliveryTarget): Promise<ReadonlySet<string>> {
    const known = this.#kept.get(target);
    if (known !== undefined) return known;
    const listing = this.#list(target);
    this.#kept.set(target, listing);
    // What failed is asked for again.
    listing.catch(() => this.#kept.delete(target));
    return listing;
  }

  async #list(target: DeliveryTarget): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    const { outFolder } = target;
    for await (const { path, bytes } of this.#files.list(outFolder)) {
      names.add(relative(outFolder, path).split(sep).join('/'));
      await dropOldCopy({ path, bytes });
    }
    return names;
  }
}
