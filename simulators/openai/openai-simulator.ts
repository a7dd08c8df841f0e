import type { Context } from 'hono';
import type { FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs, drawRefusal } from '../chance.ts';
import type { Picture } from '../picture.ts';
import { replyTo, unclearStatus } from '../reply.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
import { orderPictures } from '../task-book.ts';
import {
  errorReply,
  INSUFFICIENT_QUOTA,
  invalid,
  keyError,
  moderationBlocked,
  rateHeaders,
  rateLimited,
  retryHeaders,
  serverErrorReply,
  type OpenaiError,
} from './errors.ts';
import { addBatchRoutes } from './batches.ts';
import { FileBook, addFileRoutes } from './files.ts';
import { imageAnswer, paintAll } from './image-answer.ts';
import { readEdit, readObject } from './read-edit.ts';
import { MODELS, readOrder, type ImageOrder } from './read-order.ts';
import { addUsageRoutes } from './usage-report.ts';
import { usageOf, usdMicrosOf, type Usage } from './usage.ts';

/** Images come in the answer itself, by no task and at no address. */
const IMPOSSIBLE: readonly FaultName[] = ['expiredUrl', 'taskFailed'];

type Handler = Context<{ Bindings: { call: Call } }>;

/**
 * OpenAI's image API for gpt-image-2: `POST /v1/images/generations`, `POST /v1/images/edits`
 * (multipart and JSON), `GET /v1/models`, `/v1/files`, `/v1/batches` and the
 * organization's reports. A live call is synchronous and
 * cannot be looked up; a line of a batch costs one half. All is billed by usage.
 */
export function createOpenaiSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('openai', options);
  const files = new FileBook(() => state.clock.now());
  return simulatorOf(state, (app) => {
    addUsageRoutes(app, state);
    app.use('/v1/*', async (context, next) => {
      const key = bearerOf(context.req.header('authorization'));
      if (!state.acceptsKey(key)) return errorReply(keyError(key));
      await next();
      context.res.headers.set('x-request-id', requestId(context.env.call));
      return undefined;
    });
    app.post('/v1/images/generations', async (context) => {
      const order = readOrder(await readObject(context.req.raw), 'generations', 0);
      return answerOrder(state, context, order);
    });
    app.post('/v1/images/edits', async (context) => {
      const edit = await readEdit(context.req.raw, files);
      if ('status' in edit) return answerOrder(state, context, edit);
      context.env.call.log.references = edit.references;
      return answerOrder(state, context, readOrder(edit.body, 'edits', edit.inputImages));
    });
    addFileRoutes(app, state, files);
    addBatchRoutes(app, state, files);
    app.get('/v1/models', () =>
      Response.json({ object: 'list', data: MODELS.map((id) => describeModel(id)) }),
    );
    app.get('/v1/models/:id', (context) => {
      const id = context.req.param('id');
      if (MODELS.includes(id)) return Response.json(describeModel(id));
      const message = `The model '${id}' does not exist.`;
      return errorReply({ ...invalid('model', 'model_not_found', message), status: 404 });
    });
    app.notFound((context) => {
      const message = `Invalid URL (${context.req.method} ${context.req.path})`;
      return errorReply({ status: 404, type: 'invalid_request_error', message });
    });
  });
}

async function answerOrder(
  state: VendorState,
  context: Handler,
  order: ImageOrder | OpenaiError,
): Promise<Response> {
  const { call } = context.env;
  call.log.operation = 'submit';
  if ('status' in order) return errorReply(order);
  call.log.model = order.model;
  call.log.images = order.count;
  const latencyMs = drawMs(call.random, state.behaviour.latencyMs);
  return refuseEarly(state, call, order, latencyMs) ?? makeImages(state, call, order, latencyMs);
}

/** Every no for which nothing is made and nothing counts against the limits. */
function refuseEarly(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  latencyMs: number,
): Response | undefined {
  if (state.isExhausted) return errorReply(INSUFFICIENT_QUOTA);
  const fault = state.drawFault(call, IMPOSSIBLE);
  if (fault === 'status503') return serverErrorReply(503);
  if (fault === 'status429' || fault === 'status429bare') {
    const refusal = { limit: 'images', max: 1, used: 1, asked: order.count } as const;
    const error = rateLimited(order.model, { ...refusal, retryAfterMs: 1000 });
    return errorReply(error, fault === 'status429' ? headersFor(state, order, 1000) : {});
  }
  const ask = { images: order.count, slots: 1, slotGroup: order.model, durationMs: latencyMs };
  const refusal = state.admit(call, ask, state.behaviour.limits);
  if (!refusal) return undefined;
  const error = rateLimited(order.model, refusal);
  return errorReply(error, headersFor(state, order, refusal.retryAfterMs));
}

async function makeImages(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  latencyMs: number,
): Promise<Response> {
  const refused = drawRefusal(state.seed, order.prompt, state.behaviour.refusals);
  // A prompt is judged before painting starts, a picture after it.
  if (latencyMs > 0) {
    await state.clock.sleep(refused === 'input' ? Math.ceil(latencyMs / 10) : latencyMs);
  }
  if (refused) {
    call.log.moderated = true;
    return errorReply(moderationBlocked(refused), headersFor(state, order));
  }
  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return serverErrorReply(status);

  const blur = state.blurOf(order.model, order.count);
  const orders = orderPictures({ ...order, taskId: requestId(call), fault: call.log.fault, blur });
  const pictures = await paintAll(orders);
  const usage = usageOf({ ...order, images: pictures.length });
  const entry = billFor(state, call, order, pictures, usage);
  if (status !== undefined) return serverErrorReply(status);
  const body = imageAnswer(state.clock.now(), order, pictures, usage);
  const response = Response.json(body, { headers: headersFor(state, order) });
  return replyTo(state, call, response, entry);
}

function billFor(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  pictures: readonly Picture[],
  usage: Usage,
): BillEntry {
  const entry: BillEntry = {
    vendor: 'openai',
    at: state.clock.now(),
    model: order.model,
    prompt: order.prompt,
    taskId: requestId(call),
    images: pictures.length,
    usdMicros: usdMicrosOf(usage),
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

function headersFor(
  state: VendorState,
  order: ImageOrder,
  retryAfterMs?: number,
): Record<string, string> {
  if (state.behaviour.announceLimits === false) return {};
  const readings = state.gate.readings(state.clock.now(), order.model, state.behaviour.limits);
  return {
    ...rateHeaders(readings),
    ...(retryAfterMs === undefined ? {} : retryHeaders(retryAfterMs)),
  };
}

function requestId(call: Call): string {
  return `req-simulated-${call.log.number}`;
}

function bearerOf(header: string | undefined): string {
  return /^Bearer\s+(\S+)/i.exec(header ?? '')?.[1] ?? '';
}

function describeModel(id: string): unknown {
  return { id, object: 'model', created: 1_776_729_600, owned_by: 'system' };
}
