import type { Context } from 'hono';
import type { FaultName } from '../behaviour.ts';
import { replyTo, unclearStatus } from '../reply.ts';
import type { Call, VendorApp, VendorState } from '../simulator.ts';
import { Batch, type BatchOrder, type Line } from './batch.ts';
import {
  CREDITS_DEPLETED,
  errorReply,
  invalid,
  NO_SUCH_PATH,
  noSuchFile,
  noSuchModel,
  quotaExceeded,
  RATE_LIMITED,
  serverErrorReply,
  type GeminiError,
} from './errors.ts';
import { idFor, type FileStore } from './files.ts';
import { isObject, readJson, type Json } from './json.ts';
import { readOrder } from './read-order.ts';
import { MODELS } from './usage.ts';

/** Concerns of pictures are the lines' own, and there are no addresses. */
const IMPOSSIBLE: readonly FaultName[] = [
  'expiredUrl',
  'taskFailed',
  'blank',
  'wrongSize',
  'fewerImages',
];
/** So many pictures inside one answer can still be sent; of more, the server gives up after a minute. */
const MOST_INLINE_IMAGES = 50;
const INLINE_PATIENCE_MS = 60_000;
const MOST_INLINE_BYTES = 20_000_000;
const LARGEST_PAGE = 100;

type Handler = Context<{ Bindings: { call: Call } }>;

/** The Batch API: creating by file or inline, asking, listing, cancelling, and the results. */
export class BatchBook {
  readonly #state: VendorState;
  readonly #files: FileStore;
  readonly #batches = new Map<string, Batch>();

  constructor(state: VendorState, files: FileStore) {
    this.#state = state;
    this.#files = files;
  }

