/** Sessions of browsers. */
import { keyJson } from '../../api/json/key-json.ts';
import { workspaceJson } from '../../api/json/workspace-json.ts';
import { beginSessionRoute, endSessionRoute, getSessionRoute } from '../../api/routes/session.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { App, Caller, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { giveSessionCookie, sessionToken, takeSessionCookie } from '../access/session-cookie.ts';
import { knownWorkspace } from './workspaces.ts';

export function sessionRoutes(app: App, deps: ServerDeps): void {
  const { settings } = deps;
  const { sessions } = deps.engine.service;

  handleRoute(app, beginSessionRoute, async (c) => {
    const { caller } = c.var;
    if (caller.by !== 'key') {
      throw new ProblemError('forbidden', 'A session is begun with a key, not with a session.');
    }
    const begun = await sessions.begin(caller);
    if (begun === undefined) throw new ProblemError('unauthenticated', 'The key has just ended.');
    giveSessionCookie(c, settings, begun);
    const { key, until } = begun.standing;
    const signedIn: Caller = { ...caller, key, by: 'session', ...(until && { until }) };
    return c.json(await sessionJson(signedIn, deps), 201);
  });

  handleRoute(app, getSessionRoute, async (c) =>
    c.json(await sessionJson(c.var.caller, deps), 200),
  );

  handleRoute(app, endSessionRoute, async (c) => {
    const token = c.var.caller.by === 'session' ? sessionToken(c) : undefined;
    if (token === undefined) throw notFound('session');
    await sessions.end(token);
    takeSessionCookie(c, settings);
    return c.body(null, 204);
  });
}

export async function sessionJson({ by, key, workspace, until }: Caller, deps: ServerDeps) {
  const end = Math.min(until ?? Infinity, key.expiresAt ?? Infinity);
  return {
    by,
    key: keyJson(key, deps.now()),
    workspace: workspaceJson(await knownWorkspace(deps, workspace)),
    role: key.role,
    scopes: [...key.scopes],
    expires_at: end === Infinity ? null : isoTime(end),
  };
}
