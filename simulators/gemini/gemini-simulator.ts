import type { Context } from 'hono';
import type { Behaviour, FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs, drawRefusal } from '../chance.ts';
import { replyTo, unclearStatus } from '../reply.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
import { BatchBook } from './batches.ts';
import {
  CREDITS_DEPLETED,
  errorReply,
  NO_KEY,
  NO_SUCH_PATH,
  noSuchModel,
  quotaExceeded,
  RATE_LIMITED,
  serverErrorReply,
  WRONG_KEY,
} from './errors.ts';
import { FileStore } from './files.ts';
import { generate } from './generate.ts';
import { readJson } from './json.ts';
import { readOrder, type ImageOrder } from './read-order.ts';
import { MODELS } from './usage.ts';

/** Images come in the answer itself, by no task and at no address. */
const IMPOSSIBLE: readonly FaultName[] = ['expiredUrl', 'taskFailed'];

type Handler = Context<{ Bindings: { call: Call } }>;

/**
 * Google's Gemini API (v1 and v1beta) for image models: `models.generateContent`, files, and batches by
 * file and inline. Billed by tokens, also for prompts that are refused. A lost answer cannot be looked up; a
 * batch can be listed. The key is taken from its header only, so that one in an address is seen.
 */
export function createGeminiSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('gemini', options);
  const files = new FileStore(state);
  const batches = new BatchBook(state, files);
  return simulatorOf(state, (app) => {
    for (const path of ['/:version{v1(?:beta)?}/*', '/upload/*', '/download/*']) {
      app.use(path, async (context, next) => {
        const key = context.req.header('x-goog-api-key') ?? '';
        if (key === '') return errorReply(NO_KEY);
        return state.acceptsKey(key) ? next() : errorReply(WRONG_KEY);
      });
    }
    app.get('/:version{v1(?:beta)?}/models', () =>
      Response.json({ models: MODELS.map(describeModel) }),
    );
    app.get('/:version{v1(?:beta)?}/models/:id', (context) => {
      const id = context.req.param('id');
      return MODELS.includes(id) ? Response.json(describeModel(id)) : errorReply(noSuchModel(id));
    });
    app.post('/:version{v1(?:beta)?}/models/:target', async (context) => {
      const [model = '', verb] = context.req.param('target').split(':');
      if (verb === 'batchGenerateContent') return batches.create(context, model);
      if (verb !== 'generateContent') return errorReply(NO_SUCH_PATH);
      return generateContent(state, files, context, model);
    });
    files.addRoutes(app);
    batches.addRoutes(app);
    app.notFound(() => errorReply(NO_SUCH_PATH));
  });
}

async function generateContent(
  state: VendorState,
  files: FileStore,
  context: Handler,
  model: string,
): Promise<Response> {
  const { call } = context.env;
  call.log.operation = 'submit';
  const body = readJson(await context.req.text());
  const order = readOrder(model, body, (uri) => files.check(uri));
  if ('code' in order) return errorReply(order);
  call.log.model = model;
  call.log.images = 1;
  const latencyMs = drawMs(call.random, state.behaviour.latencyMs);
  return refuseEarly(state, call, model, latencyMs) ?? makeImage(state, call, order, latencyMs);
}

/** Every no for which nothing is made and nothing counts against the limits. */
function refuseEarly(
  state: VendorState,
  call: Call,
  model: string,
  durationMs: number,
): Response | undefined {
  if (state.isExhausted) return errorReply(CREDITS_DEPLETED);
  const fault = state.drawFault(call, IMPOSSIBLE);
  if (fault === 'status503') return serverErrorReply(503);
  if (fault === 'status429') {
    return errorReply(quotaExceeded(model, { limit: 'requests', retryAfterMs: 1000 }));
  }
  if (fault === 'status429bare') return errorReply(RATE_LIMITED);
  const ask = { images: 1, slots: 1, slotGroup: model, durationMs };
  const refusal = state.admit(call, ask, windowsOf(state.behaviour.limits));
  if (!refusal) return undefined;
  const { limit, retryAfterMs, max } = refusal;
  const announced = state.behaviour.announceLimits === false ? {} : { max };
  return errorReply(quotaExceeded(model, { limit, retryAfterMs, ...announced }));
}

/** Google counts what is asked for in a window, and not what is active. */
function windowsOf(limits: Behaviour['limits']): Behaviour['limits'] {
  const { slots: _active, ...windows } = limits ?? {};
  return windows;
}

async function makeImage(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  latencyMs: number,
): Promise<Response> {
  const id = `simulated-${call.log.number}`;
  const refused = drawRefusal(state.seed, order.prompt, state.behaviour.refusals);
  // A prompt is judged before painting starts, a picture after it.
  const waitMs = refused === 'input' ? Math.ceil(latencyMs / 10) : latencyMs;
  if (waitMs > 0) await state.clock.sleep(waitMs);
  if (refused) call.log.moderated = true;
  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return serverErrorReply(status);

  const fate = { refused, fault: call.log.fault, blur: state.blurOf(order.model, 1) };
  const made = await generate(state, order, { ...fate, id, share: 1 });
  const entry: BillEntry = {
    vendor: 'gemini',
    at: state.clock.now(),
    model: order.model,
    prompt: order.prompt,
    taskId: id,
    images: made.pictures.length,
    usdMicros: made.usdMicros,
    delivered: false,
    imageHashes: made.pictures.map(({ hash }) => hash),
  };
  state.bill.add(entry);
  if (status !== undefined) return serverErrorReply(status);
  return replyTo(state, call, Response.json(made.body), entry);
}

function describeModel(id: string): unknown {
  return { name: `models/${id}`, supportedGenerationMethods: ['generateContent'] };
}
