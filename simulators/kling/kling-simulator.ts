import { drawMs } from '../chance.ts';
import { replyTo, unclearStatus, waitHalf } from '../reply.ts';
import { addResultFiles } from '../result-files.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
  type VendorApp,
} from '../simulator.ts';
import { TaskBook } from '../task-book.ts';
import { billingPage, describePacks } from './billing.ts';
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
import { billFor, createTask, describe, refusalOf, type KlingTask } from './kling-task.ts';
import { IMAGE_INTERFACES, readOrder, type ImageInterface, type ImageOrder } from './read-order.ts';

/**
 * Kling's image API for `kling-v3` (`generations`) and `kling-v3-omni` (`omni-image`): tasks that are
 * found by the vendor's id or by the client's `external_task_id`, which may be used once only. Slots
 * are weighted by `n`. Every answer has the envelope `{code, message, request_id, data}`; HTTP 200 is
 * success only with `code: 0`. What tasks took can be exported.
 */
export function createKlingSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('kling', options);
  const tasks = new TaskBook<KlingTask>();
  return simulatorOf(state, (app) => {
    for (const path of ['/v1/*', '/account/*']) {
      app.use(path, async (context, next) => {
        const key = /^Bearer\s+(\S+)/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
        if (state.acceptsKey(key)) return next();
        return refuse(state, context.env.call, key === '' ? NO_KEY : WRONG_KEY);
      });
    }
    for (const way of IMAGE_INTERFACES) addInterface(app, state, tasks, way);
    for (const report of ['package', 'balance'] as const) {
      app.post(`/account/billing/${report}`, async ({ env, req }) => {
        const body: unknown = await req.json().catch(() => undefined);
        return poll(state, env.call, () => billingPage(state, report, body));
      });
    }
    app.get('/account/costs', ({ env }) => accept(env.call, describePacks(state)));
    addResultFiles(app, state, tasks);
    app.notFound(({ env }) => refuse(state, env.call, NOT_FOUND));
  });
}

function addInterface(
  app: VendorApp,
  state: VendorState,
  tasks: TaskBook<KlingTask>,
  way: ImageInterface,
): void {
  app.post(way.path, async (context) => {
    const { call } = context.env;
    call.log.operation = 'submit';
    await waitHalf(state, call);
    const order = await readOrder(context.req.raw, way);
    if ('code' in order) return refuse(state, call, order);
    return submit(state, tasks, call, order, new URL(context.req.url).origin);
  });
  app.get(`${way.path}/:id`, async (context) => {
    const { call } = context.env;
    call.log.operation = 'poll';
    const origin = new URL(context.req.url).origin;
    return poll(state, call, () => {
      const task = tasks.find(context.req.param('id'));
      return task?.path === way.path
        ? { data: describe(state, task, origin) }
        : { error: NOT_FOUND };
    });
  });
  app.get(way.path, async (context) => {
    const { call } = context.env;
    call.log.operation = 'poll';
    const { pageNum = '1', pageSize = '30' } = context.req.query();
    const origin = new URL(context.req.url).origin;
    const own = () => tasks.list().filter(({ path }) => path === way.path);
    return poll(state, call, () => {
      return listPage(state, own(), Number(pageNum), Number(pageSize), origin);
    });
  });
}

async function submit(
  state: VendorState,
  tasks: TaskBook<KlingTask>,
  call: Call,
  order: ImageOrder,
  origin: string,
): Promise<Response> {
  call.log.model = order.model;
  call.log.images = order.count;
  call.log.references = order.references;
  if (order.key !== undefined) call.log.requestKey = order.key;
  const durationMs = drawMs(call.random, state.behaviour.latencyMs);
  const error = refuseEarly(state, tasks, call, order, durationMs);
  if (error) return refuse(state, call, error);
  return takeTask(state, tasks, call, order, durationMs, origin);
}

/** Every no for which no task is made. */
function refuseEarly(
  state: VendorState,
  tasks: TaskBook<KlingTask>,
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
  tasks: TaskBook<KlingTask>,
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

/** Asking is free of slots; it can fail, which says nothing about the task. */
async function poll(state: VendorState, call: Call, look: () => Found): Promise<Response> {
  await waitHalf(state, call);
  const hasFailed = call.random.next() < (state.behaviour.pollError ?? 0);
  const found: Found = hasFailed ? { error: serverError(503) } : look();
  await waitHalf(state, call);
  return 'error' in found ? refuse(state, call, found.error) : accept(call, found.data);
}

type Found = { readonly data: unknown } | { readonly error: KlingError };

function listPage(
  state: VendorState,
  tasks: readonly KlingTask[],
  page: number,
  size: number,
  origin: string,
): Found {
  if (!(page >= 1 && page <= 1000 && size >= 1 && size <= 500)) {
    return { error: invalid('pageNum must be from 1 to 1000 and pageSize from 1 to 500') };
  }
  const shown = tasks.slice((page - 1) * size, page * size);
  return { data: shown.map((task) => describe(state, task, origin)) };
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
