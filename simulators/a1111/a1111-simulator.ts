import type { FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs } from '../chance.ts';
import { paintPicture, type Picture } from '../picture.ts';
import { replyTo, unclearStatus } from '../reply.ts';
import { SerialQueue } from '../serial-queue.ts';
import {
  simulatorOf,
  VendorState,
  type Call,
  type Simulator,
  type SimulatorOptions,
} from '../simulator.ts';
import { orderPictures } from '../task-book.ts';
import {
  brokenServer,
  exceptionReply,
  notServed,
  OUT_OF_MEMORY,
  WRONG_PASSWORD,
} from './errors.ts';
import { CHECKPOINTS, readOrder, type ImageOrder } from './read-order.ts';

/** Nobody is refused for pace, and pictures lie at no address. */
const IMPOSSIBLE: readonly FaultName[] = ['status429', 'status429bare', 'status503', 'expiredUrl'];

/**
 * AUTOMATIC1111's web UI with `--api`: `POST /sdapi/v1/txt2img` and `img2img`, `GET /sdapi/v1/sd-models`.
 * It paints one request after the other, knows no policy, and charges nothing. Without `apiKey` it asks
 * for no password; with one, for it as `user:password` or as a bearer token.
 */
export function createA1111Simulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('a1111', options);
  const queue = new SerialQueue();
  return simulatorOf(state, (app) => {
    app.use('/sdapi/*', async (context, next) => {
      const key = keyOf(context.req.header('authorization') ?? '');
      const { apiKey } = state.behaviour;
      if (apiKey === undefined || key === apiKey) return next();
      return exceptionReply(401, 'HTTPException', WRONG_PASSWORD);
    });
    app.get('/sdapi/v1/sd-models', (context) => context.json(CHECKPOINTS));
    for (const way of ['txt2img', 'img2img'] as const) {
      app.post(`/sdapi/v1/${way}`, async (context) => {
        const { call } = context.env;
        call.log.operation = 'submit';
        const order = await readOrder(context.req.raw, way);
        return order instanceof Response ? order : makeImages(state, queue, call, order);
      });
    }
    app.notFound(notServed);
  });
}

/** Basic credentials as `user:password`, or the token of a proxy. */
function keyOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  return scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString() : value;
}

async function makeImages(
  state: VendorState,
  queue: SerialQueue,
  call: Call,
  order: ImageOrder,
): Promise<Response> {
  call.log.model = order.checkpoint.model_name;
  call.log.images = order.count;
  const fault = state.drawFault(call, IMPOSSIBLE);
  const now = state.clock.now();
  const { endsAt } = queue.take(now, drawMs(call.random, state.behaviour.latencyMs));
  const waitMs = endsAt - now;
  state.admit(call, admissionOf(order, waitMs), undefined);
  if (waitMs > 0) await state.clock.sleep(waitMs);
  if (fault === 'taskFailed') return exceptionReply(500, 'OutOfMemoryError', OUT_OF_MEMORY);

  const status = unclearStatus(fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) return brokenServer(status);
  const blur = state.blurOf('server', order.count);
  const orders = orderPictures({ ...order, taskId: taskId(call), format: 'png', fault, blur });
  const pictures = await Promise.all(orders.map(paintPicture));
  const entry = billFor(state, call, order, pictures);
  if (status !== undefined) return brokenServer(status);
  return replyTo(state, call, Response.json(bodyOf(order, pictures)), entry);
}

function admissionOf(order: ImageOrder, durationMs: number) {
  return { images: order.count, slots: 1, slotGroup: 'server', durationMs };
}

function billFor(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  pictures: readonly Picture[],
): BillEntry {
  const entry: BillEntry = {
    vendor: 'a1111',
    at: state.clock.now(),
    model: order.checkpoint.model_name,
    prompt: order.prompt,
    taskId: taskId(call),
    images: pictures.length,
    usdMicros: 0,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

/** `info` is JSON inside the JSON. */
function bodyOf(order: ImageOrder, pictures: readonly Picture[]): unknown {
  const { prompt, negativePrompt, size, seed, checkpoint } = order;
  const info = {
    prompt,
    negative_prompt: negativePrompt,
    seed,
    all_seeds: pictures.map((_, index) => seed + index),
    ...size,
    sd_model_name: checkpoint.model_name,
    sd_model_hash: checkpoint.hash,
  };
  return {
    images: pictures.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    parameters: order.parameters,
    info: JSON.stringify(info),
  };
}

function taskId(call: Call): string {
  return `txt2img-simulated-${call.log.number}`;
}
