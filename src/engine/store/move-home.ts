import { DatabaseSync } from 'node:sqlite';

/**
 * Makes a copied store that of another home: paths below the old one lead into the new one, in texts and
 * inside JSON alike, and the processes that worked on the old one are forgotten. Answers how many runs
 * have not ended.
 */
export function moveHome(file: string, before: string, after: string): number {
  using database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  database.exec('DELETE FROM workers');
  if (before !== after) {
    for (const place of textPlaces(database)) movePaths(database, place, before, after);
  }
  const { open } = database
    .prepare(`SELECT count(*) AS open FROM runs WHERE state NOT IN ('done', 'cancelled')`)
    .get() as { open: number };
  database.exec('COMMIT');
  return open;
}

interface TextPlace {
  readonly table: string;
  readonly column: string;
}

function textPlaces(database: DatabaseSync): TextPlace[] {
  return database
    .prepare(
      `SELECT tables.name AS "table", columns.name AS "column"
       FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND lower(columns.type) = 'text'`,
    )
    .all() as unknown as TextPlace[];
}

function movePaths(
  database: DatabaseSync,
  { table, column }: TextPlace,
  before: string,
  after: string,
): void {
  const plain = database.prepare(
    `UPDATE "${table}" SET "${column}" = ? || substr("${column}", ?)
     WHERE substr("${column}", 1, ?) = ?`,
  );
  plain.run(`${after}/`, before.length + 2, before.length + 1, `${before}/`);
  // As a text of JSON that begins with it.
  const [from, to] = [`"${inJson(before)}/`, `"${inJson(after)}/`];
  database
    .prepare(
      `UPDATE "${table}" SET "${column}" = replace("${column}", ?, ?) WHERE instr("${column}", ?) > 0`,
    )
    .run(from, to, from);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
