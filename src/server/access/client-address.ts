/** Where a request comes from: the other end of the connection, or what a trusted proxy says of it. */
import ipaddr from 'ipaddr.js';
import { UsageError } from '../../engine/core/errors.ts';
import type { AppContext } from '../app-env.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** One customer of a provider has a network of so many bits in IPv6, and may change the rest at will. */
const CUSTOMER_BITS = 64;
/** For connections that have no address, like those of a socket in the file system. */
const NO_ADDRESS = 'local';

export type AddressOf = (c: AppContext) => string;

/**
 * `trustedProxies`: addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed; of every
 * other one it is ignored, since anybody can write it. Throws `UsageError` for one that is none.
 * In IPv6 the answer is the network of the client.
 */
export function addressOf(trustedProxies: readonly string[]): AddressOf {
  const trusted = trustedProxies.map(networkOf);
  const isTrusted = (address: Address) => trusted.some((network) => isWithin(address, network));
  return (c) => {
    const peer = parsed(peerOf(c));
    if (peer === undefined) return NO_ADDRESS;
    if (!isTrusted(peer)) return placeOf(peer);
    return placeOf(clientBehind(peer, c.req.header('x-forwarded-for') ?? '', isTrusted));
  };
}

/** Each proxy appends whom it saw: read from the right, the first that is no proxy of ours is the client. */
function clientBehind(
  peer: Address,
  forwarded: string,
  isTrusted: (address: Address) => boolean,
): Address {
  let client = peer;
  for (const hop of forwarded.split(',').toReversed()) {
    const address = parsed(hop.trim());
    if (address === undefined) return client;
    client = address;
    if (!isTrusted(address)) return client;
  }
  return client;
}

function peerOf(c: AppContext): string {
  // Called without a connection, there is no environment at all.
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? '';
}

/** `203.0.113.7`, `203.0.113.7:443`, `[2001:db8::1]:443`. */
function parsed(text: string): Address | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

function networkOf(text: string): Network {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new UsageError(
      `"${text}" is no address of a proxy: write one like 10.0.0.5, or a network like 10.0.0.0/8.`,
    );
  }
}

function isWithin(address: Address, network: Network): boolean {
  return address.kind() === network[0].kind() && address.match(network);
}

function placeOf(address: Address): string {
  if (address.kind() === 'ipv4') return address.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${CUSTOMER_BITS}`);
  return `${network.toString()}/${CUSTOMER_BITS}`;
}
