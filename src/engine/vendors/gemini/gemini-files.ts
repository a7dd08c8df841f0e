/**
 * Google's Files API, by its resumable protocol: references that are sent once, and the inputs of
 * batches. A file is kept for 48 hours and costs nothing. The official client is not used here: it
 * repeats pieces by itself.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { failed, lostFailure } from '../failures.ts';
import { UNREADABLE } from './gemini-answers.ts';
import { classify } from './gemini-errors.ts';
import { type CallAnswer, type WholeResponse, call, jsonOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { scrubber } from '../secret.ts';
import type { CallContext, ReferenceBytes, UploadAnswer } from '../vendor.ts';

export interface FileToUpload {
  readonly mediaType: string;
  /** Whole length of the pieces. */
  readonly bytes: number;
  /** Each of `PIECE_BYTES`, the last one of any length; at least one. */
  readonly pieces: Iterable<Uint8Array>;
}

/** 8 MiB: the granularity of Google's uploads, of which each piece but the last must be a multiple. */
export const PIECE_BYTES = 8 * 1024 * 1024;

export type Uploaded =
  | {
      readonly kind: 'uploaded';
      /** `files/abc`, by which a batch names its input. */
      readonly name: string;
      /** The address by which a request names it. */
      readonly uri: string;
      readonly expiresAt?: number;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Holds one piece at a time. Nothing is bought by it: an upload that failed may be repeated. */
export async function uploadFile(
  config: LaneConfig,
  file: FileToUpload,
  { signal }: CallContext,
): Promise<Uploaded> {
  const post = (url: string, headers: Record<string, string>, body: unknown) =>
    call({
      fetch: config.fetch,
      method: 'POST',
      url,
      headers: { 'x-goog-api-key': config.apiKey, ...headers },
      body,
      signal,
    });
  const fail = (answer: CallAnswer): Uploaded => ({
    kind: 'failed',
    failure:
      answer.kind === 'lost'
        ? lostFailure(answer)
        : isGood(answer)
          ? UNREADABLE
          : classify(answer, config.clock.now()).failure,
  });

  const started = await post(
    `${withoutSlash(config.baseUrl)}/upload/v1beta/files`,
    {
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(file.bytes),
      'x-goog-upload-header-content-type': file.mediaType,
    },
    { file: {} },
  );
  const address = isGood(started) ? addressOf(started, config.baseUrl) : undefined;
  if (address === undefined) return fail(started);

  let offset = 0;
  for (const piece of file.pieces) {
    const isLast = offset + piece.byteLength >= file.bytes;
    const sent = await post(
      address,
      {
        'x-goog-upload-command': isLast ? 'upload, finalize' : 'upload',
        'x-goog-upload-offset': String(offset),
      },
      piece,
    );
    if (!isGood(sent)) return fail(sent);
    if (isLast) return readFile(sent) ?? fail(sent);
    offset += piece.byteLength;
  }
  return { kind: 'failed', failure: { kind: 'not-sent', words: 'The file ended too early.' } };
}

/** How `uploadReference` of both of Gemini's lanes keeps a picture. */
export function referenceUploader(
  config: LaneConfig,
): (reference: ReferenceBytes, context: CallContext) => Promise<UploadAnswer> {
  const scrub = scrubber(config.apiKey);
  return async ({ bytes, mediaType }, context) => {
    const file = { mediaType, bytes: bytes.byteLength, pieces: piecesOf(bytes) };
    const answer = await uploadFile(config, file, context);
    if (answer.kind === 'failed') return failed(answer.failure, scrub);
    const { uri, expiresAt } = answer;
    return { kind: 'uploaded', handle: uri, ...(expiresAt === undefined ? {} : { expiresAt }) };
  };
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += PIECE_BYTES) {
    yield bytes.subarray(start, start + PIECE_BYTES);
  }
}

function isGood(answer: CallAnswer): answer is WholeResponse {
  return answer.kind === 'response' && answer.status === 200;
}

/**
 * Where the pieces go: always to our own base URL's origin, since they take the key along and a base
 * URL may be a proxy's.
 */
function addressOf({ headers }: WholeResponse, baseUrl: string): string | undefined {
  const url = URL.parse(headers.get('x-goog-upload-url') ?? '');
  return url === null ? undefined : new URL(`${url.pathname}${url.search}`, baseUrl).href;
}

function readFile(answer: WholeResponse): Uploaded | undefined {
  const parsed = uploadSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return undefined;
  const { name, uri, expirationTime } = parsed.data.file;
  // oxlint-disable-next-line no-restricted-globals -- reads a text, not the clock
  const expiresAt = Date.parse(expirationTime ?? '');
  return { kind: 'uploaded', name, uri, ...(Number.isNaN(expiresAt) ? {} : { expiresAt }) };
}

const uploadSchema = z.object({
  file: z.object({
    name: z.string().regex(/^files\/[\w-]+$/),
    uri: z.string().min(1),
    expirationTime: z.string().nullish().catch(undefined),
  }),
});
