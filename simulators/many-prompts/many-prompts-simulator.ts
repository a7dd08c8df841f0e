import type { FaultName } from '../behaviour.ts';
import type { BillEntry } from '../bill.ts';
import { drawMs, drawRefusal } from '../chance.ts';
import { rateHeaders } from '../openai/errors.ts';
import { paintPicture } from '../picture.ts';
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
  EXHAUSTED,
  KEY_USED,
  limited,
  NOT_FOUND,
  refusalOf,
  serverErrorReply,
  WRONG_KEY,
} from './errors.ts';
import { readOrder, type Order, type PromptOrder } from './read-order.ts';

/** $0.02 an image, whatever its size. */
const USD_MICROS_PER_IMAGE = 20_000;
/** Pictures come in the answer itself. */
const IMPOSSIBLE: readonly FaultName[] = ['expiredUrl'];

/** A request that was taken: what it asks for, and what it will be answered with. */
interface Taken {
  readonly content: string;
  readonly answer: Promise<Answer>;
  /** The answer once it is made. */
  made?: Answer;
}

interface Answer {
  readonly status: 200 | 422;
  readonly body: unknown;
  readonly bill: readonly BillEntry[];
}

/**
 * A vendor of the many-prompts protocol (`docs/many-prompts-protocol.md`): a key makes a request once at
 * most, and one refused prompt refuses the whole (`refuseWhole`). Refusals are not billed.
 */
export function createManyPromptsSimulator(options: SimulatorOptions): Simulator {
  const state = new VendorState('many-prompts', options);
  const taken = new Map<string, Taken>();
  return simulatorOf(state, (app) => {
    for (const path of ['/prompts', '/prompts/*', '/quote']) {
      app.use(path, async (context, next) => {
        const header = context.req.header('authorization') ?? '';
        const key = /^Bearer\s+(\S+)/i.exec(header)?.[1] ?? '';
        return state.acceptsKey(key) ? next() : errorReply(WRONG_KEY);
      });
    }
    app.post('/prompts', async (context) => {
      const { call } = context.env;
      call.log.operation = 'submit';
      const order = await readOrder(context.req.raw);
      if ('code' in order) return errorReply(order);
      const waitMs = preferredWaitMs(context.req.header('prefer'));
      return submit(state, taken, call, order, waitMs);
    });
    app.get('/prompts/:key', (context) => {
      context.env.call.log.operation = 'poll';
      return lookUp(state, context.env.call, taken.get(context.req.param('key')));
    });
    app.post('/quote', async (context) => {
      const order = await readOrder(context.req.raw);
      if ('code' in order) return errorReply(order);
      return Response.json({ usd: (imagesOf(order) * USD_MICROS_PER_IMAGE) / 1_000_000 });
    });
    app.notFound(() => errorReply(NOT_FOUND));
  });
}

async function submit(
  state: VendorState,
  taken: Map<string, Taken>,
  call: Call,
  order: Order,
  waitMs: number,
): Promise<Response> {
  call.log.model = order.model;
  call.log.images = imagesOf(order);
  call.log.requestKey = order.key;
  const content = JSON.stringify(order);
  const earlier = taken.get(order.key);
  if (earlier !== undefined) {
    return earlier.content === content
      ? answerWithin(state, call, earlier, waitMs)
      : errorReply(KEY_USED);
  }
  const latencyMs = drawMs(call.random, state.behaviour.latencyMs);
  const early = refuseEarly(state, call, order, latencyMs);
  if (early !== undefined) return early;

  const status = unclearStatus(call.log.fault);
  const isMade = status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
  if (!isMade) {
    await pass(state, latencyMs);
    return serverErrorReply(status);
  }
  const answer = make(state, call, order, latencyMs);
  const entry: Taken = { content, answer };
  taken.set(order.key, entry);
  void answer.then((made) => (entry.made = made));
  if (status === undefined) return answerWithin(state, call, entry, waitMs);
  await entry.answer;
  return serverErrorReply(status);
}

/** Every no for which nothing is made, and after which the key is still free. */
function refuseEarly(
  state: VendorState,
  call: Call,
  order: Order,
  latencyMs: number,
): Response | undefined {
  if (state.isExhausted) return errorReply(EXHAUSTED);
  const fault = state.drawFault(call, IMPOSSIBLE);
  if (fault === 'status503') return serverErrorReply(503);
  if (fault === 'status429') {
    return errorReply(limited({ limit: 'images' }), headersFor(state, order.model, 1000));
  }
  if (fault === 'status429bare') return errorReply(limited({ limit: 'images' }));
  const ask = {
    images: imagesOf(order),
    slots: 1,
    slotGroup: order.model,
    durationMs: latencyMs,
  };
  const refusal = state.admit(call, ask, state.behaviour.limits);
  if (refusal === undefined) return undefined;
  return errorReply(limited(refusal), headersFor(state, order.model, refusal.retryAfterMs));
}

