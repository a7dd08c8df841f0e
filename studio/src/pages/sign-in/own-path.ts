/**
 * Where somebody wanted to go before they signed in: a path of this server, or the first page. An address may
 * name any text here, and browsers take `//host` and `/\host` for other servers.
 */
export function ownPath(wanted: string | undefined, origin: string): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return '/generate';
  const { origin: of, pathname, search, hash } = new URL(wanted, origin);
  if (of !== origin || pathname.startsWith('//')) return '/generate';
  return pathname === '/sign-in' ? '/generate' : `${pathname}${search}${hash}`;
}
