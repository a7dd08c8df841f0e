/** The webhook of a route, if it is the caller's workspace's. */
import type { Webhook } from '../../engine/core/webhook.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';

/** Throws a `not-found` problem for one of another workspace as well: nobody learns that there is one. */
export async function ownWebhook(
  c: AppContext,
  { engine }: ServerDeps,
  id: string,
): Promise<Webhook> {
  const webhook = await engine.service.webhooks.find(id);
  if (webhook?.workspace !== c.var.caller.workspace) throw notFound('such webhook');
  return webhook;
}

/** The same; throws a `conflict` problem for one that is sent nothing. */
export async function enabledWebhook(
  c: AppContext,
  deps: ServerDeps,
  id: string,
): Promise<Webhook> {
  const webhook = await ownWebhook(c, deps, id);
  if (webhook.enabled) return webhook;
  throw new ProblemError('conflict', 'This webhook is disabled. Enable it first.');
}
