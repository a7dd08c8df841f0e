import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A database or a transaction of it: statements are written once for both. */
export type Database = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** The few things in which SQLite and PostgreSQL differ. */
export interface StoreDialect {
  readonly name: 'sqlite' | 'postgres';
  /** The store's clock: the machine's for SQLite (one machine), the server's for PostgreSQL. */
  now(database: Database): Promise<number>;
  /**
   * Locks rows until the transaction ends. SQLite needs nothing here: its transactions are immediate,
   * so there is only one writer at a time. Everywhere limits come first, then the run, then its rows:
   * one order of locks, no deadlock.
   */
  lockLimits(trx: Trx, keys: readonly string[]): Promise<void>;
  lockRun(trx: Trx, runId: string): Promise<void>;
  /** Locks those who pay for a run: after the run, the workspace before the key. */
  lockPayers(trx: Trx, workspace: string, keyId: string | null): Promise<void>;
  /** Locks the run that an attempt belongs to. */
  lockRunOfAttempt(trx: Trx, attemptId: string): Promise<void>;
  /** Which commits may be one: those of a run, or all where there is one writer at a time. */
  commitGroup(runId: string): string;
  /** Lets others come before a commit of a group; what it answers is called after it, and lets more of them come. */
  beginCommit(): Promise<() => Promise<void>>;
  /** Does `work` while no other process does such; SQLite lets its transactions see to that. */
  alone(database: Database, work: (database: Database) => Promise<void>): Promise<void>;
  /** Lets a transaction fail when it would have to wait longer for a lock, and everybody else behind it. */
  boundLockWait(trx: Trx, waitMs: number): Promise<void>;
  wait(database: Database, waitMs: number): Promise<void>;
}
