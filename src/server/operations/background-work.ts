/** What a server does without being asked: runs, jobs, batches of files, credits, webhooks, streams of events. */
import type { ServerDeps } from '../app-env.ts';
import { EventStreams } from '../events/event-streams.ts';
import { BatchKeeper } from '../openai/batch-keeper.ts';
import { type Tending, tendCredits } from './tend-credits.ts';
import { WebhookSender } from '../webhooks/webhook-sender.ts';

export class BackgroundWork {
  readonly streams: EventStreams;
  readonly batches: BatchKeeper;
  readonly #deps: ServerDeps;
  readonly #sender: WebhookSender;
  #tending: Tending | undefined;

  constructor(deps: ServerDeps) {
    const { engine, settings, log } = deps;
    this.#deps = deps;
    this.streams = new EventStreams(deps);
    this.batches = new BatchKeeper(deps);
    this.#sender = new WebhookSender({
      outbox: engine.service.outbox,
      log,
      allowPrivate: settings.allowPrivateWebhooks,
    });
  }

  start(): void {
    const { engine, log } = this.#deps;
    engine.work.start({
      onDefect: (what, id, err) => log.error({ [what]: id, err }, `a ${what} broke`),
      onNotice: (run, text) => log.info({ run }, text),
    });
    this.#sender.start();
    this.batches.start();
    this.#tending = tendCredits(this.#deps);
  }

  /** Takes up nothing more; resolves when what is at vendors and in work has ended. */
  async drain(): Promise<void> {
    const { engine } = this.#deps;
    // A batch must not take runs that are being stopped for ended ones.
    const batchesStopped = this.batches.stop();
    await Promise.all([engine.work.drain(), batchesStopped]);
  }

  /** Tells what has happened until now, and nothing more. */
  async end(): Promise<void> {
    await this.#tending?.stop();
    await this.streams.close();
    await this.#sender.stop();
  }
}