/** Answers when it is made, or says that it is still being made when the caller waits no longer. */
async function answerWithin(
  state: VendorState,
  call: Call,
  entry: Taken,
  waitMs: number,
): Promise<Response> {
  const wait = new AbortController();
  const late = state.clock.sleep(waitMs, wait.signal).then(() => 'late' as const);
  const answer = await Promise.race([entry.answer, late]);
  wait.abort();
  if (answer === 'late') return replyTo(state, call, stillWorking());
  const headers = headersFor(state, call.log.model ?? '');
  const response = Response.json(answer.body, { status: answer.status, headers });
  return replyTo(state, call, response, ...answer.bill);
}

async function make(
  state: VendorState,
  call: Call,
  order: Order,
  latencyMs: number,
): Promise<Answer> {
  const stages = order.prompts.map((prompt) =>
    drawRefusal(state.seed, prompt.prompt, state.behaviour.refusals),
  );
  const first = stages.find((stage) => stage !== undefined);
  if (first !== undefined) call.log.moderated = true;
  if (first !== undefined && state.behaviour.refuseWhole !== false) {
    // Prompts are judged before painting starts, pictures after it.
    const isEarly = stages.includes('input');
    await pass(state, isEarly ? Math.ceil(latencyMs / 10) : latencyMs);
    const refusal = refusalOf(isEarly ? 'input' : 'output');
    return { status: 422, ...refuseAll(state, order, refusal) };
  }
  await pass(state, latencyMs);
  const results: unknown[] = [];
  const bill: BillEntry[] = [];
  for (const [place, prompt] of order.prompts.entries()) {
    const stage = stages[place];
    if (stage !== undefined) {
      results.push({ key: prompt.key, usd: 0, refused: refusalOf(stage) });
    } else if (call.log.fault === 'taskFailed') {
      results.push({ key: prompt.key, usd: 0, failed: { message: 'The model gave up.' } });
    } else {
      const made = await paint(state, call, order, prompt);
      results.push(made.result);
      bill.push(made.entry);
      state.bill.add(made.entry);
    }
  }
  return { status: 200, body: { results }, bill };
}

function refuseAll(
  state: VendorState,
  order: Order,
  refusal: ReturnType<typeof refusalOf>,
): Pick<Answer, 'body' | 'bill'> {
  const usdEach = state.behaviour.refusedPromptUsd ?? 0;
  if (usdEach === 0) return { body: { error: { code: 'refused', ...refusal } }, bill: [] };
  const usdMicros = order.prompts.length * Math.round(usdEach * 1_000_000);
  const entry: BillEntry = {
    vendor: 'many-prompts',
    at: state.clock.now(),
    model: order.model,
    prompt: '',
    requestKey: order.key,
    taskId: order.key,
    images: 0,
    usdMicros,
    delivered: false,
    imageHashes: [],
  };
  state.bill.add(entry);
  const usd = usdMicros / 1_000_000;
  return { body: { error: { code: 'refused', ...refusal, usd } }, bill: [entry] };
}

async function paint(state: VendorState, call: Call, order: Order, prompt: PromptOrder) {
  const { width, height, format, count } = prompt;
  const orders = orderPictures({
    taskId: `${order.key}-${prompt.key}`,
    prompt: prompt.prompt,
    size: { width, height },
    format,
    count,
    fault: call.log.fault,
    blur: state.blurOf(order.model, count),
  });
  const pictures = await Promise.all(orders.map(paintPicture));
  const usdMicros = pictures.length * USD_MICROS_PER_IMAGE;
  const entry: BillEntry = {
    vendor: 'many-prompts',
    at: state.clock.now(),
    model: order.model,
    prompt: prompt.prompt,
    requestKey: prompt.key,
    taskId: order.key,
    images: pictures.length,
    usdMicros,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  const images = pictures.map(({ bytes }) => ({ b64: Buffer.from(bytes).toString('base64') }));
  return { result: { key: prompt.key, usd: usdMicros / 1_000_000, images }, entry };
}

/** Asking can fail, which says nothing about the request. */
function lookUp(state: VendorState, call: Call, entry: Taken | undefined): Response {
  if (call.random.next() < (state.behaviour.pollError ?? 0)) return serverErrorReply(503);
  if (entry === undefined) return errorReply(NOT_FOUND);
  const { made } = entry;
  return made === undefined ? stillWorking() : Response.json(made.body, { status: made.status });
}

function stillWorking(): Response {
  return Response.json({ status: 'working' }, { status: 202 });
}

async function pass(state: VendorState, waitMs: number): Promise<void> {
  if (waitMs > 0) await state.clock.sleep(waitMs);
}

function imagesOf(order: Order): number {
  return order.prompts.reduce((sum, { count }) => sum + count, 0);
}

/** `Prefer: wait=SECONDS` (RFC 7240); without it as long as it takes. */
function preferredWaitMs(header: string | undefined): number {
  const seconds = /\bwait=(\d+)/.exec(header ?? '')?.[1];
  return seconds === undefined ? 2 ** 31 - 1 : Number(seconds) * 1000;
}

function headersFor(
  state: VendorState,
  model: string,
  retryAfterMs?: number,
): Record<string, string> {
  const readings = state.gate.readings(state.clock.now(), model, state.behaviour.limits);
  return {
    ...(state.behaviour.announceLimits === false ? {} : rateHeaders(readings)),
    ...(retryAfterMs === undefined
      ? {}
      : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  };
}
