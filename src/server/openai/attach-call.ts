/**
 * Gives each call its run. A call that is sent again with the same `Idempotency-Key` is given the run of the
 * first one, and waits for the same images: nothing is bought twice.
 */
import type { MiddlewareHandler } from 'hono';
import type { AppContext, AppEnv, ServerDeps } from '../app-env.ts';
import { fingerprintOf } from '../idempotency/idempotency-fingerprint.ts';
import { factsOf } from './answer-openai-error.ts';
import { invalid, OpenaiError } from './openai-error.ts';

const HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Making a run takes milliseconds: a call that is being made elsewhere is asked for again so often. */
const ASK_AGAIN_MS = 50;
const LONGEST_ASKING_MS = 30_000;

export interface Call {
  readonly runId: string;
  /** An earlier call may have made the run, whole or in part. */
  readonly isRepeat: boolean;
  readonly hasKey: boolean;
  /** To be called when the run is there: whoever repeats the call waits for it from then on. */
  made(): Promise<void>;
}

/** These calls have a way of their own with `Idempotency-Key`: see `attachCall`. */
export function exceptImageCalls(others: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> {
  return (c, next) => (c.req.path.startsWith('/openai/v1/images/') ? next() : others(c, next));
}

export async function attachCall(
  c: AppContext,
  { engine }: ServerDeps,
  work: (call: Call) => Promise<Response>,
): Promise<Response> {
  const key = c.req.header(HEADER);
  if (key === undefined) {
    return work({ runId: engine.newRunId(), isRepeat: false, hasKey: false, made: async () => {} });
  }
  if (!KEY.test(key)) {
    throw invalid(`header.${HEADER}`, 'invalid_value', 'Send 1 to 255 visible ASCII characters.');
  }
  const print = await fingerprintOf(c, engine.home);
  try {
    const name = { workspace: c.var.caller.workspace, key };
    const found = await begin(c, engine, { ...name, fingerprint: print.fingerprint });
    const runId = `r${found.resource}`;
    if (found.kind === 'remake') {
      return await work({ runId, isRepeat: true, hasKey: true, made: async () => {} });
    }
    let isMade = false;
    const made = async () => {
      isMade = true;
      await engine.service.idempotency.end(name, { state: 'remake' });
    };
    try {
      return await work({ runId, isRepeat: found.isRepeat, hasKey: true, made });
    } catch (error) {
      if (!isMade) await engine.service.idempotency.end(name, { state: endOf(error) });
      throw error;
    }
  } finally {
    await print[Symbol.asyncDispose]();
  }
}

/** What is wrong with the request has made nothing: the corrected one may have the same key. */
function endOf(error: unknown): 'refused' | 'open' {
  return factsOf(error).status < 500 ? 'refused' : 'open';
}

type Beginning = Awaited<ReturnType<ServerDeps['engine']['service']['idempotency']['begin']>>;

async function begin(
  c: AppContext,
  engine: ServerDeps['engine'],
  order: { readonly workspace: string; readonly key: string; readonly fingerprint: string },
): Promise<Extract<Beginning, { kind: 'work' | 'remake' }>> {
  for (let askedMs = 0; askedMs < LONGEST_ASKING_MS; askedMs += ASK_AGAIN_MS) {
    const found = await engine.service.idempotency.begin(order);
    if (found.kind === 'work' || found.kind === 'remake') return found;
    if (found.kind !== 'busy') throw mismatch();
    if (c.req.raw.signal.aborted) break;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  throw new OpenaiError({
    status: 409,
    type: 'invalid_request_error',
    code: 'conflict',
    message: `The call with this ${HEADER} is still being begun. Send it again with the same key.`,
    mayRepeat: true,
    retryAfterSeconds: 1,
  });
}

function mismatch(): OpenaiError {
  return invalid(
    `header.${HEADER}`,
    'idempotency_mismatch',
    `This ${HEADER} was sent with another request in the last 24 hours. Take a new one for a new request.`,
  );
}
