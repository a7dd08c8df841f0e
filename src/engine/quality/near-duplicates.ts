import { differingBits, WORDS, wordsOf } from './bit-distance.ts';
import { colourDistance } from './colour-distance.ts';

/** A fifth of 128: edits of one picture stay below 35 bits, pictures of unlike subjects above 38. */
const MOST_BITS = 25;
/** The fingerprint knows no colours; the same bottle in red and in green is no duplicate (CIE76). */
const MOST_COLOUR = 12;
/**
 * Images that a new one is compared with, the latest of them: 20,000 take 0.2 ms and 2 MB. Of a longer
 * run, what is farther apart is not compared.
 */
const MOST_REMEMBERED = 20_000;

export interface FingerprintedImage {
  readonly row: number;
  readonly index: number;
  readonly fingerprint: string;
  readonly signature: string;
}

/** Remembers the images of a run, and finds those that nearly repeat one of them. */
export class NearDuplicates {
  readonly #most: number;
  #words: Uint32Array;
  readonly #images: Omit<FingerprintedImage, 'fingerprint'>[] = [];
  #next = 0;

  constructor(most = MOST_REMEMBERED) {
    this.#most = most;
    this.#words = new Uint32Array(Math.min(most, 256) * WORDS);
  }

  /** Remembers an image. Answers the most similar one so far, if it is a near-duplicate. */
  add(image: FingerprintedImage): { readonly row: number; readonly index: number } | undefined {
    const words = wordsOf(image.fingerprint);
    const { row, index, signature } = image;
    const found = this.#find(words, signature);
    if (this.#images.length < this.#most) this.#grow();
    this.#words.set(words, this.#next * WORDS);
    this.#images[this.#next] = { row, index, signature };
    this.#next = (this.#next + 1) % this.#most;
    return found;
  }

  #find(words: Uint32Array, signature: string): { row: number; index: number } | undefined {
    let nearest: { row: number; index: number } | undefined;
    let least = MOST_BITS + 1;
    for (let place = 0; place < this.#images.length; place += 1) {
      const bits = differingBits(words, 0, this.#words, place * WORDS);
      if (bits >= least) continue;
      const image = this.#images[place]!;
      if (colourDistance(signature, image.signature) > MOST_COLOUR) continue;
      least = bits;
      nearest = { row: image.row, index: image.index };
    }
    return nearest;
  }

  #grow(): void {
    if ((this.#images.length + 1) * WORDS <= this.#words.length) return;
    const longer = new Uint32Array(Math.min(this.#most * WORDS, this.#words.length * 2));
    longer.set(this.#words);
    this.#words = longer;
  }
}
