/** Sheets of runs that follow from another one: some of its items again, as they are or changed. */
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { extname, isAbsolute, join } from 'node:path';
import { InputError } from '../core/errors.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { ChosenItem, ItemChoice } from '../store/follow-up-store.ts';
import type { ItemCursor } from '../store/run-listing-store.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { type FollowUpFrame, followUpRow } from './follow-up-rows.ts';

const ITEMS_AT_ONCE = 500;

export interface FollowUpSheetOrder extends Omit<FollowUpFrame, 'run' | 'round' | 'hasStyles'> {
  readonly run: StoredRun;
  readonly choice: ItemChoice;
  /** Most rows. */
  readonly most: number;
  /** The picture of each item goes along, before the row's own references. */
  readonly withImage: boolean;
  /** Folder of the new sheet; it becomes the only place that the sheet's references lie in. */
  readonly folder: string;
  /** Where a copy of the run's styles is put, without its ending. */
  readonly stylesAs: string;
}

export interface FollowUpSheet {
  readonly sheet: string;
  readonly stylesFile?: string;
  readonly rows: number;
}

export interface FollowUpsDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly homeFiles: HomeFiles;
}

export class FollowUps {
  readonly #deps: FollowUpsDeps;

  constructor(deps: FollowUpsDeps) {
    this.#deps = deps;
  }

  /** How many images are delivered, or were said this of. */
  count(runId: string, choice: Parameters<Store['countChosen']>[1]): Promise<number> {
    return this.#deps.store.countChosen(runId, choice);
  }

  /** Of these ids, those that the run does not have. */
  async missing(runId: string, ids: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for await (const { record } of this.#chosen(runId, { items: ids })) found.add(record.itemId);
    return ids.filter((id) => !found.has(id));
  }

  /**
   * Writes the sheet, a row for each chosen item, with the pictures that it refers to. Throws `InputError` when
   * there is nothing to make, or too much.
   */
  async writeSheet(order: FollowUpSheetOrder): Promise<FollowUpSheet> {
    const { run, choice, most, folder } = order;
    await mkdir(folder, { recursive: true });
    const { stylesFile: styles } = run.settings;
    if (styles !== undefined) await this.#deps.homeFiles.bring(styles);
    const stylesFile = await copyStyles(run, order.stylesAs);
    const round = (await this.#deps.store.followUpsOf(run.id)).length;
    const frame = { ...order, round, hasStyles: stylesFile !== undefined };
    const lines: string[] = [];
    for await (const item of this.#chosen(run.id, choice)) {
      if (lines.length === most) throw tooMany(most);
      const references = await this.#references(item, order);
      lines.push(`${JSON.stringify(followUpRow(item, references, frame))}\n`);
    }
    if (lines.length === 0) throw nothing();
    const sheet = join(folder, 'rows.jsonl');
    await writeFile(sheet, lines.join(''));
    return { sheet, rows: lines.length, ...(stylesFile !== undefined && { stylesFile }) };
  }

  async *#chosen(runId: string, choice: ItemChoice): AsyncGenerator<ChosenItem> {
    let after: ItemCursor | undefined;
    do {
      const page = await this.#deps.store.chosenItems(runId, choice, {
        limit: ITEMS_AT_ONCE,
        ...(after !== undefined && { after }),
      });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  /** As the new sheet names them: files of the run are put beside it, names and addresses stay. */
  async #references(
    { record, planned }: ChosenItem,
    { withImage, folder }: FollowUpSheetOrder,
  ): Promise<string[]> {
    const places: string[] = [];
    if (withImage && record.image !== undefined) {
      const { hash, format } = record.image;
      const place = `pictures/${record.row.number}-${record.index}-${hash.slice(0, 8)}.${format}`;
      await this.#place(hash, join(folder, place));
      places.push(place);
    }
    for (const [at, reference] of planned.references.entries()) {
      const hash = planned.masters?.[at]?.hash;
      if (!isAbsolute(reference)) places.push(reference);
      else if (hash !== undefined) {
        const place = `references/${hash.slice(0, 16)}${extname(reference).toLowerCase()}`;
        await this.#place(hash, join(folder, place));
        places.push(place);
      }
    }
    return places;
  }

  /** The same bytes under a second name where the disk can do that: masters are never changed. */
  async #place(hash: string, to: string): Promise<void> {
    const { blobs } = this.#deps;
    await mkdir(join(to, '..'), { recursive: true });
    const from = blobs.path?.(hash);
    try {
      if (from !== undefined) return await link(from, to);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return;
    }
    await writeFile(to, await blobs.get(hash));
  }
}

/** `undefined`: the run has none, or they are not there any more. */
async function copyStyles({ settings }: StoredRun, as: string): Promise<string | undefined> {
  const { stylesFile } = settings;
  if (stylesFile === undefined) return undefined;
  const copy = `${as}${extname(stylesFile)}`;
  try {
    await copyFile(stylesFile, copy);
    return copy;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function nothing(): InputError {
  return new InputError([
    { message: 'None of the images was chosen', remedy: 'Choose at least one of them.' },
  ]);
}

function tooMany(most: number): InputError {
  return new InputError([
    {
      message: `More than ${most} images were chosen`,
      remedy: 'Make them in several parts.',
    },
  ]);
}
