import type { Context } from 'hono';
import type { FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { connectionLost, cutInTheMiddle } from '../broken-reply.ts';
import { drawMs, drawRefusal } from '../chance.ts';
import { paintPicture, type Picture } from '../picture.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
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
import { readEdit, readObject } from './read-edit.ts';
import { MODELS, readOrder, type ImageOrder } from './read-order.ts';
import { usageOf, usdMicrosOf, type Usage } from './usage.ts';

const POSSIBLE: readonly FaultName[] = [
  'replyLost',
  'status429',
  'status429bare',
  'status503',
  'status500',
  'status502',
  'status504',
  'truncated',
  'wrongSize',
  'blank',
  'fewerImages',
  'hang',
];

type Handler = Context<{ Bindings: { call: Call } }>;

/**
 * OpenAI's image API for gpt-image-2: `POST /v1/images/generations`, `POST /v1/images/edits`
 * (multipart and JSON) and `GET /v1/models`. Synchronous, billed by usage, nothing can be looked up.
 */
export function createOpenaiSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('openai', options);
  return simulatorOf(state, (app) => {
    app.use('/v1/*', async (context, next) => {
      const key = bearerOf(context.req.header('authorization'));
      if (state.acceptsKey(key)) return next();
      return errorReply(keyError(key));
    });
    app.post('/v1/images/generations', async (context) => {
      const order = readOrder(await readObject(context.req.raw), 'generations', 0);
      return answerOrder(state, context, order);
    });
    app.post('/v1/images/edits', async (context) => {
      const edit = await readEdit(context.req.raw);
      if ('status' in edit) return answerOrder(state, context, edit);
      return answerOrder(state, context, readOrder(edit.body, 'edits', edit.inputImages));
    });
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
  return refuseEarly(state, call, order) ?? makeImages(state, call, order);
}

/** Every no for which nothing is made and nothing counts against the limits. */
function refuseEarly(state: VendorState, call: Call, order: ImageOrder): Response | undefined {
  if (state.isExhausted) return errorReply(INSUFFICIENT_QUOTA);
  const fault = state.drawFault(call, POSSIBLE);
  if (fault === 'status503') return serverErrorReply(503);
  if (fault === 'status429' || fault === 'status429bare') {
    const refusal = { limit: 'images', max: 1, used: 1, asked: order.count } as const;
    const error = rateLimited(order.model, { ...refusal, retryAfterMs: 1000 });
    return errorReply(error, fault === 'status429' ? headersFor(state, 1000) : {});
  }
  const refusal = state.gate.admit(state.clock.now(), order.count, state.behaviour.limits);
  if (!refusal) return undefined;
  const error = rateLimited(order.model, refusal);
  return errorReply(error, headersFor(state, refusal.retryAfterMs));
}

async function makeImages(state: VendorState, call: Call, order: ImageOrder): Promise<Response> {
  call.log.admitted = true;
  const latencyMs = drawMs(call.random, state.behaviour.latencyMs);
  const refused = drawRefusal(state.seed, order.prompt, state.behaviour.refusals);
  // A prompt is judged before painting starts, a picture after it.
  if (latencyMs > 0) {
    await state.clock.sleep(refused === 'input' ? Math.ceil(latencyMs / 10) : latencyMs);
  }
  if (refused) {
    call.log.moderated = true;
    return errorReply(moderationBlocked(refused), headersFor(state));
  }
  const status = brokenStatus(call);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return serverErrorReply(status);

  const pictures = await paint(state, call, order);
  const usage = usageOf({ ...order, images: pictures.length });
  const entry = billFor(state, call, order, pictures, usage);
  if (status !== undefined) return serverErrorReply(status);
  return reply(state, call, entry, bodyOf(state, order, pictures, usage));
}

async function paint(
  state: VendorState,
  call: Call,
  order: ImageOrder,
): Promise<readonly Picture[]> {
  const { fault, number } = call.log;
  const count = fault === 'fewerImages' ? order.count - 1 : order.count;
  const { width, height } = order.size;
  const size = fault === 'wrongSize' ? { width: width / 2, height: height / 2 } : order.size;
  const pictures: Picture[] = [];
  for (let index = 0; index < count; index += 1) {
    const imageId = `openai-${number}-${index}`;
    const { format, prompt } = order;
    pictures.push(await paintPicture({ size, format, prompt, imageId, blank: fault === 'blank' }));
  }
  return pictures;
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

function bodyOf(
  state: VendorState,
  order: ImageOrder,
  pictures: readonly Picture[],
  usage: Usage,
): unknown {
  const { background, format, quality, size } = order;
  return {
    created: Math.floor(state.clock.now() / 1000),
    background: background === 'auto' ? 'opaque' : background,
    data: pictures.map(({ bytes }) => ({ b64_json: Buffer.from(bytes).toString('base64') })),
    output_format: format,
    quality,
    size: `${size.width}x${size.height}`,
    usage,
  };
}

async function reply(
  state: VendorState,
  call: Call,
  entry: BillEntry,
  body: unknown,
): Promise<Response> {
  const { fault } = call.log;
  if (fault === 'replyLost') throw connectionLost();
  if (fault === 'hang') return new Promise<never>(() => {});
  const headers = { ...headersFor(state), 'x-request-id': requestId(call) };
  const response = Response.json(body, { headers });
  if (fault === 'truncated') return cutInTheMiddle(response);
  entry.delivered = !call.signal.aborted;
  return state.tieToBill(response, entry);
}

function brokenStatus(call: Call): 500 | 502 | 504 | undefined {
  switch (call.log.fault) {
    case 'status500':
      return 500;
    case 'status502':
      return 502;
    case 'status504':
      return 504;
    default:
      return undefined;
  }
}

function headersFor(state: VendorState, retryAfterMs?: number): Record<string, string> {
  if (state.behaviour.announceLimits === false) return {};
  const readings = state.gate.readings(state.clock.now(), state.behaviour.limits);
  return {
    ...rateHeaders(readings),
    ...(retryAfterMs === undefined ? {} : retryHeaders(retryAfterMs)),
  };
}

function requestId(call: Call): string {
  return `req_simulated_${call.log.number}`;
}

function bearerOf(header: string | undefined): string {
  return /^Bearer\s+(\S+)/i.exec(header ?? '')?.[1] ?? '';
}

function describeModel(id: string): unknown {
  return { id, object: 'model', created: 1_776_729_600, owned_by: 'system' };
}
