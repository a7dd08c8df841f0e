import { afterAll, afterEach, beforeAll } from 'vitest';
import { checkInvariants } from '../../support/check-invariants.ts';
import type { StoreHome, TestStore } from '../../support/stores.ts';
import type { Store } from '../../../src/engine/store/store.ts';

export interface StoreKind {
  readonly name: string;
  readonly createHome: () => Promise<StoreHome>;
  /**
   * Moves the store's clock; absent where it cannot be moved (PostgreSQL's is the server's own): cases
   * that need it run on the other engine only, since what they test is the same SQL.
   */
  readonly advance?: (ms: number) => Promise<void>;
  /** Connections that may write at the same time from one process. */
  readonly connections: number;
}

/** The store under test, opened once for a file. Every run that a test made is checked after it. */
export interface Subject {
  readonly kind: StoreKind;
  readonly store: Store;
  /** Stores with connections of their own, as many as the engine can have in one process. */
  readonly others: readonly Store[];
  readonly check: (runId: string, plannedItems?: number) => Promise<void>;
  /** Pictures that came after their attempt had been written off. */
  readonly extras: (runId: string) => Promise<{ attempt: string; index: number; hash: string }[]>;
  /** Lets the store's clock go on by a millisecond at least. */
  readonly later: () => Promise<void>;
}

export function openSubject(kind: StoreKind): Subject {
  let home: StoreHome;
  let opened: TestStore;
  const others: Store[] = [];
  beforeAll(async () => {
    home = await kind.createHome();
    opened = await home.open();
    while (others.length < kind.connections - 1) others.push((await home.open()).store);
  });
  afterAll(() => home[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const { id } of await opened.store.listRuns()) {
      await checkInvariants(opened.database, id);
    }
    // Each test's runs are checked once.
    await opened.database.deleteFrom('runs').execute();
  });
  return {
    kind,
    get store() {
      return opened.store;
    },
    others,
    check: (runId, plannedItems) =>
      checkInvariants(opened.database, runId, plannedItems === undefined ? {} : { plannedItems }),
    extras: (runId) =>
      opened.database
        .selectFrom('extras')
        .select(['attempt_id as attempt', 'image_index as index', 'hash'])
        .where('run_id', '=', runId)
        .orderBy('image_index')
        .execute(),
    later: async () => {
      await kind.advance?.(1);
      const before = await opened.store.now();
      while (kind.advance === undefined && (await opened.store.now()) === before);
    },
  };
}
