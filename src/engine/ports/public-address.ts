import { BlockList, isIP } from 'node:net';

/**
 * Ranges that are nobody's public host: IANA's registries of special-purpose addresses (IPv4 and IPv6,
 * of 2026), and the platform services that clouds put at addresses of their own.
 */
const RESERVED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  // Shared by carriers; Alibaba's metadata service (100.100.100.200) is in it.
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local; the metadata service of most clouds (169.254.169.254) is in it.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // Azure's platform service, seen from inside only.
  '168.63.129.16/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Everything but global unicast (2000::/3), and what of that is special. */
const RESERVED_IPV6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '3fff::/20'];
/** Prefixes whose addresses carry an IPv4 address, with the group (of 16 bits) where it begins. */
const CARRIERS: readonly { readonly prefix: string; readonly at: number }[] = [
  { prefix: '::ffff:0:0/96', at: 6 },
  { prefix: '64:ff9b::/96', at: 6 },
  { prefix: '2002::/16', at: 1 },
];

const reservedIpv4 = listOf(RESERVED_IPV4, 'ipv4');
const reservedIpv6 = listOf(RESERVED_IPV6, 'ipv6');
const carriers = CARRIERS.map(({ prefix, at }) => ({ list: listOf([prefix], 'ipv6'), at }));

/**
 * Whether an IP address is a public host's. Anything that is not surely one is not: loopback, private,
 * link-local and metadata addresses, also inside IPv6 addresses that stand for an IPv4 one.
 */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  switch (isIP(plain)) {
    case 4:
      return !reservedIpv4.check(plain, 'ipv4');
    case 6: {
      const carrier = carriers.find(({ list }) => list.check(plain, 'ipv6'));
      if (carrier === undefined) return !reservedIpv6.check(plain, 'ipv6');
      return isPublicAddress(carriedAddress(plain, carrier.at));
    }
    default:
      return false;
  }
}

/** The IPv4 address in two groups of an IPv6 address. */
function carriedAddress(address: string, at: number): string {
  const groups = groupsOf(address);
  return [groups[at] ?? 0, groups[at + 1] ?? 0]
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address, as `URL` writes it: `::` once, no dotted end. */
function groupsOf(address: string): number[] {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const first = read(head);
  if (tail === undefined) return first;
  const last = read(tail);
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
