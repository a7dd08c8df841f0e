/** References that a vendor's account keeps for us, so that the same picture is sent to it once. */
import type { Clock } from '../core/clock.ts';
import { atMost } from '../core/at-most.ts';
import { paysToUpload, type UploadBook, uploadOnce } from '../references/upload-once.ts';
import { callVendor } from '../send/send-request.ts';
import type { Reference, VendorLane } from '../vendors/vendor.ts';

const UPLOADED_AT_ONCE = 4;
/** Pictures whose first sending is remembered, of a hundred bytes each. */
const MOST_REMEMBERED = 20_000;
/** Longest upload of one picture. */
const LONGEST_UPLOAD_MS = 120_000;
/** After an upload that failed, an account's pictures travel in the requests for so long. */
const PAUSE_MS = 60_000;

export interface ReferenceUploadsDeps {
  readonly store: UploadBook & {
    forgetUploads(account: string, handles: readonly string[]): Promise<void>;
  };
  readonly clock: Clock;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
}

/** The account that a request goes to, and whether it can keep pictures. */
export type ReferenceLane = Pick<VendorLane, 'account' | 'uploadReference'>;

export interface UploadWish {
  readonly lane: ReferenceLane;
  /** SHA-256 of the bytes as they are sent, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly read: () => Promise<Uint8Array>;
  /** The request is a line of a batch. */
  readonly inBatch: boolean;
  /** How long the vendor must still keep it. */
  readonly neededMs: number;
}

export class ReferenceUploads {
  readonly #deps: ReferenceUploadsDeps;
  readonly #underWay = new Map<string, Promise<string | undefined>>();
  /** What this process has sent inside a request: `account hash`. */
  readonly #sent = new Set<string>();
  readonly #pausedUntil = new Map<string, number>();
  readonly #gate = atMost(UPLOADED_AT_ONCE);

  constructor(deps: ReferenceUploadsDeps) {
    this.#deps = deps;
  }

  /** The vendor's name of a picture; `undefined` where it travels better inside the request. */
  async handleOf(wish: UploadWish): Promise<string | undefined> {
    const { lane, hash, inBatch } = wish;
    if (lane.uploadReference === undefined) return undefined;
    const key = keyOf(lane, hash);
    const sentBefore = this.#sent.has(key);
    if (!paysToUpload(wish.bytes, { sentBefore, inBatch })) return undefined;
    if ((this.#pausedUntil.get(lane.account) ?? 0) > this.#deps.clock.now()) return undefined;
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const uploading = this.#gate(() => this.#once(wish)).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, uploading);
    return uploading;
  }

  /** The picture goes out inside a request; the next time it may pay to keep it. */
  noteSent(lane: ReferenceLane, hash: string): void {
    if (this.#sent.size >= MOST_REMEMBERED) this.#sent.clear();
    this.#sent.add(keyOf(lane, hash));
  }

  /** Handles that the vendor did not take are not used again. */
  async forget(account: string, references: readonly Reference[]): Promise<void> {
    const handles = references.flatMap((each) => (each.kind === 'uploaded' ? [each.handle] : []));
    if (handles.length > 0) await this.#deps.store.forgetUploads(account, handles);
  }

  async #once({ lane, hash, mediaType, read, neededMs }: UploadWish): Promise<string | undefined> {
    const { store, clock } = this.#deps;
    return uploadOnce(store, {
      account: lane.account,
      hash,
      now: clock.now(),
      neededMs,
      upload: async () => this.#upload(lane, await read(), mediaType),
    });
  }

  async #upload(lane: ReferenceLane, bytes: Uint8Array, mediaType: string) {
    const { clock, stop } = this.#deps;
    const answer = await callVendor({
      clock,
      deadlineAt: clock.now() + LONGEST_UPLOAD_MS,
      stop,
      make: (signal) => lane.uploadReference!({ kind: 'bytes', bytes, mediaType }, { signal }),
    });
    if (answer.kind === 'uploaded') return answer;
    this.#pausedUntil.set(lane.account, clock.now() + PAUSE_MS);
    return undefined;
  }
}

function keyOf(lane: ReferenceLane, hash: string): string {
  return `${lane.account} ${hash}`;
}
