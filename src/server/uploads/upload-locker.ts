/** One writer of an upload at a time, over all servers of the store: as the tus server asks for it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locker } from '@tus/server';
import type { Uploads } from '../../engine/engine-types.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** A server that was killed is waited for this long. */
const LEASE_MS = 6_000;
/** It is kept, and looked whether another wants it, this often. */
const RENEW_MS = 1_000;
/** Who wants it asks again after so long, and gives up when the lease of a dead one has ended. */
const ASK_AGAIN_MS = 150;
const LONGEST_WAIT_MS = LEASE_MS + 4_000;

type Lock = ReturnType<Locker['newLock']>;

export class UploadLocker implements Locker {
  readonly #uploads: Uploads;
  /** What this process may write to. */
  readonly #held = new Map<string, HeldUpload>();

  constructor(uploads: Uploads) {
    this.#uploads = uploads;
  }

  newLock(id: string): Lock {
    return {
      lock: async (signal, giveUp) => {
        const held = new HeldUpload(this.#uploads, id, giveUp);
        await claim(held, signal);
        this.#held.set(id, held);
      },
      unlock: async () => {
        const held = this.#held.get(id);
        this.#held.delete(id);
        await held?.release();
      },
    };
  }

  /** The right to write of the request that is under way. */
  heldOf(id: string): HeldUpload {
    const held = this.#held.get(id);
    if (held === undefined) throw new Error(`the upload ${id} is written to without its lock`);
    return held;
  }
}

async function claim(held: HeldUpload, signal: AbortSignal): Promise<void> {
  const givesUpAt = performance.now() + LONGEST_WAIT_MS;
  while (!(await held.claim())) {
    if (!signal.aborted && performance.now() < givesUpAt) {
      await sleep(ASK_AGAIN_MS);
      continue;
    }
    throw new ProblemError('unavailable', 'Another request is still writing to this upload.', {
      headers: { 'retry-after': '2' },
    });
  }
}

/** Held until it is released, lost, or its process is dead for as long as the lease. */
export class HeldUpload {
  readonly holder: string = randomUUID();
  readonly #uploads: Uploads;
  readonly #id: string;
  readonly #giveUp: () => unknown;
  #until = 0;
  #renewing: NodeJS.Timeout | undefined;

  constructor(uploads: Uploads, id: string, giveUp: () => unknown) {
    this.#uploads = uploads;
    this.#id = id;
    this.#giveUp = giveUp;
  }

  async claim(): Promise<boolean> {
    const askedAt = performance.now();
    const lease = { holder: this.holder, leaseMs: LEASE_MS };
    if (!(await this.#uploads.claim(this.#id, lease))) return false;
    this.#until = askedAt + LEASE_MS;
    this.#renewing = setInterval(() => void this.#renew().catch(() => undefined), RENEW_MS);
    this.#renewing.unref();
    return true;
  }

  /** Throws when another may write by now: a process that stood still must not go on. */
  async check(): Promise<void> {
    if (performance.now() < this.#until) return;
    await this.#renew();
    if (performance.now() >= this.#until) throw overtaken();
  }

  async release(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#uploads.release(this.#id, this.holder);
  }

  async #renew(): Promise<void> {
    const askedAt = performance.now();
    const lease = { holder: this.holder, leaseMs: LEASE_MS };
    const found = await this.#uploads.renew(this.#id, lease);
    this.#until = found === 'lost' ? 0 : askedAt + LEASE_MS;
    if (found !== 'kept') this.#giveUp();
  }
}

export function overtaken(): ProblemError {
  return new ProblemError(
    'conflict',
    'Another request has gone on with this upload. Ask with HEAD where it is.',
  );
}
