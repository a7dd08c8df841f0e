import { Agent, fetch as undiciFetch } from 'undici';

/** 10 s to open a connection: a failure to connect proves that nothing was sent, so it may be short. */
const CONNECT_TIMEOUT_MS = 10_000;
/** 10 min between two pieces of an answer. */
const BODY_TIMEOUT_MS = 600_000;
/** 256 sockets to one host: above any number of calls that the limits let through at once. */
const CONNECTIONS_PER_HOST = 256;
/**
 * 4 s: an idle socket that the server closes at the moment of sending makes an unknown outcome, so
 * sockets are let go early rather than kept.
 */
const KEEP_ALIVE_MS = 4_000;

export interface SystemFetch extends AsyncDisposable {
  readonly fetch: typeof globalThis.fetch;
}

/**
 * The network as a port. It waits for headers without an end, since pictures of high quality take
 * longer than fetch's usual five minutes (the caller's signal ends a call), and sends nothing twice.
 * Disposing it closes its sockets.
 */
export function createSystemFetch(): SystemFetch {
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: BODY_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // One call, one socket: HTTP/2 would let one lost connection make many outcomes unknown.
    allowH2: false,
  });
  const fetch = async (input: unknown, init: object = {}) =>
    undiciFetch(input as string, { ...init, dispatcher });
  return {
    // undici's own types and Node's describe the same objects and differ in details only.
    fetch: fetch as unknown as typeof globalThis.fetch,
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}
