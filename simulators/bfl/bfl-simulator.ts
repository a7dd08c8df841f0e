import type { Behaviour, FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs, drawRefusal } from '../chance.ts';
import { paintPicture } from '../picture.ts';
import { replyTo, unclearStatus, uuidFor, waitHalf } from '../reply.ts';
import { addressesOf, addResultFiles } from '../result-files.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
import { orderPictures, TaskBook, type Task, type TaskEnd } from '../task-book.ts';
import {
  errorReply,
  NO_KEY,
  OUT_OF_CREDITS,
  rateHeaders,
  serverErrorReply,
  TOO_MANY_TASKS,
} from './errors.ts';
import { readOrder, type ImageOrder } from './read-order.ts';

interface Model {
  readonly id: 'flux-kontext-pro' | 'flux-kontext-max';
  readonly credits: number;
  /** Most active tasks. Counted per model here; the documentation leaves open whether they add up. */
  readonly slots: number;
}

const MODELS: readonly Model[] = [
  { id: 'flux-kontext-pro', credits: 4, slots: 24 },
  { id: 'flux-kontext-max', credits: 8, slots: 6 },
];

/** A task makes one image or none. */
const IMPOSSIBLE: readonly FaultName[] = ['fewerImages'];

/** 1 credit = $0.01. */
const USD_MICROS_PER_CREDIT = 10_000;
const CREDITS_AT_START = 1_000_000;
const RESULT_VALID_MS = 10 * 60_000;
/** A part of the polling address that a client cannot know who builds it itself. */
const CLUSTER = 'sim-1';

/**
 * Black Forest Labs' FLUX Kontext: `POST /v1/flux-kontext-pro` and `-max` answer with an id and a
 * polling address; the result lies on the same origin and expires after ten minutes.
 */
export function createBflSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('bfl', options);
  const tasks = new TaskBook();
  return simulatorOf(state, (app) => {
    for (const model of MODELS) {
      app.post(`/v1/${model.id}`, async (context) => {
        const { call } = context.env;
        call.log.operation = 'submit';
        call.log.model = model.id;
        if (!state.acceptsKey(context.req.header('x-key') ?? '')) return errorReply(403, NO_KEY);
        return submit(state, tasks, call, model, context.req.raw);
      });
    }
    app.get('/v1/get_result', async (context) => {
      context.env.call.log.operation = 'poll';
      const { id = '', cluster } = context.req.query();
      const task = cluster === CLUSTER ? tasks.find(id) : undefined;
      return poll(state, context.env.call, task, id, new URL(context.req.url).origin);
    });
    app.get('/v1/credits', (context) => {
      if (!state.acceptsKey(context.req.header('x-key') ?? '')) return errorReply(403, NO_KEY);
      const spent = state.bill.usdMicros / USD_MICROS_PER_CREDIT;
      return context.json({ credits: CREDITS_AT_START - spent });
    });
    addResultFiles(app, state, tasks);
    app.notFound(() => errorReply(404, 'Not Found'));
  });
}

async function submit(
  state: VendorState,
  tasks: TaskBook,
  call: Call,
  model: Model,
  request: Request,
): Promise<Response> {
  await waitHalf(state, call);
  const order = await readOrder(request);
  if (!('prompt' in order)) return errorReply(422, order);
  call.log.images = 1;
  call.log.references = order.references;
  const durationMs = drawMs(call.random, state.behaviour.latencyMs);
  return (
    refuseEarly(state, call, model, durationMs) ??
    takeTask(state, tasks, call, model, order, durationMs, new URL(request.url).origin)
  );
}

/** Every no for which nothing is made and nothing counts against the limits. */
function refuseEarly(
  state: VendorState,
  call: Call,
  model: Model,
  durationMs: number,
): Response | undefined {
  if (state.isExhausted) return errorReply(402, OUT_OF_CREDITS);
  const fault = state.drawFault(call, IMPOSSIBLE);
  if (fault === 'status503') return serverErrorReply(503);
  if (fault === 'status429bare') return errorReply(429, TOO_MANY_TASKS);
  if (fault === 'status429') {
    return errorReply(429, TOO_MANY_TASKS, headersFor(state, model, 1000));
  }
  const ask = { images: 1, slots: 1, slotGroup: model.id, durationMs };
  const refusal = state.admit(call, ask, limitsOf(state, model));
  if (!refusal) return undefined;
  return errorReply(429, TOO_MANY_TASKS, headersFor(state, model, refusal.retryAfterMs ?? 0));
}

async function takeTask(
  state: VendorState,
  tasks: TaskBook,
  call: Call,
  model: Model,
  order: ImageOrder,
  durationMs: number,
  origin: string,
): Promise<Response> {
  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return serverErrorReply(status);

  const task = createTask(state, call, model, order, durationMs);
  tasks.add(task);
  const entry = task.end === 'ready' ? await billFor(state, task, model) : undefined;
  const answer = answerTo(task, model, order, origin);
  await waitHalf(state, call);
  if (status !== undefined) return serverErrorReply(status);
  const response = Response.json(answer, { headers: headersFor(state, model) });
  return replyTo(state, call, response, entry);
}

