/** Endpoints that clients name to be told what happens, and the log of what they were told. */
import type { Random } from '../core/random.ts';
import type { Webhook, WebhookDelivery } from '../core/webhook.ts';
import type { WorkspaceEventType } from '../core/workspace-event.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryFilter, WebhookChange } from '../store/webhook-store.ts';
import { addressProblem } from './webhook-address.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** Endpoints of one workspace: each is sent every event that it wants. */
export const MOST_WEBHOOKS = 20;

export interface WebhookOrder {
  /** Absent: a new one. */
  readonly id?: string;
  readonly workspace: string;
  /** One that `addressProblem` has nothing against. */
  readonly url: string;
  readonly description: string;
  /** Absent: every type. */
  readonly eventTypes?: readonly WorkspaceEventType[];
}

export interface IssuedWebhook {
  readonly webhook: Webhook;
  /** `whsec_…`: what it is sent is signed with it. */
  readonly secret: string;
}

export interface WebhooksDeps {
  readonly store: Store;
  readonly random: Random;
  readonly secrets: WebhookSecrets;
}

export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Why an address cannot be one of an endpoint; `undefined`: it can. */
  addressProblem(url: string, allowPrivate: boolean): string | undefined {
    return addressProblem(url, allowPrivate);
  }

  /** It hears of what happens from now on. `undefined`: the workspace has `MOST_WEBHOOKS` already. */
  async create(order: WebhookOrder): Promise<IssuedWebhook | undefined> {
    const { store, random } = this.#deps;
    const { id = `wh_${random.id(16)}` } = order;
    if (!(await store.createWebhook({ ...order, id }, MOST_WEBHOOKS))) return undefined;
    return this.issued(id);
  }

  find(id: string): Promise<Webhook | undefined> {
    return this.#deps.store.findWebhook(id);
  }

  /** Oldest first. */
  list(workspace: string): Promise<Webhook[]> {
    return this.#deps.store.listWebhooks(workspace);
  }

  async change(id: string, change: WebhookChange): Promise<void> {
    await this.#deps.store.changeWebhook(id, change);
  }

  /** A new secret; the one of before is valid for a day beside it. */
  async rotate(id: string): Promise<IssuedWebhook> {
    await this.#deps.store.rotateWebhook(id);
    return this.issued(id);
  }

  remove(id: string): Promise<void> {
    return this.#deps.store.removeWebhook(id);
  }

  /** Makes an event that is told to this endpoint only; the id of its delivery. */
  async test({ id, workspace }: Webhook): Promise<string> {
    const { store } = this.#deps;
    const at = await store.now();
    const data = { webhook: id };
    return `${id}_${await store.tellWorkspace(workspace, { at, type: 'webhook.test', data })}`;
  }

  findDelivery(id: string): Promise<WebhookDelivery | undefined> {
    return this.#deps.store.findDelivery(id);
  }

  /** With its secret as it is now. */
  async issued(id: string): Promise<IssuedWebhook> {
    const { store, secrets } = this.#deps;
    const webhook = (await store.findWebhook(id))!;
    return { webhook, secret: await secrets.current(webhook) };
  }

  /** Newest first. */
  deliveries(webhook: string, filter: DeliveryFilter): Promise<WebhookDelivery[]> {
    return this.#deps.store.listDeliveries(webhook, filter);
  }

  /** Sends it once more, under the same id. False: it is on its way already. */
  async replay({ id, webhook }: WebhookDelivery): Promise<boolean> {
    const { store } = this.#deps;
    return (await store.replayDeliveries(webhook, { id }, await store.now())) === 1;
  }

  /** Sends all that failed and were made since once more; how many. */
  async replayFailed(webhook: string, since: number): Promise<number> {
    const { store } = this.#deps;
    return store.replayDeliveries(webhook, { failedSince: since }, await store.now());
  }
}
