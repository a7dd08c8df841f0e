/** A later version of the program: a copy of the tree with further migrations and another number. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TREE = join(import.meta.dirname, '../..');
const COPIED = ['src', 'imagemill', 'package.json'];
const SHARED = ['node_modules', 'dist'];

export interface LaterMigration {
  /** `0901-notes` */
  readonly name: string;
  /** Statements of its `up`. */
  readonly up: readonly string[];
  /** Further fields of the migration, as source. */
  readonly more?: string;
}

/** Answers the folder of the tree. */
export function laterVersion(
  folder: string,
  version: string,
  migrations: readonly LaterMigration[],
): string {
  const tree = join(folder, `imagemill-${version}`);
  mkdirSync(tree, { recursive: true });
  for (const name of COPIED) cpSync(join(TREE, name), join(tree, name), { recursive: true });
  for (const name of SHARED) symlinkSync(join(TREE, name), join(tree, name));
  change(join(tree, 'package.json'), (text) =>
    text.replace(/"version": "[^"]+"/, `"version": "${version}"`),
  );
  const list = migrations.map(({ name, up, more = '' }) => {
    const statements = up.map(
      (text) => `await sql.raw(${JSON.stringify(text)}).execute(database);`,
    );
    return `{ name: '${name}', up: async (database) => { ${statements.join(' ')} }, ${more} },`;
  });
  change(
    join(tree, 'src/engine/store/migrations/index.ts'),
    (text) => `import { sql } from 'kysely';\n${text.replace('\n];', `\n${list.join('\n')}\n];`)}`,
  );
  return tree;
}

function change(path: string, how: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const changed = how(text);
  if (changed === text) throw new Error(`There is nothing to change in ${path}.`);
  writeFileSync(path, changed);
}
