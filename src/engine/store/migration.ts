/** What a migration is. Older programs go on writing beside it, unless it says otherwise: see CONTRIBUTING.md. */
import type { Kysely } from 'kysely';

export interface Migration {
  /** Four digits, its level, and what it does: `0006-workers`. */
  readonly name: string;
  /**
   * Adds what this version needs, in one transaction: tables, nullable columns or such with a default. Programs of
   * before go on writing as if it were not there.
   */
  readonly up: (database: Kysely<unknown>) => Promise<void>;
  /** Indexes of tables that may be large: made after `up`, beside those who write. */
  readonly indexes?: readonly TableIndex[];
  /**
   * Of one that takes something away, or gives it another meaning: the lowest level of programs that may write from
   * then on. Older ones are asked to end, and waited for, before it begins.
   */
  readonly oldestLevel?: number;
}

export interface TableIndex {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly isUnique?: boolean;
}

/** The level of a store after a migration, and of a program whose last one it is. */
export function levelOf(name: string): number {
  return Number.parseInt(name.slice(0, 4), 10);
}
