import { drawMs, drawRefusal } from '../chance.ts';
import { Gate } from '../gate.ts';
import { gatewayPage, replyTo, unclearStatus, waitHalf } from '../reply.ts';
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
import { billFor, cancel, createTask, describe, type WanTask } from './dashscope-task.ts';
import { DASHSCOPE_ERRORS, type DashscopeCode } from './error-codes.ts';
import { readOrder, type ImageOrder } from './read-order.ts';

const ASYNC_PATH = '/api/v1/services/aigc/image-generation/generation';
const SYNC_PATH = '/api/v1/services/aigc/multimodal-generation/generation';
const TASKS_PATH = '/api/v1/tasks';
/** Of an account; the documentation's figure. */
const POLLS_PER_SECOND = 20;

/**
 * DashScope's asynchronous image API for `wan2.7-image` and `-pro`: tasks that take no id of the client,
 * are polled at most 20 times a second, and live for a day. Errors are flat: `{code, message,
 * request_id}`. This account may call asynchronously only.
 */
export function createDashscopeSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('dashscope', options);
  const tasks = new TaskBook<WanTask>();
  return simulatorOf(state, (app) => {
    app.use('/api/v1/*', async (context, next) => {
      const key = /^Bearer\s+(\S+)/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
      return state.acceptsKey(key) ? next() : refuse(context.env.call, 'InvalidApiKey');
    });
    app.post(ASYNC_PATH, async (context) => {
      const { call } = context.env;
      call.log.operation = 'submit';
      await waitHalf(state, call);
      if (!isAsync(context.req.raw)) return refuse(call, 'AccessDenied', NOT_SYNCHRONOUS);
      const order = await readOrder(context.req.raw);
      if ('code' in order) return refuse(call, order.code, order.message);
      return submit(state, tasks, call, order);
    });
    app.post(SYNC_PATH, ({ env, req }) =>
      refuse(env.call, 'AccessDenied', isAsync(req.raw) ? NOT_ASYNCHRONOUS : NOT_SYNCHRONOUS),
    );
    addTasks(app, state, tasks);
    addResultFiles(app, state, tasks);
    app.notFound(({ env }) => refuse(env.call, 'InvalidParameter', 'url error'));
  });
}

const NOT_SYNCHRONOUS = 'current user api does not support synchronous calls.';
const NOT_ASYNCHRONOUS = 'current user api does not support asynchronous calls.';

function isAsync(request: Request): boolean {
  return request.headers.get('x-dashscope-async') === 'enable';
}

function addTasks(app: VendorApp, state: VendorState, tasks: TaskBook<WanTask>): void {
  const polls = new Gate();
  app.get(`${TASKS_PATH}/:id`, async (context) => {
    const { call } = context.env;
    call.log.operation = 'poll';
    await waitHalf(state, call);
    if (isAsync(context.req.raw)) return refuse(call, 'AccessDenied', NOT_ASYNCHRONOUS);
    if (isTooOften(state, polls)) return refuse(call, 'Throttling.RateQuota');
    if (call.random.next() < (state.behaviour.pollError ?? 0)) {
      return refuse(call, 'ModelUnavailable');
    }
    const id = context.req.param('id');
    const said = describe(state, id, tasks.find(id), new URL(context.req.url).origin);
    await waitHalf(state, call);
    return accept(call, said);
  });
  app.post(`${TASKS_PATH}/:id/cancel`, ({ env, req }) => {
    const task = tasks.find(req.param('id'));
    if (task && cancel(state, task)) return accept(env.call, {});
    return refuse(env.call, 'UnsupportedOperation', NOT_PENDING);
  });
}

const NOT_PENDING = 'Failed to cancel the task, please confirm if the task is in PENDING status.';

function isTooOften(state: VendorState, polls: Gate): boolean {
  const ask = { images: 0, slots: 0, slotGroup: '', durationMs: 0 };
  const most = state.behaviour.limits?.pollsPerSecond ?? POLLS_PER_SECOND;
  const limits = { requestsPerMinute: most, windowMs: 1000 };
  return polls.admit(state.clock.now(), ask, limits) !== undefined;
}

async function submit(
  state: VendorState,
  tasks: TaskBook<WanTask>,
  call: Call,
  order: ImageOrder,
): Promise<Response> {
  call.log.model = order.model.id;
  call.log.images = order.count;
  const durationMs = drawMs(call.random, state.behaviour.latencyMs);
  const code = refuseEarly(state, call, order, durationMs);
  return code ? refuseFor(state, call, code) : takeTask(state, tasks, call, order, durationMs);
}

/** Every no for which no task is made. */
function refuseEarly(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  durationMs: number,
): DashscopeCode | undefined {
  if (state.behaviour.forcedCode) return state.behaviour.forcedCode;
  if (state.isExhausted) return 'Arrearage';
  const fault = state.drawFault(call, []);
  if (fault === 'status503') return 'ModelUnavailable';
  if (fault === 'status429' || fault === 'status429bare') return 'Throttling.RateQuota';
  if (drawRefusal(state.seed, order.prompt, state.behaviour.refusals) === 'input') {
    call.log.moderated = true;
    return 'DataInspectionFailed';
  }
  const ask = { images: order.count, slots: 1, slotGroup: order.model.id, durationMs };
  const refusal = state.admit(call, ask, state.behaviour.limits);
  return refusal && CODE_OF_LIMIT[refusal.limit];
}

/** Three limits, three codes: how often, how much, and how many at a time. */
const CODE_OF_LIMIT = {
  requests: 'Throttling.RateQuota',
  images: 'Throttling.AllocationQuota',
  slots: 'Throttling.Concurrency',
} as const;

async function takeTask(
  state: VendorState,
  tasks: TaskBook<WanTask>,
  call: Call,
  order: ImageOrder,
  durationMs: number,
): Promise<Response> {
  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return answerUnclear(call, status);

  const task = createTask(state, call, order, durationMs);
  tasks.add(task);
  const entry = task.end === 'ready' ? await billFor(state, task) : undefined;
  const response = accept(call, { output: { task_id: task.id, task_status: 'PENDING' } });
  await waitHalf(state, call);
  if (status !== undefined) return answerUnclear(call, status);
  return replyTo(state, call, response, entry);
}

function accept(call: Call, said: Record<string, unknown>): Response {
  return Response.json({ request_id: requestId(call), ...said });
}

/** No rate headers are documented; only the fault that is to have some gets one. */
function refuseFor(state: VendorState, call: Call, code: DashscopeCode): Response {
  const hasHeaders = call.log.fault === 'status429' && state.behaviour.announceLimits !== false;
  return refuse(call, code, undefined, hasHeaders ? { 'retry-after': '1' } : {});
}

function refuse(
  call: Call,
  code: DashscopeCode,
  message: string = DASHSCOPE_ERRORS[code].message,
  headers: Record<string, string> = {},
): Response {
  const { status } = DASHSCOPE_ERRORS[code];
  return Response.json({ code, message, request_id: requestId(call) }, { status, headers });
}

function answerUnclear(call: Call, status: 500 | 502 | 504): Response {
  return status === 500 ? refuse(call, 'InternalError') : gatewayPage(status);
}

function requestId(call: Call): string {
  return `simulated-${call.log.number}`;
}
