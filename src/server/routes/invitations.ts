/** Invitations: made by who keeps the workspace, accepted by who has nothing but the link. */
import { keyJson } from '../../api/json/key-json.ts';
import {
  acceptInvitationRoute,
  inviteAgainRoute,
  inviteRoute,
} from '../../api/routes/invitations.ts';
import { toMicros } from '../../engine/core/credits.ts';
import { SCOPES_OF } from '../../engine/core/workspace.ts';
import { addressOf } from '../access/client-address.ts';
import { Guesses } from '../access/guesses.ts';
import { checkRights, futureTime, usableKey } from '../access/key-rights.ts';
import { checkSameOrigin, giveSessionCookie } from '../access/session-cookie.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { given } from '../orders/given.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { keptWorkspace } from './keys.ts';
import { sessionJson } from './session.ts';

export function invitationRoutes(app: App, deps: ServerDeps): void {
  const { settings, now } = deps;
  const { keys, sessions } = deps.engine.service;
  const guesses = new Guesses(settings.guessesPerMinute);
  const clientAddress = addressOf(settings.trustedProxies);

  handleRoute(app, inviteRoute, async (c) => {
    const { workspace: named, name, role, ...terms } = c.req.valid('json');
    const workspace = await keptWorkspace(c, deps, named);
    const rights = given({
      expiresAt: futureTime('body.expires_at', terms.expires_at, now()),
      budgetCreditMicros: terms.budget === undefined ? undefined : toMicros(terms.budget),
    });
    checkRights(c, { ...rights, scopes: SCOPES_OF[role] });
    const { key, invitation } = await keys.invite({ workspace, name, role, ...rights });
    return c.json({ ...keyJson(key, now()), invitation }, 201);
  });

  handleRoute(app, inviteAgainRoute, async (c) => {
    const known = await usableKey(c, deps, c.req.valid('param').key);
    if (known.holder !== 'person') {
      throw new ProblemError(
        'conflict',
        `The key "${known.name}" is a program's: rotate it instead.`,
      );
    }
    // Who accepts it may do what the key may.
    checkRights(c, known);
    const { key, invitation } = await keys.inviteAgain(known.id);
    return c.json({ ...keyJson(key, now()), invitation }, 200);
  });

  handleRoute(app, acceptInvitationRoute, async (c) => {
    // A page of another origin signs nobody in here.
    if (c.req.header('origin') !== undefined) checkSameOrigin(c, settings);
    const { invitation } = c.req.valid('json');
    const address = clientAddress(c);
    await guesses.check(address, invitation);
    const accepted = await keys.accept(invitation);
    const begun = accepted && (await sessions.begin(accepted));
    if (accepted === undefined || begun === undefined) {
      await guesses.wrong(address, invitation);
      throw new ProblemError(
        'not-found',
        'This invitation is none, was accepted already, or has ended. Ask whoever sent it for another.',
      );
    }
    giveSessionCookie(c, settings, begun);
    const { key, until, workspaceState } = begun.standing;
    const caller = {
      key,
      workspace: key.workspace,
      by: 'session' as const,
      isSuspended: workspaceState === 'suspended',
      ...given({ until }),
    };
    return c.json({ ...(await sessionJson(caller, deps)), secret: accepted.secret }, 201);
  });
}
