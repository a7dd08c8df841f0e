import type { StorageError } from '../core/errors.ts';

/** The delivery of a run's images beside their making. */
export interface DeliveryWork {
  /** Items put where they belong so far. */
  readonly delivered: number;
  /** Images that wait to be finished or are being so. */
  readonly finishing: number;
  /** Whether images were left to the next start. */
  readonly hasLeft: boolean;
  /** Set when the place cannot take more: what is stored is delivered at the next start. */
  readonly trouble: StorageError | undefined;
  /** Makes the place ready, before anything is paid. */
  open(): Promise<void>;
  /** Takes up what is stored and not delivered. */
  start(): Promise<void>;
  /** Resolves when there is room for more. */
  add(itemId: string): Promise<void>;
  /** Leaves what waits to the next start, when it takes long. */
  leave(): void;
  /** Waits for everything that was added, and writes it down. */
  finish(): Promise<void>;
  /** Waits until nothing is under way. */
  settle(): Promise<void>;
}

/** Of a run whose images stay in the store: there is nothing to do but to count them. */
export class StayInStore implements DeliveryWork {
  readonly finishing = 0;
  readonly hasLeft = false;
  readonly trouble = undefined;
  readonly #onDelivered: () => void;
  #delivered = 0;

  constructor(onDelivered: () => void) {
    this.#onDelivered = onDelivered;
  }

  get delivered(): number {
    return this.#delivered;
  }

  async add(): Promise<void> {
    this.#delivered += 1;
    this.#onDelivered();
  }

  async open(): Promise<void> {}
  async start(): Promise<void> {}
  async finish(): Promise<void> {}
  async settle(): Promise<void> {}
  leave(): void {}
}
