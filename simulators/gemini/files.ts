import { createHash, type Hash } from 'node:crypto';
import type { Context } from 'hono';
import { connectionLost } from '../broken-reply.ts';
import type { Call, VendorApp, VendorState } from '../simulator.ts';
import { errorReply, invalid, noSuchFile, type GeminiError } from './errors.ts';
import { isObject, readJson } from './json.ts';

/** 48 hours. */
const KEPT_MS = 48 * 60 * 60 * 1000;
/** 256 KiB: every piece but the last is a multiple of it. */
const GRANULARITY = 256 * 1024;
/** Longer names, as those of a batch's results, cannot be asked for. */
const LONGEST_ID = 40;

interface StoredFile {
  readonly id: string;
  readonly mimeType: string;
  readonly displayName: string | undefined;
  readonly bytes: number;
  readonly sha256: string;
  readonly createdAt: number;
  /** Of a text only: pictures are not looked at. */
  readonly text: string | undefined;
}

interface Upload {
  readonly mimeType: string;
  readonly displayName: string | undefined;
  readonly announcedBytes: number | undefined;
  readonly hash: Hash;
  readonly parts: Uint8Array[] | undefined;
  bytes: number;
}

type Handler = Context<{ Bindings: { call: Call } }>;

/** The Files API: resumable uploads, and what is kept for 48 hours. */
export class FileStore {
  readonly #state: VendorState;
  readonly #files = new Map<string, StoredFile>();
  readonly #uploads = new Map<string, Upload>();

  constructor(state: VendorState) {
    this.#state = state;
  }

  addRoutes(app: VendorApp): void {
    app.post('/upload/:version{v1(?:beta)?}/files', (context) => {
      context.env.call.log.operation = 'upload';
      const id = context.req.query('upload_id');
      return id === undefined ? this.#start(context) : this.#continue(context, id);
    });
    app.get('/:version{v1(?:beta)?}/files/:id', (context) => {
      const id = context.req.param('id');
      if (id.length > LONGEST_ID) return errorReply(invalid(`Invalid file name: files/${id}`));
      const file = this.#find(id);
      return file ? Response.json(this.#describe(file, context)) : errorReply(noSuchFile(id));
    });
  }

  /** Says why a request may not name this address; addresses of others are read by the vendor. */
  check(uri: string): GeminiError | undefined {
    const id = /\/v1(?:beta)?\/files\/([^/]+)$/.exec(uri)?.[1];
    if (id !== undefined) return this.#find(id) ? undefined : noSuchFile(id);
    return /^https?:\/\//.test(uri) ? undefined : invalid(`Unsupported file URI type: ${uri}`);
  }

  /** The text of `files/abc`; `undefined` when there is no such text (any more). */
  textOf(name: string): string | undefined {
    return this.#find(name.replace(/^files\//, ''))?.text;
  }

  #find(id: string): StoredFile | undefined {
    const file = this.#files.get(id);
    return file && this.#state.clock.now() < file.createdAt + KEPT_MS ? file : undefined;
  }

  async #start(context: Handler): Promise<Response> {
    const header = (name: string) => context.req.header(`x-goog-upload-${name}`);
    if (header('protocol') !== 'resumable' || header('command') !== 'start') {
      return errorReply(invalid('Only resumable uploads are simulated.'));
    }
    const file = readJson(await context.req.text())?.['file'];
    const displayName = isObject(file) ? file['displayName'] : undefined;
    const mimeType = header('header-content-type') ?? 'application/octet-stream';
    const announced = header('header-content-length');
    const id = idFor(context.env.call, 24);
    this.#uploads.set(id, {
      mimeType,
      displayName: typeof displayName === 'string' ? displayName : undefined,
      announcedBytes: announced === undefined ? undefined : Number(announced),
      hash: createHash('sha256'),
      parts: mimeType.startsWith('image/') ? undefined : [],
      bytes: 0,
    });
    const { origin } = new URL(context.req.url);
    return new Response(null, {
      headers: {
        'x-goog-upload-status': 'active',
        'x-goog-upload-url': `${origin}/upload/v1beta/files?upload_id=${id}&upload_protocol=resumable`,
        'x-goog-upload-chunk-granularity': String(GRANULARITY),
      },
    });
  }

  async #continue(context: Handler, id: string): Promise<Response> {
    const upload = this.#uploads.get(id);
    const commands = (context.req.header('x-goog-upload-command') ?? '').split(/,\s*/);
    const offset = Number(context.req.header('x-goog-upload-offset'));
    const piece = new Uint8Array(await context.req.arrayBuffer());
    if (!upload || !commands.includes('upload') || offset !== upload.bytes) {
      return errorReply(invalid('The upload cannot be continued from this offset.'));
    }
    const isLast = commands.includes('finalize');
    if (!isLast && piece.byteLength % GRANULARITY !== 0) {
      return errorReply(invalid(`A piece must be a multiple of ${GRANULARITY} bytes.`));
    }
    upload.hash.update(piece);
    upload.parts?.push(piece);
    upload.bytes += piece.byteLength;
    if (!isLast) return new Response(null, { headers: { 'x-goog-upload-status': 'active' } });
    if ((upload.announcedBytes ?? upload.bytes) !== upload.bytes) {
      return errorReply(invalid(`Announced ${upload.announcedBytes} bytes, got ${upload.bytes}.`));
    }
    this.#uploads.delete(id);
    const { call } = context.env;
    const file = this.#keep(upload, idFor(call, 12));
    if (call.random.next() < (this.#state.behaviour.batch?.uploadLost ?? 0)) throw connectionLost();
    const headers = { 'x-goog-upload-status': 'final' };
    return Response.json({ file: this.#describe(file, context) }, { headers });
  }

  #keep(upload: Upload, id: string): StoredFile {
    const { mimeType, displayName, bytes, hash, parts } = upload;
    const file: StoredFile = {
      id,
      mimeType,
      displayName,
      bytes,
      sha256: hash.digest('base64'),
      createdAt: this.#state.clock.now(),
      text: parts && Buffer.concat(parts).toString('utf8'),
    };
    this.#files.set(id, file);
    return file;
  }

  #describe(file: StoredFile, context: Handler): unknown {
    const { id, mimeType, displayName, bytes, sha256, createdAt } = file;
    return {
      name: `files/${id}`,
      ...(displayName !== undefined && { displayName }),
      mimeType,
      sizeBytes: String(bytes),
      createTime: timeOf(createdAt),
      updateTime: timeOf(createdAt),
      expirationTime: timeOf(createdAt + KEPT_MS),
      sha256Hash: sha256,
      uri: `${new URL(context.req.url).origin}/v1beta/files/${id}`,
      state: 'ACTIVE',
      source: 'UPLOADED',
    };
  }
}

/** `2026-11-23T00:00:00.000Z` */
export function timeOf(at: number): string {
  // oxlint-disable-next-line no-restricted-globals -- writes a time, and reads no clock
  return new Date(at).toISOString();
}

/** An id of small letters and digits that is the same whenever seed and request number are. */
export function idFor(call: Call, length: number): string {
  const digits = Array.from({ length }, () => Math.floor(call.random.next() * 36).toString(36));
  return digits.join('');
}
