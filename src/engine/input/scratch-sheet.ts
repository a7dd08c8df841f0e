import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import type { Row } from '../core/row.ts';
import { openSheet } from './open-sheet.ts';
import type { Sheet, SheetOptions } from './sheet.ts';

/** For tests: a folder for real sheets, removed when it goes out of scope (`await using`). */
export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Writes a sheet, opens it and reads all its rows. */
  read(name: string, content: string | Uint8Array, options?: SheetOptions): Promise<WholeSheet>;
}

export interface WholeSheet {
  readonly sheet: Sheet;
  readonly rows: readonly Row[];
  /** Of all bad rows, in order. */
  readonly problems: readonly Problem[];
}

export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'imagemill-sheet-'));
  async function write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(path, name), content);
    return join(path, name);
  }
  return {
    path,
    write,
    read: async (name, content, options) => readAll(await write(name, content), options),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

/** Opens a sheet and reads all its rows. */
export async function readAll(path: string, options?: SheetOptions): Promise<WholeSheet> {
  const sheet = await openSheet(path, options);
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for await (const entry of sheet.rows()) {
    if (entry.kind === 'row') rows.push(entry.row);
    else problems.push(...entry.problems);
  }
  return { sheet, rows, problems };
}
