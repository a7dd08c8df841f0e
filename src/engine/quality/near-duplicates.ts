import type { PictureMeasures } from '../core/picture-measures.ts';
import { differingBits, setBits, WORDS, wordsOf } from './bit-distance.ts';
import { colourDifference, placeDifference, SIGNATURE_BYTES } from './colour-distance.ts';

/** A fifth of 128: edits of one picture stay below 35 bits, pictures of unlike subjects above 38. */
const MOST_BITS = 25;
/**
 * And no more than this share of the bits that are set in the fuller one: on a plain ground most bits are
 * clear in any two pictures. Of 463 things cut out on white 49 were taken for repeats without it, and 5
 * with it; of repeats that were scaled, cut by 2 % or encoded anew 99 of 100 are found all the same.
 */
const MOST_OF_SET = 0.35;
/** The fingerprint knows no colours; the same bottle in red and in green is no duplicate (CIE76). */
const MOST_COLOUR = 12;
/**
 * Nor may any part of it be another one than light and tint make of it (`placeDifference`). Of 435 pairs of
 * products on one backdrop 120 were taken for repeats without it, and 6 with it; of 180 repeats that were
 * scaled, cut by 1 %, encoded anew or made lighter or darker 176 are found all the same.
 */
const MOST_PLACE = 6;
/**
 * Images that a new one is compared with, the latest of them: 20,000 take 0.2 ms and 2 MB. Of a longer
 * run, what is farther apart is not compared.
 */
const MOST_REMEMBERED = 20_000;

/** Remembers images by what the caller calls them, and finds those that nearly repeat one of them. */
export class NearDuplicates<Image> {
  readonly #most: number;
  #words: Uint32Array;
  #colours: Uint8Array;
  readonly #images: Image[] = [];
  #next = 0;

  constructor(most = MOST_REMEMBERED) {
    this.#most = most;
    this.#words = new Uint32Array(Math.min(most, 256) * WORDS);
    this.#colours = new Uint8Array(Math.min(most, 256) * SIGNATURE_BYTES);
  }

  /**
   * Remembers an image. Answers the most similar one so far, if it is a near-duplicate. `mayRepeat`: images
   * that it may be like without that being said.
   */
  add(
    image: Image,
    measures: Pick<PictureMeasures, 'fingerprint' | 'signature'>,
    mayRepeat: (other: Image) => boolean = () => false,
  ): Image | undefined {
    const words = wordsOf(measures.fingerprint);
    const colours = Buffer.from(measures.signature, 'hex');
    const found = this.#find(words, colours, mayRepeat);
    if (this.#images.length < this.#most) this.#grow();
    this.#words.set(words, this.#next * WORDS);
    this.#colours.set(colours, this.#next * SIGNATURE_BYTES);
    this.#images[this.#next] = image;
    this.#next = (this.#next + 1) % this.#most;
    return found;
  }

  #find(
    words: Uint32Array,
    colours: Uint8Array,
    mayRepeat: (other: Image) => boolean,
  ): Image | undefined {
    let nearest: Image | undefined;
    let least = MOST_BITS + 1;
    for (let place = 0; place < this.#images.length; place += 1) {
      const bits = differingBits(words, 0, this.#words, place * WORDS);
      if (bits >= least) continue;
      const set = Math.max(setBits(words, 0), setBits(this.#words, place * WORDS));
      if (bits > MOST_OF_SET * set) continue;
      const apart = colourDifference(
        colours,
        0,
        this.#colours,
        place * SIGNATURE_BYTES,
        MOST_COLOUR,
      );
      if (apart > MOST_COLOUR) continue;
      if (placeDifference(colours, 0, this.#colours, place * SIGNATURE_BYTES) > MOST_PLACE)
        continue;
      const image = this.#images[place]!;
      if (mayRepeat(image)) continue;
      least = bits;
      nearest = image;
    }
    return nearest;
  }

  #grow(): void {
    if ((this.#images.length + 1) * WORDS <= this.#words.length) return;
    const places = Math.min(this.#most, (this.#words.length / WORDS) * 2);
    const [words, colours] = [this.#words, this.#colours];
    this.#words = new Uint32Array(places * WORDS);
    this.#colours = new Uint8Array(places * SIGNATURE_BYTES);
    this.#words.set(words);
    this.#colours.set(colours);
  }
}
