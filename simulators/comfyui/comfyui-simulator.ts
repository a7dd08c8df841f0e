import type { FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs } from '../chance.ts';
import { paintPicture, type PictureOrder } from '../picture.ts';
import { gatewayPage, replyTo, unclearStatus, uuidFor, waitHalf } from '../reply.ts';
import { SerialQueue } from '../serial-queue.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
import { type ComfyTask, entryOf, picturesOf, tupleOf } from './comfy-task.ts';
import { readWorkflow, rejection, type ImageOrder, type Workflow } from './read-workflow.ts';

/** Nobody is refused for pace, and files stay where they are. */
const IMPOSSIBLE: readonly FaultName[] = ['status429', 'status429bare', 'status503', 'expiredUrl'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What one server keeps until it is started again. */
interface Server {
  readonly state: VendorState;
  readonly queue: SerialQueue;
  readonly tasks: ComfyTask[];
  /** Pictures by the names of their files. */
  readonly files: Map<string, PictureOrder>;
  readonly uploads: Set<string>;
}

/**
 * ComfyUI: `POST /prompt`, `GET /queue`, `GET /history` and `/history/{id}`, `GET /view`,
 * `POST /upload/image`. One workflow after the other, no policy, no charge. An id that the client gives
 * is run as often as it is sent. Without `apiKey` it asks for no key, as the real one never does; with
 * one, for it as a bearer token, as a proxy before it would.
 */
export function createComfyuiSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('comfyui', options);
  const server: Server = {
    state,
    queue: new SerialQueue(),
    tasks: [],
    files: new Map(),
    uploads: new Set(),
  };
  return simulatorOf(state, (app) => {
    app.use('*', async (context, next) => {
      const key = /^Bearer\s+(\S+)/i.exec(context.req.header('authorization') ?? '')?.[1];
      const { apiKey } = state.behaviour;
      const isOpen = apiKey === undefined || context.req.path.startsWith('/_simulator/');
      if (isOpen || key === apiKey) return next();
      return new Response('Unauthorized', { status: 401 });
    });
    app.post('/prompt', async (context) => {
      context.env.call.log.operation = 'submit';
      await waitHalf(state, context.env.call);
      return submit(server, context.env.call, await readObject(context.req.raw));
    });
    app.get('/queue', ({ env }) => answerPoll(server, env.call, () => describeQueue(server)));
    app.get('/history', ({ env, req }) => {
      const most = Number(req.query('max_items') ?? Infinity);
      return answerPoll(server, env.call, () => historyOf(server, ended(server).slice(-most)));
    });
    app.get('/history/:id', ({ env, req }) => {
      const id = req.param('id');
      const own = () => ended(server).filter((task) => task.id === id);
      return answerPoll(server, env.call, () => historyOf(server, own()));
    });
    app.post('/history', async (context) => {
      const { clear } = await readObject(context.req.raw);
      if (clear === true) server.tasks.length = 0;
      return new Response(null, { status: 200 });
    });
    app.get('/view', ({ env, req }) => view(server, env.call, req.query('filename') ?? ''));
    app.post('/upload/image', async (context) => {
      const image = (await context.req.raw.formData()).get('image');
      if (!(image instanceof File) || image.name === '') return new Response(null, { status: 400 });
      server.uploads.add(image.name);
      return context.json({ name: image.name, subfolder: '', type: 'input' });
    });
    app.notFound(() => new Response('404: Not Found', { status: 404 }));
  });
}

