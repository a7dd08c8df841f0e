import { type ItemCounts, type ItemState, noItems } from '../core/outcome.ts';
import type { RequestEnd } from '../request/end-request.ts';
import type { AttemptTicket } from '../store/store.ts';

type Outcomes = Extract<RequestEnd, { readonly kind: 'settled' }>['items'];

/** Items by state, kept up as requests are sent and end; read from the store at the start and the end. */
export class RunCounts {
  readonly #counts: Record<ItemState, number> = noItems();

  get items(): ItemCounts {
    return this.#counts;
  }

  set(counts: ItemCounts): void {
    Object.assign(this.#counts, counts);
  }

  move(from: ItemState, to: ItemState, images: number): void {
    this.#counts[from] -= images;
    this.#counts[to] += images;
  }

  settled(from: 'sent' | 'unknown', items: Outcomes): void {
    for (const state of ['delivered', 'refused', 'failed'] as const) {
      this.move(from, state, items[state]);
    }
  }

  ended(ticket: AttemptTicket, end: RequestEnd): void {
    const from = ticket.state === 'unknown' ? 'unknown' : 'sent';
    const images = ticket.indexes.length;
    switch (end.kind) {
      case 'settled':
        return this.settled(from, end.items);
      case 'returned':
      case 'stop-lane':
        return this.move(from, 'waiting', images);
      case 'unknown':
        return this.move(from, 'unknown', images);
      case 'left':
        return;
    }
  }
}
