/** Small pictures of masters, made when they are asked for and kept. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeThumbnail, type Thumbnail } from '../deliver/contact-page/thumbnails.ts';
import type { Masters } from '../deliver/masters.ts';
import { makeFolder } from '../ports/whole-file.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Longest sides in pixels that are made: any other asks for the next larger one. */
export const THUMBNAIL_SIDES = [96, 192, 360, 720, 1280, 2560] as const;
/** Each holds a decoded picture; further ones wait. */
const MOST_AT_ONCE = availableParallelism() * 2;

export interface ThumbnailsDeps {
  /** Thumbnails lie in `thumbnails/` of it, and may be deleted at any time. */
  readonly home: string;
  readonly blobs: BlobStore;
}

/** Where a thumbnail lies, or why there is none. */
export type KeptThumbnail =
  | { readonly path: string; readonly side: number }
  | { readonly problem: string };

export class Thumbnails {
  readonly #deps: ThumbnailsDeps;
  readonly #underWay = new Map<string, Promise<KeptThumbnail>>();
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(deps: ThumbnailsDeps) {
    this.#deps = deps;
  }

  /**
   * A WebP of the stored picture whose longest side is `side` or a little more, never larger than the
   * picture itself. Throws `StorageError` when it cannot be written.
   */
  ofImage(hash: string, side: number): Promise<KeptThumbnail> {
    return this.of(hash, side, this.#deps.blobs);
  }

  /** Of any picture: `name` is its hash, or changes with its bytes as a hash does; `masters` reads it by that. */
  of(name: string, side: number, masters: Masters): Promise<KeptThumbnail> {
    const made = THUMBNAIL_SIDES.find((each) => each >= side) ?? THUMBNAIL_SIDES.at(-1)!;
    const key = `${name}-${made}`;
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const making = this.#make(name, made, masters).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, making);
    return making;
  }

  async #make(name: string, side: number, masters: Masters): Promise<KeptThumbnail> {
    await this.#begin();
    try {
      const folder = join(this.#deps.home, 'thumbnails', name.slice(0, 2));
      await makeFolder(folder);
      const made: Thumbnail = await makeThumbnail(masters, name, folder, side);
      if (made.kind === 'none') return { problem: made.reason };
      return { path: join(folder, made.file), side };
    } finally {
      this.#end();
    }
  }

  async #begin(): Promise<void> {
    if (this.#working >= MOST_AT_ONCE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      return;
    }
    this.#working += 1;
  }

  /** Whoever waits longest takes the place. */
  #end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#working -= 1;
    else next();
  }
}
