/** What keeps a PostgreSQL from being opened, in words. The URL's password is in none of them. */
import { UsageError } from '../engine/core/errors.ts';

/** `error` as it is, where it is not about the database. */
export function storeTrouble(error: unknown, databaseUrl: string | undefined): unknown {
  if (databaseUrl === undefined || !(error instanceof Error)) return error;
  const where = placeOf(databaseUrl);
  if (where === undefined) {
    return new UsageError(
      'DATABASE_URL is no address of a PostgreSQL. Write postgres://USER:PASSWORD@HOST:5432/DATABASE.',
    );
  }
  const reason = REASONS[codeOf(error) ?? ''];
  if (reason === undefined) return error;
  return new UsageError(`DATABASE_URL (${where}): ${reason}`);
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the system's own codes. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start PostgreSQL, or correct host and port.',
  ENOTFOUND: 'there is no such host. Correct its name.',
  EAI_AGAIN: 'the name of the host cannot be looked up now. Correct it, or try again.',
  ETIMEDOUT: 'it does not answer. Look at the network between, and at the port.',
  EHOSTUNREACH: 'it cannot be reached from here. Look at the network between.',
  ECONNRESET: 'it closes the connection. It may want TLS: add ?sslmode=require.',
  '28P01': 'user or password are wrong.',
  '28000': 'this user may not connect from here; pg_hba.conf decides that, or it wants TLS.',
  '3D000': 'there is no such database. Create it: createdb NAME.',
  '42501': 'the user may not create tables there. Make it the owner of the database.',
  '53300': 'it has no free connection. Imagemill takes up to 7 a process.',
  '57P03': 'it is starting up. Try again in a moment.',
};

function placeOf(databaseUrl: string): string | undefined {
  const url = URL.parse(databaseUrl);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return undefined;
  return `${url.host || 'localhost'}${url.pathname}`;
}

/** Of the error, or of the first that it gathers: a name with several addresses fails at each. */
function codeOf(error: Error): string | undefined {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const { code } = (first ?? error) as NodeJS.ErrnoException;
  return code ?? (error as NodeJS.ErrnoException).code;
}
