/** The part of an engine that sends webhooks, with a sender that a test steps and a clock that it moves. */
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createEngine } from '../../src/engine/engine.ts';
import type { EngineConfig } from '../../src/engine/engine-types.ts';
import { WebhookSender, type WebhookSenderDeps } from '../../src/server/webhooks/webhook-sender.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type WebhookPost = Awaited<ReturnType<typeof webhookPost>>;

export async function webhookPost(config: Partial<EngineConfig> = {}) {
  const home = join(await temporaryFolder(), 'home');
  const engine = await createEngine({ home, config: { vendors: {}, ...config } });
  onTestFinished(() => engine[Symbol.asyncDispose]());
  await engine.service.workspaces.ensureLocal();
  const { webhooks, outbox, events } = engine.service;
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const senderWith = (deps: Partial<WebhookSenderDeps> = {}) =>
    new WebhookSender({ outbox, log: pino({ level: 'silent' }), allowPrivate: true, now, ...deps });
  return {
    engine,
    webhooks,
    outbox,
    events,
    now,
    senderWith,
    sender: senderWith(),
    /** Lets so much time pass. */
    advance: (ms: number) => void (ahead += ms),
    create: async (url: string, wish: object = {}) =>
      (await webhooks.create({ workspace: 'local', url, description: '', ...wish }))!,
    /** The newest delivery. */
    newest: async (webhook: string) => (await webhooks.deliveries(webhook, { most: 1 }))[0],
  };
}
