/** Which addresses of endpoints are taken; where they lead is checked again whenever a socket is opened. */
import { isIP } from 'node:net';
import { isPublicAddress } from '../ports/public-address.ts';

/** Why the address cannot be one of an endpoint; `undefined`: it can. */
export function addressProblem(address: string, allowPrivate: boolean): string | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return 'The address must begin with https:// and name a host.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'The address must hold no name and no password: what is sent is signed instead.';
  }
  if (allowPrivate) return undefined;
  if (url.protocol !== 'https:') return 'The address must begin with https://.';
  return isPublicName(url.hostname) ? undefined : 'The address must be that of a public host.';
}

function isPublicName(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host);
  return host !== 'localhost' && !host.endsWith('.localhost');
}
