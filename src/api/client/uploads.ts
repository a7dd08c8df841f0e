/** Files that are sent piece by piece, and go on where a connection, a page or a program has ended. */
import type { createUploadRoute, getUploadRoute, removeUploadRoute } from '../routes/uploads.ts';
import { ApiError } from './api-error.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint } from './endpoint.ts';
import { piecesOf, type UploadSource } from './upload-source.ts';

/** Failures one after the other, without a byte between them. */
const MOST_FAILURES = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** What another try may mend: a line that broke, a piece that came elsewhere, a server that is busy or starts. */
const PASSING = new Set([0, 400, 408, 409, 429, 460, 500, 502, 503, 504]);
const TUS = { 'tus-resumable': '1.0.0' };
const OCTETS = 'application/offset+octet-stream';

export type Upload = Answer<typeof getUploadRoute>;

export interface UploadOptions extends CallOptions {
  /** Bytes that are there for good, of how many. */
  readonly onProgress?: (received: number, bytes: number) => void;
}

export interface NewUpload extends UploadOptions {
  /** What it will be used for: a sheet, or one of the pictures of an order. */
  readonly purpose: Upload['purpose'];
  /** Default: the name of a `File`. */
  readonly name?: string;
  /** Its id, when it is begun: `resume` goes on with it after a restart. */
  readonly onBegun?: (upload: string) => void;
}

export function uploadsOf(caller: Caller) {
  const uploads = {
    /** Sends all of it; resolves with what orders name. Its bytes are never in memory as a whole. */
    create: async (source: UploadSource, options: NewUpload): Promise<Upload> => {
      const begun = await uploads.begin(source, options);
      options.onBegun?.(begun.upload);
      return uploads.resume(begun.upload, source, options);
    },
    /** Sends the rest of it: `source` is the same as before. */
    resume: async (
      upload: string,
      source: UploadSource,
      options: UploadOptions = {},
    ): Promise<Upload> => {
      await sendRest(caller, upload, source, options);
      return uploads.get(upload, callOptions(options));
    },
    /** Only says what will come. */
    begin: (source: UploadSource, { purpose, name, ...options }: NewUpload): Promise<Upload> => {
      const { bytes, name: ownName, mediaType } = aboutOf(source);
      const filename = name ?? ownName;
      const metadata = {
        purpose,
        ...(filename && { filename }),
        ...(mediaType && { filetype: mediaType }),
      };
      const told = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`);
      const headers = {
        ...TUS,
        'upload-length': String(bytes),
        'upload-metadata': told.join(','),
        ...options.headers,
      };
      return caller.call(
        endpoint<typeof createUploadRoute>('post', '/v1/uploads'),
        {},
        { ...callOptions(options), headers },
      );
    },
    get: (upload: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getUploadRoute>('get', '/v1/uploads/{upload}'),
        { params: { upload } },
        options,
      ),
    remove: (upload: string, options: CallOptions = {}) =>
      caller.call(
        endpoint<typeof removeUploadRoute>('delete', '/v1/uploads/{upload}'),
        { params: { upload } },
        { ...options, headers: { ...TUS, ...options.headers } },
      ),
  };
  return uploads;
}

async function sendRest(
  caller: Caller,
  upload: string,
  source: UploadSource,
  { onProgress, signal }: UploadOptions,
): Promise<void> {
  const { bytes } = aboutOf(source);
  const pieces = piecesOf(source);
  const line = lineTo(caller, upload, signal);
  let place: number | undefined;
  let [furthest, failures] = [-1, 0];
  while (place !== bytes) {
    try {
      place ??= await line.place();
      if (place > furthest) [furthest, failures] = [place, 0];
      onProgress?.(place, bytes);
      if (place < bytes) place = await line.send(place, await pieces(place));
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ApiError) || !PASSING.has(error.status)) throw error;
      if (failures >= MOST_FAILURES) throw error;
      const waitMs = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** failures;
      await caller.transport.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
      failures += 1;
      // How much of the piece has come, only the server knows.
      place = undefined;
    }
  }
  onProgress?.(bytes, bytes);
}

/** Asks and sends once: what fails is decided about above. */
function lineTo({ transport }: Caller, upload: string, signal: AbortSignal | undefined) {
  const to = { path: `/v1/uploads/${encodeURIComponent(upload)}`, signal, retries: 0 };
  const placeIn = (answer: Response) => Number(answer.headers.get('upload-offset'));
  return {
    place: async () => placeIn(await transport.send({ ...to, method: 'HEAD', headers: TUS })),
    send: async (offset: number, body: Blob) => {
      const headers = { ...TUS, 'content-type': OCTETS, 'upload-offset': String(offset) };
      return placeIn(await transport.send({ ...to, method: 'PATCH', headers, body }));
    },
  };
}

function aboutOf(source: UploadSource) {
  if (!(source instanceof Blob)) return { mediaType: '', name: '', ...source };
  const name = 'name' in source ? String(source.name) : '';
  return { bytes: source.size, name, mediaType: source.type };
}

function callOptions({ signal, idempotencyKey }: CallOptions): CallOptions {
  return {
    ...(signal !== undefined && { signal }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** Of UTF-8, as the protocol wants names. */
function base64(text: string): string {
  return btoa(
    Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''),
  );
}
