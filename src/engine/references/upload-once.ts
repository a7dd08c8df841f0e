import type { KeptUpload } from '../core/reference.ts';

/** What is kept of uploads between requests, processes and runs (`store/store.ts`). */
export interface UploadBook {
  findUpload(account: string, hash: string): Promise<KeptUpload | undefined>;
  putUpload(account: string, hash: string, upload: KeptUpload): Promise<void>;
}

export interface UploadOrder {
  /** A fingerprint of the vendor's account. */
  readonly account: string;
  /** SHA-256 of the bytes as they are sent, hex. */
  readonly hash: string;
  /** Sends the bytes to the vendor; `undefined` when that did not work. Costs nothing. */
  readonly upload: () => Promise<Pick<KeptUpload, 'handle' | 'expiresAt'> | undefined>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long the vendor must still keep it: the longest call (or batch) that refers to it. */
  readonly neededMs: number;
}

/** Beyond the longest call, for what is waited for before it and for its retries. */
const MARGIN_MS = 60 * 60_000;
/** So long after its upload a picture is used whatever its end: a new one would hardly live longer. */
const FRESH_MS = 60 * 60_000;
/** A vendor that names no end may still clean up: after a day the picture is sent again. */
const LONGEST_TRUST_MS = 24 * 60 * 60_000;
/** Below 256 KiB an upload's own exchange costs more than the bytes in the request. */
export const WORTH_UPLOADING_BYTES = 256 * 1024;

/**
 * Whether keeping a picture at the vendor pays. Bytes inside a request travel a third larger (base64),
 * again with each request and each retry: so large ones are kept, and small ones from the second request
 * on. Lines of a batch always refer to what is kept, or the batch would outgrow its file.
 */
export function paysToUpload(
  bytes: number,
  use: { readonly sentBefore: boolean; readonly inBatch: boolean },
): boolean {
  return use.inBatch || use.sentBefore || bytes > WORTH_UPLOADING_BYTES;
}

/**
 * The vendor's handle of a picture: the one that is kept, as long as it lives an hour more than needed,
 * or that of a new upload, which is kept in its place. `undefined` when it could not be uploaded. Two processes that
 * upload the same picture at once do no harm: either handle is good.
 */
export async function uploadOnce(
  book: UploadBook,
  order: UploadOrder,
): Promise<string | undefined> {
  const { account, hash, now, neededMs } = order;
  const kept = await book.findUpload(account, hash);
  if (kept !== undefined && livesOn(kept, now + neededMs, now)) return kept.handle;
  const uploaded = await order.upload();
  if (uploaded === undefined) return undefined;
  await book.putUpload(account, hash, { ...uploaded, uploadedAt: now });
  return uploaded.handle;
}

function livesOn({ expiresAt, uploadedAt }: KeptUpload, until: number, now: number): boolean {
  if (expiresAt === undefined) return uploadedAt + LONGEST_TRUST_MS > now;
  const isFresh = uploadedAt + FRESH_MS > now && expiresAt > now;
  return isFresh || expiresAt - MARGIN_MS > until;
}
