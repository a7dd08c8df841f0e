/**
 * Does a POST with an `Idempotency-Key` once: the first answer is given again, whoever asks how often, and
 * whatever died in between. Handlers give what they make the id of `c.var.resource`.
 */
import type { MiddlewareHandler } from 'hono';
import type { IdempotentBeginning, IdempotentOrder, KeptAnswer } from '../../engine/index.ts';
import type { AppContext, AppEnv, ServerDeps } from '../app-env.ts';
import { endOf } from './idempotency-answer.ts';
import { fingerprintOf } from './idempotency-fingerprint.ts';
import { ProblemError } from '../problems/problem-error.ts';

const HEADER = 'Idempotency-Key';
/** Visible ASCII, as Stripe takes them: https://docs.stripe.com/api/idempotent_requests */
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Work that is under way is asked for again after so long. */
const ASK_AGAIN_SECONDS = 1;

export function idempotent({ engine }: ServerDeps): MiddlewareHandler<AppEnv> {
  const { idempotency } = engine.service;
  return async (c, next) => {
    c.set('resource', idempotency.newResource());
    c.set('isRepeat', false);
    const key = c.req.method === 'POST' ? c.req.header(HEADER) : undefined;
    if (key === undefined || c.var.caller === undefined) return next();
    checkKey(key);
    const print = await fingerprintOf(c, engine.home);
    try {
      const order = { workspace: c.var.caller.workspace, key, fingerprint: print.fingerprint };
      const beginning = await idempotency.begin(order);
      if (beginning.kind === 'replay') return replay(c, beginning.answer);
      const resource = resourceOf(beginning);
      c.set('resource', resource);
      c.set('isRepeat', beginning.kind === 'remake' || isRepeat(beginning));
      if (beginning.kind === 'remake') return await remake(c, next);
      return await work(c, next, { engine, order });
    } finally {
      await print[Symbol.asyncDispose]();
    }
  };
}

function checkKey(key: string): void {
  if (KEY.test(key)) return;
  throw new ProblemError('invalid', `The header ${HEADER} cannot be used.`, {
    problems: [
      {
        field: `header.${HEADER}`,
        value: key,
        message: 'It has to be 1 to 255 visible ASCII characters.',
        remedy: 'Send a random one for each new request, a UUID for example.',
      },
    ],
  });
}

/** Throws for what is neither to be worked on nor to be made again. */
function resourceOf(beginning: Exclude<IdempotentBeginning, { kind: 'replay' }>): string {
  switch (beginning.kind) {
    case 'work':
    case 'remake':
      return beginning.resource;
    case 'busy':
      throw new ProblemError(
        'conflict',
        `The request with this ${HEADER} is still being worked on. Ask again with the same key.`,
        { headers: { 'retry-after': String(ASK_AGAIN_SECONDS) } },
      );
    case 'told-once':
      throw new ProblemError(
        'conflict',
        'This request was done already, and its answer had a secret that is told only once. Revoke what it made, and make another with a new key.',
      );
    case 'mismatch':
      throw new ProblemError(
        'idempotency-mismatch',
        `This ${HEADER} was sent with another method, path or body in the last 24 hours. Take a new one for a new request.`,
      );
  }
}

function isRepeat(beginning: IdempotentBeginning): boolean {
  return beginning.kind === 'work' && beginning.isRepeat;
}

function replay(c: AppContext, { status, headers, body }: KeptAnswer): Response {
  const isBare = status === 204 || status === 304;
  return c.newResponse(isBare ? null : body, status as 200, {
    ...headers,
    'idempotent-replayed': 'true',
  });
}

async function remake(c: AppContext, next: () => Promise<void>): Promise<void> {
  await next();
  c.res.headers.set('idempotent-replayed', 'true');
}

/** Whatever the work comes to, its name is given up or kept: it is never left as being worked on. */
async function work(
  c: AppContext,
  next: () => Promise<void>,
  { engine, order }: Pick<ServerDeps, 'engine'> & { readonly order: IdempotentOrder },
): Promise<void> {
  const { idempotency } = engine.service;
  try {
    await next();
  } catch (error) {
    await idempotency.end(order, { state: 'open' });
    throw error;
  }
  // What was done is done: that its answer cannot be kept is no reason not to give it.
  await idempotency
    .end(order, await endOf(c.res))
    .catch((error: unknown) => c.var.log.error({ err: error }, 'an answer was not kept'));
}
