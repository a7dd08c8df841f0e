/** Signing secrets of endpoints: kept nowhere, derived from the installation's own secret. */
import { createHmac } from 'node:crypto';
import { UsageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Webhook } from '../core/webhook.ts';
import type { Store } from '../store/store.ts';

/** The secret of before is valid for a day after a rotation. */
const OVERLAP_MS = 86_400_000;
/** Characters of the installation's secret, 31 kinds: 256 bits and more. */
const LENGTH = 52;
const SHORTEST = 32;
const NAME = 'webhooks';

export interface WebhookSecretsDeps {
  readonly store: Store;
  readonly random: Random;
  /** The installation's secret where the environment gives it (`IMAGEMILL_SECRET`). */
  readonly secret: string | undefined;
}

export class WebhookSecrets {
  readonly #deps: WebhookSecretsDeps;
  #installation: Promise<string> | undefined;

  /** Throws `UsageError` for a given secret that can be guessed. */
  constructor(deps: WebhookSecretsDeps) {
    this.#deps = deps;
    if (deps.secret !== undefined && deps.secret.length < SHORTEST) {
      throw new UsageError(
        `IMAGEMILL_SECRET must have ${SHORTEST} characters or more: it has ${deps.secret.length}.`,
      );
    }
  }

  /** The one that is told to the endpoint's owner: `whsec_` and 32 bytes in base64. */
  async current({ id, generation }: Webhook): Promise<string> {
    return derive(await this.#ofInstallation(), id, generation);
  }

  /** All that are valid at this time, the current one first. */
  async valid(webhook: Webhook, now: number): Promise<string[]> {
    const { id, generation, rotatedAt } = webhook;
    const current = await this.current(webhook);
    if (rotatedAt === undefined || now >= rotatedAt + OVERLAP_MS) return [current];
    return [current, derive(await this.#ofInstallation(), id, generation - 1)];
  }

  #ofInstallation(): Promise<string> {
    const { secret, store, random } = this.#deps;
    if (secret !== undefined) return Promise.resolve(secret);
    const kept = this.#installation ?? store.keepSecret(NAME, random.id(LENGTH));
    // What failed is asked for again.
    kept.catch(() => (this.#installation = undefined));
    return (this.#installation = kept);
  }
}

function derive(installation: string, id: string, generation: number): string {
  const key = createHmac('sha256', installation).update(`webhook:${id}:${generation}`).digest();
  return `whsec_${key.toString('base64')}`;
}
