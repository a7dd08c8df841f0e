/** Words of 32 bits kept of an identity: 96 bits make a chance meeting of two among millions unthinkable. */
const WORDS = 3;
const FIRST_CAPACITY = 1 << 12;

/**
 * A number for each identity seen, in flat memory: 16 bytes a slot in typed arrays, at most half of
 * them used (a `Map` of a million strings takes ten times as much).
 */
export class IdentityTable {
  #capacity = FIRST_CAPACITY;
  #size = 0;
  #words = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** 0 marks a free slot, so that only positive numbers can be kept. */
  #numbers = new Uint32Array(FIRST_CAPACITY);

  /** The number kept for `identity` (24 or more hex digits), or 0. */
  get(identity: string): number {
    return this.#numbers[this.#slotOf(...wordsOf(identity))] ?? 0;
  }

  /** Keeps a positive number for `identity`. */
  set(identity: string, number: number): void {
    const words = wordsOf(identity);
    const slot = this.#slotOf(...words);
    if (this.#numbers[slot] === 0) {
      this.#size += 1;
      this.#words.set(words, slot * WORDS);
    }
    this.#numbers[slot] = number;
    if (this.#size * 2 > this.#capacity) this.#grow();
  }

  /** The slot of these words, or the free one where they belong. Linear probing. */
  #slotOf(first: number, second: number, third: number): number {
    const mask = this.#capacity - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      const isFree = this.#numbers[slot] === 0;
      const isSame =
        this.#words[at] === first &&
        this.#words[at + 1] === second &&
        this.#words[at + 2] === third;
      if (isFree || isSame) return slot;
    }
  }

  #grow(): void {
    const [words, numbers] = [this.#words, this.#numbers];
    this.#capacity *= 2;
    this.#words = new Uint32Array(this.#capacity * WORDS);
    this.#numbers = new Uint32Array(this.#capacity);
    for (const [old, number] of numbers.entries()) {
      if (number === 0) continue;
      const [first = 0, second = 0, third = 0] = words.subarray(old * WORDS, old * WORDS + WORDS);
      const slot = this.#slotOf(first, second, third);
      this.#words.set([first, second, third], slot * WORDS);
      this.#numbers[slot] = number;
    }
  }
}

function wordsOf(identity: string): [number, number, number] {
  return [
    Number.parseInt(identity.slice(0, 8), 16),
    Number.parseInt(identity.slice(8, 16), 16),
    Number.parseInt(identity.slice(16, 24), 16),
  ];
}