  addRoutes(app: VendorApp): void {
    app.get('/:version{v1(?:beta)?}/batches', (context) =>
      this.#poll(context, () => this.#list(context)),
    );
    app.get('/:version{v1(?:beta)?}/batches/:id', (context) =>
      this.#poll(context, () => this.#get(context.req.param('id'))),
    );
    app.post('/:version{v1(?:beta)?}/batches/:target', (context) =>
      this.#cancel(context.req.param('target')),
    );
    app.get('/download/:version{v1(?:beta)?}/files/:target', (context) => this.#download(context));
  }

  async create(context: Handler, model: string): Promise<Response> {
    const { call } = context.env;
    call.log.operation = 'batch';
    const order = this.#read(await context.req.text(), model, call);
    if ('code' in order) return errorReply(order);
    call.log.model = model;
    call.log.images = order.lines?.length ?? 0;
    call.log.requestKey = order.displayName;
    const refusal = this.#refuse(call, order);
    if (refusal) return refusal;
    const status = unclearStatus(call.log.fault);
    const share = this.#state.behaviour.billedShare ?? 0.5;
    if (status !== undefined && call.random.next() >= share) return serverErrorReply(status);

    const batch = new Batch(this.#state, order);
    this.#batches.set(order.id, batch);
    if (status !== undefined) return serverErrorReply(status);
    const body = await batch.describe({ withResults: false });
    const response = await replyTo(this.#state, call, Response.json(body));
    batch.isTold = call.log.fault !== 'truncated' && !call.signal.aborted;
    return response;
  }

  /** Every no for which no batch is made. */
  #refuse(call: Call, { model, lines }: BatchOrder): Response | undefined {
    if (this.#state.isExhausted) return errorReply(CREDITS_DEPLETED);
    const { mostQueued = Infinity } = this.#state.behaviour.batch ?? {};
    const queued = [...this.#batches.values()].reduce((sum, batch) => sum + batch.queued, 0);
    if (queued + (lines?.length ?? 0) > mostQueued) return errorReply(RATE_LIMITED);
    switch (this.#state.drawFault(call, IMPOSSIBLE)) {
      case 'status503':
        return serverErrorReply(503);
      case 'status429':
        return errorReply(quotaExceeded(model, { limit: 'requests', retryAfterMs: 1000 }));
      case 'status429bare':
        return errorReply(RATE_LIMITED);
      default:
        return undefined;
    }
  }

  #read(text: string, model: string, call: Call): BatchOrder | GeminiError {
    if (!MODELS.includes(model)) return noSuchModel(model);
    const batch = readJson(text)?.['batch'];
    const input = isObject(batch) ? batch['inputConfig'] : undefined;
    if (!isObject(batch) || !isObject(input)) return invalid('batch.inputConfig is required.');
    const { displayName } = batch;
    if (typeof displayName !== 'string') return invalid('batch.displayName is required.');
    const id = idFor(call, 36);
    const { fileName, requests } = input;
    if (typeof fileName === 'string') {
      const content = this.#files.textOf(fileName);
      if (content === undefined) return noSuchFile(fileName);
      return { id, model, displayName, fileName, lines: this.#readLines(content, model) };
    }
    const inline = isObject(requests) ? requests['requests'] : undefined;
    if (!Array.isArray(inline)) return invalid('batch.inputConfig has neither file nor requests.');
    if (Buffer.byteLength(text) > MOST_INLINE_BYTES) {
      return invalid('The request is too large: use a file.');
    }
    const lines = inline.map((each: unknown) => this.#readInline(each, model));
    return { id, model, displayName, fileName: undefined, lines };
  }

  #readLines(content: string, model: string): readonly Line[] | undefined {
    const objects = content.split('\n').flatMap((line) => (line === '' ? [] : [readJson(line)]));
    if (objects.some((object) => object === undefined)) return undefined;
    return objects.map((object) => this.#readLine(object?.['key'], object?.['request'], model));
  }

  #readInline(given: unknown, model: string): Line {
    const each = isObject(given) ? given : {};
    const metadata: Json = isObject(each['metadata']) ? each['metadata'] : {};
    return this.#readLine(metadata['key'], each['request'], model);
  }

  #readLine(key: unknown, request: unknown, model: string): Line {
    const body = isObject(request) ? request : undefined;
    return {
      key: typeof key === 'string' ? key : undefined,
      order: readOrder(model, body, (uri) => this.#files.check(uri)),
    };
  }

  async #poll(context: Handler, look: () => Promise<Response>): Promise<Response> {
    const { call } = context.env;
    call.log.operation = 'poll';
    const hasFailed = call.random.next() < (this.#state.behaviour.pollError ?? 0);
    return hasFailed ? serverErrorReply(503) : look();
  }

  async #get(id: string): Promise<Response> {
    const batch = this.#batches.get(id);
    if (!batch) return errorReply(NO_SUCH_PATH);
    const isInline = batch.order.fileName === undefined;
    if (isInline && batch.course.hasEnded && batch.images > MOST_INLINE_IMAGES) {
      await this.#state.clock.sleep(INLINE_PATIENCE_MS);
      return serverErrorReply(503);
    }
    return Response.json(await batch.describe({ withResults: true }));
  }

  /** Newest first, without results. */
  async #list(context: Handler): Promise<Response> {
    const { pageSize = String(LARGEST_PAGE), pageToken = '0' } = context.req.query();
    const start = Number(pageToken);
    const size = Math.min(Number(pageSize), LARGEST_PAGE);
    if (!(start >= 0 && size >= 1)) return errorReply(invalid('Invalid page.'));
    const all = [...this.#batches.values()].reverse();
    const shown = all.slice(start, start + size);
    const operations = await Promise.all(
      shown.map((batch) => batch.describe({ withResults: false })),
    );
    const next = start + size < all.length ? { nextPageToken: String(start + size) } : {};
    return Response.json({ ...(operations.length > 0 && { operations }), ...next });
  }

  #cancel(target: string): Response {
    const [id = '', verb] = target.split(':');
    const batch = this.#batches.get(id);
    if (!batch || verb !== 'cancel') return errorReply(NO_SUCH_PATH);
    if (batch.course.cancel()) return Response.json({});
    const message = 'The batch has ended already.';
    return errorReply({ code: 400, message, status: 'FAILED_PRECONDITION' });
  }

  #download(context: Handler): Response {
    context.env.call.log.operation = 'download';
    const [id = '', verb] = (context.req.param('target') ?? '').split(':');
    const batch = [...this.#batches.values()].find(({ resultsId }) => resultsId === id);
    const isAsked = verb === 'download' && context.req.query('alt') === 'media';
    if (!batch?.course.hasEnded || !isAsked) return errorReply(noSuchFile(id));
    const stream = ReadableStream.from(batch.results(context.env.call.random));
    return new Response(stream, { headers: { 'content-type': 'application/jsonl' } });
  }
}
