import { BlockList, isIP } from 'node:net';

/**
 * Where a result may be fetched from. The address comes from the vendor's answer, so it may not lead
 * into our own network (https://owasp.org/Top10/A10_2021-Server-Side_Request_Forgery_%28SSRF%29/): a
 * public vendor's results lie behind https on a public host. A vendor that the user placed in his own
 * network by its base URL may answer from there. Returns why not, or `undefined`.
 */
export function refusedAddress(address: string, baseUrl: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'the address of the picture cannot be read';
  const base = new URL(baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `${url.protocol} is not fetched`;
  if (url.hostname === base.hostname || isInternal(base.hostname)) return undefined;
  if (isInternal(url.hostname)) return `${url.hostname} lies inside a private network`;
  const secure = url.protocol === 'https:' || base.protocol === 'http:';
  return secure ? undefined : 'a public address must begin with https';
}

/** Loopback, private, link-local and other networks that no public vendor answers from. */
function isInternal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(host);
  if (family === 0) return host === 'localhost' || INTERNAL_NAMES.test(host);
  return INTERNAL.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

const INTERNAL_NAMES = /\.(localhost|local|internal|lan|home\.arpa)$/;
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv6');
}