function createTask(
  state: VendorState,
  call: Call,
  model: Model,
  order: ImageOrder,
  durationMs: number,
): Task {
  const id = uuidFor(call);
  const { fault } = call.log;
  const end = endOf(state, call, order.prompt);
  const { prompt, size, format } = order;
  const createdAt = state.clock.now();
  // A prompt is judged before painting starts, a picture after it.
  const takesMs = end === 'refused-input' ? Math.ceil(durationMs / 10) : durationMs;
  const blur = state.blurOf(model.id, 1);
  const pictures = orderPictures({ taskId: id, prompt, size, format, count: 1, fault, blur });
  return {
    id,
    model: model.id,
    prompt,
    createdAt,
    endsAt: createdAt + takesMs,
    end,
    pictures: end === 'ready' ? pictures : [],
    expiredAddresses: fault === 'expiredUrl' ? 1 : 0,
  };
}

function endOf(state: VendorState, call: Call, prompt: string): TaskEnd {
  const refused = drawRefusal(state.seed, prompt, state.behaviour.refusals);
  if (refused) call.log.moderated = true;
  if (refused) return `refused-${refused}`;
  return call.log.fault === 'taskFailed' ? 'failed' : 'ready';
}

async function billFor(state: VendorState, task: Task, model: Model): Promise<BillEntry> {
  const pictures = await Promise.all(task.pictures.map(paintPicture));
  const entry: BillEntry = {
    vendor: 'bfl',
    at: task.createdAt,
    model: task.model,
    prompt: task.prompt,
    taskId: task.id,
    images: pictures.length,
    usdMicros: pictures.length * model.credits * USD_MICROS_PER_CREDIT,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

/** With a webhook the answer has no polling address (BFL's `AsyncWebhookResponse`). */
function answerTo(task: Task, model: Model, order: ImageOrder, origin: string): unknown {
  const megapixels = (order.size.width * order.size.height) / 1_000_000;
  const cost = { cost: model.credits, input_mp: order.inputImages, output_mp: megapixels };
  if (order.webhookUrl !== undefined) {
    return { id: task.id, status: 'Pending', webhook_url: order.webhookUrl, ...cost };
  }
  const polling = `${origin}/v1/get_result?id=${task.id}&cluster=${CLUSTER}`;
  return { id: task.id, polling_url: polling, ...cost };
}

async function poll(
  state: VendorState,
  call: Call,
  task: Task | undefined,
  id: string,
  origin: string,
): Promise<Response> {
  await waitHalf(state, call);
  if (call.random.next() < (state.behaviour.pollError ?? 0)) return serverErrorReply(503);
  const nothing = { id, result: null, progress: null, details: null, preview: null };
  if (!task) return Response.json({ ...nothing, status: 'Task not found' });
  const answer = { ...nothing, ...statusOf(state, task, origin) };
  await waitHalf(state, call);
  return Response.json(answer);
}

function statusOf(state: VendorState, task: Task, origin: string): Record<string, unknown> {
  const now = state.clock.now();
  if (now < task.endsAt) {
    const progress = (now - task.createdAt) / (task.endsAt - task.createdAt);
    return { status: 'Pending', progress };
  }
  const reasons = { 'Moderation Reasons': ['Safety Filter'] };
  switch (task.end) {
    case 'refused-input':
      return { status: 'Request Moderated', details: reasons };
    case 'refused-output':
      return { status: 'Content Moderated', details: reasons };
    case 'failed':
      return { status: 'Error', details: { error: 'Generation failed.' } };
    case 'ready':
      return { status: 'Ready', progress: 1, result: resultOf(state, task, origin) };
  }
}

function resultOf(state: VendorState, task: Task, origin: string): unknown {
  const [sample] = addressesOf(state, task, origin, RESULT_VALID_MS);
  const [startTime, endTime] = [task.createdAt / 1000, task.endsAt / 1000];
  return {
    sample,
    prompt: task.prompt,
    start_time: startTime,
    end_time: endTime,
    duration: endTime - startTime,
  };
}

function limitsOf(state: VendorState, model: Model): Behaviour['limits'] {
  return { slots: model.slots, ...state.behaviour.limits };
}

function headersFor(
  state: VendorState,
  model: Model,
  retryAfterMs?: number,
): Record<string, string> {
  if (state.behaviour.announceLimits === false) return {};
  const readings = state.gate.readings(state.clock.now(), model.id, limitsOf(state, model));
  const retry = { 'retry-after': String(Math.ceil((retryAfterMs ?? 0) / 1000)) };
  return { ...rateHeaders(readings), ...(retryAfterMs === undefined ? {} : retry) };
}
