import { shortId } from './file-name.ts';

/** A name is tried with the item's short id and then with these many numbers after it. */
const MOST_NUMBERS = 99;

const NO_ITEM = '';

/**
 * The names that the files of a run have, so that no two differ in letter case only (they would
 * overwrite each other on the next disk). An item that asks again is given its name again. It takes
 * about 200 bytes a file.
 */
export class NameRegistry {
  readonly #owners = new Map<string, string>();

  /** `taken`: names that no item may have. */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.enter(name, NO_ITEM);
  }

  /** Enters a name that an item has already. */
  enter(name: string, itemId: string): void {
    this.#owners.set(nameKey(name), itemId);
  }

  /** Whether an item may have a name: nobody else has it. */
  isFree(name: string, itemId: string): boolean {
    const owner = this.#owners.get(nameKey(name));
    return owner === undefined || owner === itemId;
  }
}

/** Two names with the same key are one file on some system. */
export function nameKey(name: string): string {
  return name.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
}

/** `a.png`, `a-3f9a2c.png`, `a-3f9a2c-2.png`, …: what an item's file may be called, best first. */
export function* possibleNames(name: string, itemId: string): Generator<string> {
  yield name;
  const dot = name.lastIndexOf('.');
  const [stem, extension] = [name.slice(0, dot), name.slice(dot)];
  const id = shortId(itemId);
  yield `${stem}-${id}${extension}`;
  for (let number = 2; number <= MOST_NUMBERS; number += 1) {
    yield `${stem}-${id}-${number}${extension}`;
  }
}
