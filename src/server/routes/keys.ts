/** API keys: made, looked at, changed, replaced and revoked, never beyond what the calling key may. */
import { keyJson } from '../../api/json/key-json.ts';
import {
  changeKeyRoute,
  createKeyRoute,
  getKeyRoute,
  listKeysRoute,
  revokeKeyRoute,
  rotateKeyRoute,
} from '../../api/routes/keys.ts';
import { toMicros } from '../../engine/core/credits.ts';
import { SCOPES_OF } from '../../engine/core/workspace.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { given } from '../orders/given.ts';
import { handleRoute } from '../handle-route.ts';
import { checkRights, checkScopes, futureTime, ownKey, usableKey } from '../access/key-rights.ts';
import { pageFrom } from '../page-from.ts';
import { notFound } from '../problems/problem-error.ts';
import { knownWorkspace } from './workspaces.ts';

export function keyRoutes(app: App, deps: ServerDeps): void {
  const { keys } = deps.engine.service;
  const { now } = deps;

  handleRoute(app, listKeysRoute, async (c) => {
    const { workspace: named, holder, ...query } = c.req.valid('query');
    const workspace = await keptWorkspace(c, deps, named);
    const page = await pageFrom(query, (place) => keys.list(workspace, place, given({ holder })));
    return c.json({ ...page, data: page.data.map((key) => keyJson(key, now())) }, 200);
  });

  handleRoute(app, createKeyRoute, async (c) => {
    const { workspace: named, name, role, scopes, holder, ...terms } = c.req.valid('json');
    const workspace = await keptWorkspace(c, deps, named);
    const rights = given({
      expiresAt: futureTime('body.expires_at', terms.expires_at, now()),
      budgetCreditMicros: terms.budget === undefined ? undefined : toMicros(terms.budget),
    });
    checkRights(c, { ...rights, scopes: scopes ?? SCOPES_OF[role] });
    const order = { workspace, name, role, holder, ...rights, ...given({ scopes }) };
    const { key, secret } = await keys.issue(order);
    return c.json({ ...keyJson(key, now()), secret }, 201);
  });

  handleRoute(app, getKeyRoute, async (c) =>
    c.json(keyJson(await ownKey(c, deps, c.req.valid('param').key), now()), 200),
  );

  handleRoute(app, changeKeyRoute, async (c) => {
    const key = await usableKey(c, deps, c.req.valid('param').key);
    const { name, role, expires_at, budget } = c.req.valid('json');
    const change = given({
      name,
      role,
      expiresAt: futureTime('body.expires_at', expires_at, now()),
      budgetCreditMicros: typeof budget === 'number' ? toMicros(budget) : budget,
    });
    const { name: _name, ...rights } = change;
    const after = { ...key, ...rights };
    checkScopes(c, key);
    if (Object.keys(rights).length > 0) {
      checkRights(c, {
        scopes: role === undefined ? key.scopes : SCOPES_OF[role],
        ...given({
          expiresAt: after.expiresAt ?? undefined,
          budgetCreditMicros: after.budgetCreditMicros ?? undefined,
        }),
      });
    }
    const changed = await keys.change(key.id, change);
    // Runs that waited for a larger budget need not wait longer.
    deps.engine.keeper.wake();
    return c.json(keyJson(changed, now()), 200);
  });

  handleRoute(app, revokeKeyRoute, async (c) => {
    const key = await ownKey(c, deps, c.req.valid('param').key);
    checkScopes(c, key);
    return c.json(keyJson(await keys.revoke(key.id), now()), 200);
  });

  handleRoute(app, rotateKeyRoute, async (c) => {
    const key = await usableKey(c, deps, c.req.valid('param').key);
    // Who gets the new secret may do what the key may; one's own is known already.
    if (key.id !== c.var.caller.key.id) checkRights(c, key);
    const { keep_old_seconds: kept } = c.req.valid('json');
    const { key: rotated, secret } = await keys.rotate(key.id, kept * 1000);
    return c.json({ ...keyJson(rotated, now()), secret }, 200);
  });
}

/** The workspace whose keys are meant: another one than the caller's for operators only. */
export async function keptWorkspace(
  c: AppContext,
  deps: ServerDeps,
  named: string | undefined,
): Promise<string> {
  const { key, workspace } = c.var.caller;
  if (named === undefined || named === workspace) return workspace;
  if (!key.scopes.includes('operate')) throw notFound(`workspace "${named.slice(0, 64)}"`);
  return (await knownWorkspace(deps, named)).id;
}
