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
import { orderPictures, TaskBook, type Task } from '../task-book.ts';
import {
  badGateway,
  invalid,
  KEY_USED,
  NO_KEY,
  NOT_FOUND,
  PACK_EMPTY,
  RATE_LIMITED,
  RISK_CONTROL,
  serverError,
  SLOTS_FULL,
  WRONG_KEY,
  type KlingError,
} from './errors.ts';
import { readOrder, type ImageOrder } from './read-order.ts';

const PATH = '/v1/images/generations';
/** $0.028 an image at 1k and 2k; v2-1 is billed the same here. */
const USD_MICROS_PER_IMAGE = 28_000;
/** An image in units of a resource pack, at $0.0035 a unit. */
const UNITS_PER_IMAGE = 8;
const UNITS_AT_START = 1_000_000;
const RESULT_VALID_MS = 30 * 24 * 3_600_000;

/**
 * Kling's image API for `kling-v3`: tasks that are found by the vendor's id or by the client's
 * `external_task_id`, which may be used once only. Slots are weighted by `n`. Every answer has the
 * envelope `{code, message, request_id, data}`; HTTP 200 is success only with `code: 0`.
 */
export function createKlingSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('kling', options);
  const tasks = new TaskBook();
  return simulatorOf(state, (app) => {
    for (const path of ['/v1/*', '/account/*']) {
      app.use(path, async (context, next) => {
        const key = /^Bearer\s+(\S+)/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
        if (state.acceptsKey(key)) return next();
        return refuse(state, context.env.call, key === '' ? NO_KEY : WRONG_KEY);
      });
    }
    app.post(PATH, async (context) => {
      const { call } = context.env;
      call.log.operation = 'submit';
      await waitHalf(state, call);
      const order = await readOrder(context.req.raw);
      if ('code' in order) return refuse(state, call, order);
      return submit(state, tasks, call, order, new URL(context.req.url).origin);
    });
    app.get(`${PATH}/:id`, async (context) => {
      const { call } = context.env;
      call.log.operation = 'poll';
      const origin = new URL(context.req.url).origin;
      return poll(state, call, () => {
        const task = tasks.find(context.req.param('id'));
        return task ? { data: describe(state, task, origin) } : { error: NOT_FOUND };
      });
    });
    app.get(PATH, async (context) => {
      const { call } = context.env;
      call.log.operation = 'poll';
      const { pageNum = '1', pageSize = '30' } = context.req.query();
      const origin = new URL(context.req.url).origin;
      return poll(state, call, () => {
        return listPage(state, tasks, Number(pageNum), Number(pageSize), origin);
      });
    });
    app.get('/account/costs', ({ env }) => accept(env.call, describeAccount(state)));
    addResultFiles(app, state, tasks);
    app.notFound(({ env }) => refuse(state, env.call, NOT_FOUND));
  });
}

async function submit(
  state: VendorState,
  tasks: TaskBook,
  call: Call,
  order: ImageOrder,
  origin: string,
): Promise<Response> {
  call.log.model = order.model;
  call.log.images = order.count;
  if (order.key !== undefined) call.log.requestKey = order.key;
  const durationMs = drawMs(call.random, state.behaviour.latencyMs);
  const error = refuseEarly(state, tasks, call, order, durationMs);
  if (error) return refuse(state, call, error);
  return takeTask(state, tasks, call, order, durationMs, origin);
}

/** Every no for which no task is made. */
function refuseEarly(
  state: VendorState,
  tasks: TaskBook,
  call: Call,
  order: ImageOrder,
  durationMs: number,
): KlingError | undefined {
  if (order.key !== undefined && tasks.hasKey(order.key)) return KEY_USED;
  if (state.isExhausted) return PACK_EMPTY;
  const fault = state.drawFault(call, []);
  if (fault === 'status503') return serverError(503);
  if (fault === 'status429' || fault === 'status429bare') return RATE_LIMITED;
  if (refusalOf(state, order.prompt) === 'input') {
    call.log.moderated = true;
    return RISK_CONTROL;
  }
  const slots = order.count;
  const ask = { images: order.count, slots, slotGroup: order.model, durationMs };
  const refusal = state.admit(call, ask, state.behaviour.limits);
  if (!refusal) return undefined;
  return refusal.limit === 'slots' ? SLOTS_FULL : RATE_LIMITED;
}

async function takeTask(
  state: VendorState,
  tasks: TaskBook,
  call: Call,
  order: ImageOrder,
  durationMs: number,
  origin: string,
): Promise<Response> {
  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return answerUnclear(state, call, status);

  const task = createTask(state, call, order, durationMs);
  tasks.add(task);
  const entry = task.end === 'ready' ? await billFor(state, task) : undefined;
  const response = accept(call, describe(state, task, origin));
  await waitHalf(state, call);
  if (status !== undefined) return answerUnclear(state, call, status);
  return replyTo(state, call, response, entry);
}

