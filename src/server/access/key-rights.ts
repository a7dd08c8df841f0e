/** Which keys a caller may keep, and what may be given away with them: never more than it has itself. */
import {
  type ApiKey,
  beyondRights,
  beyondScopes,
  type KeyRights,
} from '../../engine/core/workspace.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';

/** Throws a `not-found` problem for a key of another workspace as well, unless the caller is an operator. */
export async function ownKey(c: AppContext, { engine }: ServerDeps, id: string): Promise<ApiKey> {
  const { key: own, workspace } = c.var.caller;
  const key = await engine.service.keys.find(id);
  const isOwn = key?.workspace === workspace || own.scopes.includes('operate');
  if (key === undefined || !isOwn) throw notFound('such key');
  return key;
}

/** The same; throws a `conflict` problem for one that was revoked. */
export async function usableKey(c: AppContext, deps: ServerDeps, id: string): Promise<ApiKey> {
  const key = await ownKey(c, deps, id);
  if (key.revokedAt === undefined) return key;
  throw new ProblemError('conflict', `The key "${key.name}" was revoked; make a new one.`);
}

/** Throws a `forbidden` problem when the caller would give away more than it has. */
export function checkRights(c: AppContext, wanted: KeyRights): void {
  refuseFor(beyondRights(c.var.caller.key, wanted));
}

/** Throws a `forbidden` problem for a key that may do what the caller may not. */
export function checkScopes(c: AppContext, { scopes }: ApiKey): void {
  refuseFor(beyondScopes(c.var.caller.key, scopes));
}

function refuseFor(reason: string | undefined): void {
  if (reason !== undefined) throw new ProblemError('forbidden', reason);
}

/** Throws a problem of the field for a time that has passed; nothing, and null, stay what they are. */
export function futureTime<Nothing extends null | undefined>(
  field: string,
  text: string | Nothing,
  now: number,
): number | Nothing {
  if (text === null || text === undefined) return text;
  const at = Date.parse(text);
  if (at > now) return at;
  throw new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [
      {
        field,
        value: text,
        message: 'This time has passed',
        remedy: 'Name one that is still to come, or revoke the key.',
      },
    ],
  });
}
