/** Whether a database could not be reached, or has ended the connection: the same may be asked again later. */

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: 08 connection, 25P0 a session that idled too long,
 * 53 resources, 57P shutdown.
 */
const SERVER_CODES = /^(?:08...|25P0[3-5]|53[0-3]00|57P0[1-5]|55000|40001|40P01)$/;
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The driver's own words for a connection that broke; it gives them no code. */
const BROKEN = /connection terminated|client has encountered a connection error|not queryable/i;

export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return BROKEN.test(error.message);
  return SOCKET_CODES.has(code) || SERVER_CODES.test(code);
}
