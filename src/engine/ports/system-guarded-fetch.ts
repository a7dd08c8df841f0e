import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { isPublicAddress } from './public-address.ts';
import type { SystemFetch } from './system-fetch.ts';

/** 10 s to open a connection. */
const CONNECT_TIMEOUT_MS = 10_000;
/** 8 sockets to one host: a guest does not crowd in. */
const CONNECTIONS_PER_HOST = 8;

/** Looks all addresses of a host up; Node's own by default. */
export type LookUp = (
  host: string,
  options: { readonly all: true },
  answer: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardedFetchOptions {
  /** Which IP addresses may be connected to. Default: those of public hosts. */
  readonly isAllowed?: (address: string) => boolean;
  readonly lookUp?: LookUp;
}

/** An address that must not be read; `code` tells it from every failure of the network. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = PRIVATE_ADDRESS;
}

export const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS';

/**
 * A fetch for addresses that somebody else wrote down. It connects to public hosts only: the address
 * that a name stands for is checked in the very look-up that the connection is made from, so that a name
 * server that changes its mind gains nothing, and every connection of a redirect is checked like the
 * first. Disposing it closes its sockets.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): SystemFetch {
  const { isAllowed = isPublicAddress, lookUp = systemLookup } = options;
  const dispatcher = new Agent({
    connections: CONNECTIONS_PER_HOST,
    allowH2: false,
    connect: guardedConnector(lookUp, isAllowed),
  });
  const fetch = async (input: unknown, init: object = {}) =>
    undiciFetch(input as string, { ...init, dispatcher });
  return {
    // undici's own types and Node's describe the same objects and differ in details only.
    fetch: fetch as unknown as typeof globalThis.fetch,
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}

type IsAllowed = (address: string) => boolean;

function guardedConnector(lookUp: LookUp, isAllowed: IsAllowed): buildConnector.connector {
  const lookup = guardedLookUp(lookUp, isAllowed);
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup });
  return (options, callback) => {
    // An address in place of a name is never looked up. (`[::1]` comes with its brackets.)
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0 && !isAllowed(host)) return callback(refusal(host), null);
    connect(options, (...answer) => {
      const [error, socket] = answer;
      if (error !== null) return callback(error, null);
      const { remoteAddress } = socket;
      // The last word: where the socket really goes. Nothing has been sent on it yet.
      if (remoteAddress !== undefined && isAllowed(remoteAddress)) return callback(null, socket);
      socket.destroy();
      callback(refusal(host), null);
    });
  };
}

/** One forbidden address among several is a trick, and refuses the host. */
function guardedLookUp(lookUp: LookUp, isAllowed: IsAllowed): LookupFunction {
  return (host, { all }, answer) => {
    lookUp(host, { all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => !isAllowed(address))) {
        return answer(refusal(host), []);
      }
      if (all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}

function refusal(host: string): PrivateAddressError {
  return new PrivateAddressError(`${host} is not a public host`);
}
