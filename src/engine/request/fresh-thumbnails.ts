import type { Clock } from '../core/clock.ts';
import { MOST_ITEMS_BY_ITSELF } from '../core/contact-page.ts';
import { THUMBNAIL_SIDE } from '../core/thumbnail.ts';
import type { ImageInspector, Inspection } from '../finish/check/image-inspector.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Of all that are held: a thousand of usual ones have half of it. */
const MOST_BYTES = 32 * 1024 * 1024;
/** One that nobody asked for by then makes room. */
const LASTS_MS = 10 * 60_000;

interface Held {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** Looks at a picture, and makes a thumbnail of this side of the pixels that it has anyway. */
export type ThumbnailInspector = (bytes: Uint8Array, thumbnailSide?: number) => Promise<Inspection>;

/**
 * Thumbnails of pictures that were just looked at, held in memory until their page is made: so a picture is
 * decoded once. As many as a page that is made by itself may have; when they are that many, no more are
 * made. One that is lost is made again of the stored picture.
 */
export class FreshThumbnails {
  readonly #clock: Clock;
  readonly #made = new WeakMap<Uint8Array, Uint8Array>();
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The inspector, whose thumbnails are noted. */
  inspecting(inspect: ThumbnailInspector): ImageInspector {
    return async (bytes) => {
      const found = await inspect(bytes, this.#hasRoom() ? THUMBNAIL_SIDE : undefined);
      if (found.kind === 'broken' || found.thumbnail === undefined) return found;
      const { thumbnail, ...inspection } = found;
      this.#made.set(bytes, thumbnail);
      return inspection;
    };
  }

  /** The store, which has the thumbnails of what is put into it. */
  beside<Blobs extends BlobStore>(blobs: Blobs): Blobs {
    return {
      ...blobs,
      put: async (bytes) => {
        const stored = await blobs.put(bytes);
        const thumbnail = this.#made.get(bytes);
        if (thumbnail !== undefined) this.#hold(stored.hash, thumbnail);
        return stored;
      },
      thumbnail: (hash: string, side: number) =>
        side === THUMBNAIL_SIDE ? this.#take(hash) : undefined,
    };
  }

  #hold(hash: string, bytes: Uint8Array): void {
    this.#take(hash);
    this.#held.set(hash, { bytes, at: this.#clock.now() });
    this.#bytes += bytes.length;
  }

  /** It is written where it was asked for, and need not be held any longer. */
  #take(hash: string): Uint8Array | undefined {
    const held = this.#held.get(hash);
    if (held === undefined) return undefined;
    this.#held.delete(hash);
    this.#bytes -= held.bytes.length;
    return held.bytes;
  }

  #hasRoom(): boolean {
    const oldest = this.#held.entries().next().value;
    if (oldest === undefined) return true;
    if (this.#held.size < MOST_ITEMS_BY_ITSELF && this.#bytes < MOST_BYTES) return true;
    const [hash, { at }] = oldest;
    if (this.#clock.now() - at < LASTS_MS) return false;
    this.#take(hash);
    return true;
  }
}