async function submit(
  server: Server,
  call: Call,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const { state } = server;
  const given = state.behaviour.ignoresIds === true ? undefined : body['prompt_id'];
  if (given !== undefined && !(typeof given === 'string' && UUID.test(given))) {
    return refuse(rejection('invalid_prompt_id', 'prompt_id must be a valid UUID', ''));
  }
  if (body['prompt'] === undefined) {
    return refuse(rejection('no_prompt', 'No prompt provided', 'No prompt provided'));
  }
  const order = readWorkflow(body['prompt'], server.uploads);
  if ('error' in order) return refuse(order);
  call.log.model = order.checkpoint;
  call.log.images = order.count;
  const fault = state.drawFault(call, IMPOSSIBLE);
  const status = unclearStatus(fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return brokenServer(status);

  const id = given ?? uuidFor(call);
  call.log.requestKey = id;
  const task = addTask(server, call, id, order, body);
  const entry = task.fails ? undefined : await billFor(state, task);
  await waitHalf(state, call);
  if (status !== undefined) return brokenServer(status);
  const answer = Response.json({ prompt_id: id, number: task.number, node_errors: {} });
  return replyTo(state, call, answer, entry);
}

function addTask(
  server: Server,
  call: Call,
  id: string,
  order: ImageOrder,
  body: Readonly<Record<string, unknown>>,
): ComfyTask {
  const { state, queue, tasks, files } = server;
  const now = state.clock.now();
  const time = queue.take(now, drawMs(call.random, state.behaviour.latencyMs));
  const durationMs = time.endsAt - now;
  state.admit(call, { images: order.count, slots: 1, slotGroup: 'server', durationMs }, undefined);
  const fails = call.log.fault === 'taskFailed';
  const blur = state.blurOf('server', order.count);
  const pictures = fails ? [] : picturesOf(id, order, call.log.fault, blur);
  for (const picture of pictures) files.set(fileName(files.size + 1), picture);
  const extra = body['extra_data'];
  const task: ComfyTask = {
    number: tasks.length,
    id,
    workflow: body['prompt'] as Workflow,
    extraData: { ...(typeof extra === 'object' ? extra : {}), client_id: body['client_id'] },
    order,
    ...time,
    fails,
    pictures,
  };
  tasks.push(task);
  return task;
}

function fileName(number: number): string {
  return `ComfyUI_${String(number).padStart(5, '0')}_.png`;
}

async function billFor(state: VendorState, task: ComfyTask): Promise<BillEntry> {
  const pictures = await Promise.all(task.pictures.map(paintPicture));
  const entry: BillEntry = {
    vendor: 'comfyui',
    at: state.clock.now(),
    model: task.order.checkpoint,
    prompt: task.order.prompt,
    requestKey: task.id,
    taskId: task.id,
    images: pictures.length,
    usdMicros: 0,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

// What can be asked.

async function answerPoll(server: Server, call: Call, describe: () => unknown): Promise<Response> {
  call.log.operation = 'poll';
  await waitHalf(server.state, call);
  // The server itself has no such answer; a proxy before it does.
  if (call.random.next() < (server.state.behaviour.pollError ?? 0)) return brokenServer(502);
  const body = describe();
  await waitHalf(server.state, call);
  return Response.json(body);
}

function ended({ state, tasks }: Server): readonly ComfyTask[] {
  return tasks.filter(({ endsAt }) => endsAt <= state.clock.now());
}

function historyOf({ files }: Server, tasks: readonly ComfyTask[]): Record<string, unknown> {
  return Object.fromEntries(
    tasks.map((task) => {
      const names = [...files].filter(([, picture]) => task.pictures.includes(picture));
      return [
        task.id,
        entryOf(
          task,
          names.map(([name]) => name),
        ),
      ];
    }),
  );
}

function describeQueue({ state, tasks }: Server): unknown {
  const now = state.clock.now();
  const alive = tasks.filter(({ endsAt }) => endsAt > now);
  return {
    queue_running: alive.filter(({ startsAt }) => startsAt <= now).map(tupleOf),
    queue_pending: alive.filter(({ startsAt }) => startsAt > now).map(tupleOf),
  };
}

async function view(server: Server, call: Call, name: string): Promise<Response> {
  call.log.operation = 'download';
  await waitHalf(server.state, call);
  const order = server.files.get(name);
  if (order === undefined) return new Response(null, { status: 404 });
  const { bytes } = await paintPicture(order);
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'image/png' } });
}

async function readObject(request: Request): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => undefined);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function refuse(body: unknown): Response {
  return Response.json(body, { status: 400 });
}

/** aiohttp's own page for an exception, and the pages of a proxy before it. */
function brokenServer(status: 500 | 502 | 504): Response {
  if (status !== 500) return gatewayPage(status);
  const text = '500 Internal Server Error\n\nServer got itself in trouble';
  return new Response(text, { status, headers: { 'content-type': 'text/plain' } });
}
