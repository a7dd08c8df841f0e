import { backup, DatabaseSync } from 'node:sqlite';

/** All pages in one step: with fewer, every commit of another process in between would begin it anew. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies an embedded store as it stands at one moment, while others go on writing into it
 * (https://sqlite.org/backup.html). `target` must not be there; the copy is one plain file.
 */
export async function copySqlite(file: string, target: string): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    await backup(source, target, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  using copy = new DatabaseSync(target);
  // As it was written ahead of its log it could not be opened without writing beside it.
  copy.exec('PRAGMA journal_mode = DELETE');
}

/** What SQLite finds wrong with a file; nothing for a whole one. */
export function sqliteProblems(file: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return database
    .prepare('PRAGMA integrity_check')
    .all()
    .map((row) => String(row['integrity_check']))
    .filter((text) => text !== 'ok');
}

/** Hashes of the images that a store knows: made ones, late ones, and references. */
export function* imagesNamedIn(file: string): Generator<string> {
  using database = new DatabaseSync(file, { readOnly: true });
  const named = database.prepare(
    `select hash from items where hash is not null
     union select hash from extras union select hash from named_references`,
  );
  for (const row of named.iterate()) yield String(row['hash']);
}
