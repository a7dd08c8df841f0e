import type { Context } from 'hono';
import { connectionLost } from '../broken-reply.ts';
import { receivedPicture } from '../received-picture.ts';
import { waitHalf } from '../reply.ts';
import type { Call, VendorApp, VendorState } from '../simulator.ts';
import { errorReply, invalid, type OpenaiError } from './errors.ts';
import { readPage } from './pages.ts';

export const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'];

/** A file as the API keeps it. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly bytes: number;
  /** Milliseconds since 1970, like `expiresAt`. */
  readonly createdAt: number;
  readonly expiresAt?: number;
  /** What a download brings; made while it is read, so that results need not be kept. */
  readonly content: (call: Call) => ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
}

/** All files of the account that have not expired. */
export class FileBook {
  readonly #clockNow: () => number;
  readonly #files = new Map<string, StoredFile>();

  constructor(now: () => number) {
    this.#clockNow = now;
  }

  add(file: StoredFile): void {
    this.#files.set(file.id, file);
  }

  find(id: string): StoredFile | undefined {
    const file = this.#files.get(id);
    return file && (file.expiresAt ?? Infinity) > this.#clockNow() ? file : undefined;
  }

  delete(id: string): void {
    this.#files.delete(id);
  }

  /** Oldest first. */
  list(): readonly StoredFile[] {
    return [...this.#files.keys()].flatMap((id) => this.find(id) ?? []);
  }
}

type Handler = Context<{ Bindings: { call: Call } }>;

/** `/v1/files`: upload (multipart), list, retrieve, content and delete. */
export function addFileRoutes(app: VendorApp, state: VendorState, files: FileBook): void {
  app.post('/v1/files', async (context) => {
    const { call } = context.env;
    call.log.operation = 'upload';
    await waitHalf(state, call);
    const file = readUpload(state, call, await readForm(context.req.raw));
    if ('status' in file) return errorReply(file);
    files.add(file);
    if (call.random.next() < (state.behaviour.batch?.uploadLost ?? 0)) throw connectionLost();
    await waitHalf(state, call);
    return Response.json(describeFile(file));
  });
  app.get('/v1/files', (context) => {
    const { purpose, order } = context.req.query();
    const all = files.list().filter((file) => purpose === undefined || file.purpose === purpose);
    return readPage(context.req.query(), order === 'asc' ? all : all.toReversed(), describeFile, {
      limit: 10_000,
      most: 10_000,
    });
  });
  app.get('/v1/files/:id', (context) =>
    withFile(context, (file) => Response.json(describeFile(file))),
  );
  app.get('/v1/files/:id/content', (context) =>
    withFile(context, (file) => {
      context.env.call.log.operation = 'download';
      const headers = { 'content-type': 'application/octet-stream' };
      return new Response(file.content(context.env.call), { headers });
    }),
  );
  app.delete('/v1/files/:id', (context) =>
    withFile(context, ({ id }) => {
      files.delete(id);
      return Response.json({ id, object: 'file', deleted: true });
    }),
  );

  function withFile(context: Handler, answer: (file: StoredFile) => Response): Response {
    const id = context.req.param('id') ?? '';
    const file = files.find(id);
    return file ? answer(file) : errorReply(noSuchFile(id));
  }
}

export function describeFile(file: StoredFile): Record<string, unknown> {
  const { id, name, purpose, bytes, createdAt, expiresAt } = file;
  return {
    object: 'file',
    id,
    purpose,
    filename: name,
    bytes,
    created_at: seconds(createdAt),
    expires_at: expiresAt === undefined ? null : seconds(expiresAt),
    status: 'processed',
    status_details: null,
  };
}

export function seconds(at: number): number {
  return Math.floor(at / 1000);
}

// An upload.

interface Upload {
  readonly form: FormData;
  readonly content: Uint8Array<ArrayBuffer>;
}

async function readForm(request: Request): Promise<Upload | undefined> {
  const form = await request.formData().catch(() => undefined);
  if (form === undefined) return undefined;
  const file = form.get('file');
  return {
    form,
    content: file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
  };
}

function readUpload(
  state: VendorState,
  call: Call,
  upload: Upload | undefined,
): StoredFile | OpenaiError {
  const file = upload?.form.get('file');
  if (!upload || !(file instanceof File)) {
    return invalid('file', 'missing_required_parameter', "Missing required parameter: 'file'.");
  }
  const purpose = upload.form.get('purpose');
  if (typeof purpose !== 'string' || !PURPOSES.includes(purpose)) {
    const listed = PURPOSES.map((each) => `'${each}'`).join(', ');
    return invalid('purpose', 'invalid_value', `Invalid 'purpose': supported are ${listed}.`);
  }
  if (purpose === 'batch' && !file.name.endsWith('.jsonl')) {
    const message = 'Invalid file format for Batch API. Must be .jsonl';
    return { status: 400, type: 'invalid_request_error', message };
  }
  const kept = readExpiry(upload.form, purpose);
  if (kept !== undefined && typeof kept !== 'number') return kept;
  const picture = purpose === 'vision' ? receivedPicture(upload.content) : undefined;
  if (picture) call.log.references = [picture];
  const createdAt = state.clock.now();
  return {
    id: `file-simulated-${call.log.number}`,
    name: file.name,
    purpose,
    bytes: upload.content.byteLength,
    createdAt,
    ...(kept === undefined ? {} : { expiresAt: createdAt + kept * 1000 }),
    content: () => upload.content,
  };
}

const DEFAULT_BATCH_SECONDS = 30 * 24 * 60 * 60;
const LEAST_SECONDS = 3600;
const MOST_SECONDS = 2_592_000;

/** Seconds that the file is kept; by default 30 days for batches, and for ever otherwise. */
function readExpiry(form: FormData, purpose: string): number | undefined | OpenaiError {
  const anchor = form.get('expires_after[anchor]');
  const text = form.get('expires_after[seconds]');
  if (anchor === null && text === null) {
    return purpose === 'batch' ? DEFAULT_BATCH_SECONDS : undefined;
  }
  return checkExpiry(anchor, Number(text), 'expires_after') ?? Number(text);
}

/** The first problem of an expiry policy, of a file or of a batch's results. */
export function checkExpiry(
  anchor: unknown,
  kept: unknown,
  param: string,
): OpenaiError | undefined {
  if (anchor !== 'created_at') {
    const message = `Invalid '${param}.anchor': supported is 'created_at'.`;
    return invalid(`${param}.anchor`, 'invalid_value', message);
  }
  if (typeof kept === 'number' && kept >= LEAST_SECONDS && kept <= MOST_SECONDS) return undefined;
  const message = `Invalid '${param}.seconds': must be between ${LEAST_SECONDS} and ${MOST_SECONDS}.`;
  return invalid(`${param}.seconds`, 'invalid_value', message);
}

function noSuchFile(id: string): OpenaiError {
  const message = `No such File object: ${id}`;
  return { status: 404, type: 'invalid_request_error', param: 'id', message };
}
