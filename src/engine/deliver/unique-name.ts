import { hash } from 'node:crypto';
import { shortId } from './file-name.ts';

/** A name is tried with the item's short id and then with these many numbers after it. */
const MOST_NUMBERS = 99;

const NO_ITEM = '';
/** Of a name two words of its hash, and two of its owner's. */
const WORDS = 4;
const FIRST_PLACES = 1_024;
/** Fuller than this, a table is searched for long. */
const MOST_FILLED = 0.7;

/**
 * The names that the files of a run have, so that no two differ in letter case only (they would
 * overwrite each other on the next disk). An item that asks again is given its name again. Kept are
 * hashes of 64 bits, so that a million files take 32 MB: where two names have the same one, the second
 * is taken for the first, and its item looks for another name.
 */
export class NameRegistry {
  /** A place is empty where a name's words are 0. */
  #table = new Uint32Array(FIRST_PLACES * WORDS);
  #names = 0;

  /** `taken`: names that no item may have. */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.enter(name, NO_ITEM);
  }

  /** Enters a name that an item has already. */
  enter(name: string, itemId: string): void {
    if (this.#names >= (this.#table.length / WORDS) * MOST_FILLED) this.#grow();
    const key = nameWords(name);
    const place = placeOf(this.#table, key);
    if (isEmpty(this.#table, place)) this.#names += 1;
    this.#table.set([...key, ...wordsOf(itemId)], place);
  }

  /** Whether an item may have a name: nobody else has it. */
  isFree(name: string, itemId: string): boolean {
    const place = placeOf(this.#table, nameWords(name));
    if (isEmpty(this.#table, place)) return true;
    const [one, other] = wordsOf(itemId);
    return this.#table[place + 2] === one && this.#table[place + 3] === other;
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Uint32Array(before.length * 2);
    for (let place = 0; place < before.length; place += WORDS) {
      if (isEmpty(before, place)) continue;
      const entry = before.subarray(place, place + WORDS);
      this.#table.set(entry, placeOf(this.#table, [entry[0]!, entry[1]!]));
    }
  }
}

type Words = readonly [number, number];

function nameWords(name: string): Words {
  const [one, other] = wordsOf(nameKey(name));
  return [one, one === 0 && other === 0 ? 1 : other];
}

function wordsOf(text: string): Words {
  const digest = hash('sha1', text, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

/** Where a name stands, or the empty place where it would. */
function placeOf(table: Uint32Array, [one, other]: Words): number {
  let place = (one * WORDS) % table.length;
  while (!isEmpty(table, place) && !(table[place] === one && table[place + 1] === other)) {
    place = (place + WORDS) % table.length;
  }
  return place;
}

function isEmpty(table: Uint32Array, place: number): boolean {
  return table[place] === 0 && table[place + 1] === 0;
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
