/** Migrations that older programs may not write beside. */
export interface ProgramFloorsTable {
  migration: string;
  oldest_level: number;
  version: string;
  raised_at: number;
}