function createTask(state: VendorState, call: Call, order: ImageOrder, durationMs: number): Task {
  const { fault } = call.log;
  const { model, prompt, size, count, key } = order;
  const id = uuidFor(call);
  const isRefused = refusalOf(state, prompt) !== undefined;
  if (isRefused) call.log.moderated = true;
  const isReady = !isRefused && fault !== 'taskFailed';
  const createdAt = state.clock.now();
  const pictures = orderPictures({ taskId: id, prompt, size, format: 'png', count, fault });
  return {
    id,
    ...(key === undefined ? {} : { key }),
    model,
    prompt,
    createdAt,
    endsAt: createdAt + durationMs,
    end: isReady ? 'ready' : isRefused ? 'refused-output' : 'failed',
    pictures: isReady ? pictures : [],
    expiredAddresses: fault === 'expiredUrl' ? 1 : 0,
  };
}

async function billFor(state: VendorState, task: Task): Promise<BillEntry> {
  const pictures = await Promise.all(task.pictures.map(paintPicture));
  const entry: BillEntry = {
    vendor: 'kling',
    at: task.createdAt,
    model: task.model,
    prompt: task.prompt,
    ...(task.key === undefined ? {} : { requestKey: task.key }),
    taskId: task.id,
    images: pictures.length,
    usdMicros: pictures.length * USD_MICROS_PER_IMAGE,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

/** Asking is free of slots; it can fail, which says nothing about the task. */
async function poll(state: VendorState, call: Call, look: () => Found): Promise<Response> {
  await waitHalf(state, call);
  const hasFailed = call.random.next() < (state.behaviour.pollError ?? 0);
  const found: Found = hasFailed ? { error: serverError(503) } : look();
  await waitHalf(state, call);
  return 'error' in found ? refuse(state, call, found.error) : accept(call, found.data);
}

type Found = { readonly data: unknown } | { readonly error: KlingError };

/** A task as Kling shows it: submitted, processing, succeed or failed. */
function describe(state: VendorState, task: Task, origin: string): Record<string, unknown> {
  const now = state.clock.now();
  const isOver = now >= task.endsAt;
  const base = {
    task_id: task.id,
    task_info: task.key === undefined ? {} : { external_task_id: task.key },
    created_at: task.createdAt,
    updated_at: isOver ? task.endsAt : now,
  };
  if (!isOver) {
    const isQueued = now - task.createdAt < (task.endsAt - task.createdAt) / 10;
    return { ...base, task_status: isQueued ? 'submitted' : 'processing' };
  }
  if (task.end === 'failed') {
    return { ...base, task_status: 'failed', task_status_msg: 'Image generation failed' };
  }
  if (task.end !== 'ready') {
    return { ...base, task_status: 'failed', task_status_msg: RISK_CONTROL.message };
  }
  return { ...base, task_status: 'succeed', ...resultOf(state, task, origin) };
}

function resultOf(state: VendorState, task: Task, origin: string): Record<string, unknown> {
  const count = task.pictures.length;
  const price = ((count * USD_MICROS_PER_IMAGE) / 1_000_000).toFixed(3);
  const urls = addressesOf(state, task, origin, RESULT_VALID_MS);
  return {
    task_result: { images: urls.map((url, index) => ({ index, url })) },
    final_unit_deduction: String(count * UNITS_PER_IMAGE),
    final_balance_deduction: { quota: price, list_price: price },
  };
}

function listPage(
  state: VendorState,
  tasks: TaskBook,
  page: number,
  size: number,
  origin: string,
): Found {
  if (!(page >= 1 && page <= 1000 && size >= 1 && size <= 500)) {
    return { error: invalid('pageNum must be from 1 to 1000 and pageSize from 1 to 500') };
  }
  const shown = tasks.list().slice((page - 1) * size, page * size);
  return { data: shown.map((task) => describe(state, task, origin)) };
}

function describeAccount(state: VendorState): unknown {
  const pack = {
    resource_pack_name: 'Simulated images',
    resource_pack_id: 'simulated-pack',
    resource_pack_type: 'decreasing_total',
    total_quantity: UNITS_AT_START,
    remaining_quantity: state.isExhausted
      ? 0
      : UNITS_AT_START - state.bill.images * UNITS_PER_IMAGE,
    status: state.isExhausted ? 'runOut' : 'online',
  };
  return { code: 0, msg: 'success', resource_pack_subscribe_infos: [pack] };
}

function refusalOf(state: VendorState, prompt: string): 'input' | 'output' | undefined {
  return drawRefusal(state.seed, prompt, state.behaviour.refusals);
}

function accept(call: Call, data: unknown): Response {
  return Response.json({ code: 0, message: 'SUCCEED', request_id: requestId(call), data });
}

function refuse(state: VendorState, call: Call, error: KlingError): Response {
  const { code, message } = error;
  const status = state.behaviour.errorsAsHttp200 ? 200 : error.status;
  // Kling documents no rate headers; only the fault that is to have some gets one.
  const hasHeaders = call.log.fault === 'status429' && state.behaviour.announceLimits !== false;
  const headers: Record<string, string> = hasHeaders ? { 'retry-after': '1' } : {};
  return Response.json({ code, message, request_id: requestId(call) }, { status, headers });
}

function answerUnclear(state: VendorState, call: Call, status: 500 | 502 | 504): Response {
  return status === 502 ? badGateway() : refuse(state, call, serverError(status));
}

function requestId(call: Call): string {
  return `simulated-${call.log.number}`;
}
