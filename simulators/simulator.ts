import { Hono } from 'hono';
import type { Clock } from '../src/engine/core/clock.ts';
import type { Random } from '../src/engine/core/random.ts';
import { changeBehaviour, type Behaviour, type FaultName } from './behaviour.ts';
import { Bill, type BillEntry, type VendorName } from './bill.ts';
import { untilAborted } from './broken-reply.ts';
import { chanceOf, drawFault } from './chance.ts';
import { addControl } from './control.ts';
import { Gate, type GateAsk, type GateRefusal } from './gate.ts';
import { RequestLog, type LoggedRequest } from './request-log.ts';

/** A vendor's wire protocol in process: call it like `fetch`, or serve it (`serve.ts`). */
export interface Simulator {
  readonly name: VendorName;
  /**
   * Answers one call. Rejects like undici when the reply is lost, and with the signal's reason when
   * the client gives up; a signal that is aborted from the start sends nothing.
   */
  fetch(request: Request): Promise<Response>;
  readonly bill: Bill;
  readonly log: RequestLog;
  readonly behaviour: Behaviour;
  /** Merges new settings into the behaviour; `null` takes one away. Throws ZodError if invalid. */
  change(change: Record<string, unknown>): void;
  /** For servers: the answer did not leave complete after all. */
  markUndelivered(response: Response): void;
}

export interface SimulatorOptions extends Behaviour {
  readonly clock: Clock;
  /** Decides every fault, refusal and duration. 1 by default. */
  readonly seed?: number;
}

/** One call while it is dealt with. */
export interface Call {
  readonly log: LoggedRequest;
  readonly signal: AbortSignal;
  /** Chance that belongs to this call alone. */
  readonly random: Random;
}

/** A Hono application whose handlers find their call in `context.env.call`. */
export type VendorApp = Hono<{ Bindings: { call: Call } }>;

/** What the handlers of a vendor work on. */
export class VendorState {
  readonly name: VendorName;
  readonly clock: Clock;
  readonly seed: number;
  readonly bill = new Bill();
  readonly log = new RequestLog();
  readonly gate = new Gate();
  readonly #bills = new WeakMap<Response, readonly BillEntry[]>();
  readonly #queues = new Map<string, { images: number; at: number }>();
  behaviour: Behaviour;

  constructor(name: VendorName, options: SimulatorOptions) {
    const { clock, seed = 1, ...behaviour } = options;
    this.name = name;
    this.clock = clock;
    this.seed = seed;
    this.behaviour = changeBehaviour({}, behaviour);
  }

  /** True for the configured key, or for any when none is configured. */
  acceptsKey(key: string): boolean {
    const { apiKey } = this.behaviour;
    return apiKey === undefined ? key !== '' : key === apiKey;
  }

  get isExhausted(): boolean {
    return this.bill.images >= (this.behaviour.accountImages ?? Infinity);
  }

  drawFault(call: Call, impossible: readonly FaultName[]): FaultName | undefined {
    const fault = drawFault(call.random, this.behaviour.faults, impossible);
    if (fault) call.log.fault = fault;
    return fault;
  }

  /** Lets a submit through all limits and counts it, or says which one is full. */
  admit(call: Call, ask: GateAsk, limits: Behaviour['limits']): GateRefusal | undefined {
    const now = this.clock.now();
    const refusal = this.gate.admit(now, ask, limits);
    if (refusal) return refusal;
    call.log.admitted = true;
    call.log.admittedAt = now;
    call.log.slots = ask.slots;
    call.log.activeUntil = now + ask.durationMs;
    return undefined;
  }

  /** How soft a model's next pictures are, in pixels of blur; absent: they are plain slopes (no `fade`). */
  blurOf(model: string, images: number): number | undefined {
    const { fade } = this.behaviour;
    if (fade === undefined) return undefined;
    const at = this.clock.now();
    const known = this.#queues.get(model);
    const isRested = known !== undefined && at - known.at >= (fade.restMs ?? Infinity);
    const made = known === undefined || isRested ? 0 : known.images;
    this.#queues.set(model, { images: made + images, at });
    return made < fade.after ? 0 : fade.blur;
  }

  /** Ties an answer to its bill, so that a server can still say that it was not delivered. */
  tieToBill(response: Response, ...entries: readonly BillEntry[]): Response {
    this.#bills.set(response, entries);
    return response;
  }

  markUndelivered(response: Response): void {
    for (const entry of this.#bills.get(response) ?? []) entry.delivered = false;
  }
}

/** Makes a simulator of a vendor's state and its routes. */
export function simulatorOf(state: VendorState, addRoutes: (app: VendorApp) => void): Simulator {
  const app: VendorApp = new Hono();
  // A handler rejects only to lose its reply on purpose: let it through instead of answering 500.
  app.onError((error) => {
    throw error;
  });
  addControl(app, state);
  addRoutes(app);

  return {
    name: state.name,
    bill: state.bill,
    log: state.log,
    get behaviour() {
      return state.behaviour;
    },
    change(change) {
      state.behaviour = changeBehaviour(state.behaviour, change);
    },
    markUndelivered: (response) => state.markUndelivered(response),
    async fetch(request) {
      request.signal.throwIfAborted();
      return untilAborted(request.signal, answer(state, app, request));
    },
  };
}

async function answer(state: VendorState, app: VendorApp, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  // Looking at the log must not change it.
  const openLog = path.startsWith('/_simulator/') ? new RequestLog() : state.log;
  const log = openLog.open(state.clock.now(), request.method, path);
  const random = chanceOf(state.seed, state.name, log.number);
  const response = await app.fetch(request, { call: { log, signal: request.signal, random } });
  if (!request.signal.aborted) log.status = response.status;
  return response;
}
