import { createReadStream } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { KnownOrigin } from '../../core/file-report.ts';
import { MANIFEST_FILE, MANIFEST_FORMAT } from '../../deliver/manifest.ts';

/** Names of files may have folders in them; no template has more. */
const MOST_FOLDERS_UP = 6;
/** The facts of the run stand in the first lines. */
const HEAD_LINES = 12;

/** What a manifest in a folder above a file says of these very bytes; `undefined` if none does. */
export async function originInManifest(
  path: string,
  sha256: string,
): Promise<KnownOrigin | undefined> {
  let folder = dirname(resolve(path));
  for (let up = 0; up < MOST_FOLDERS_UP; up += 1) {
    const found = await lookInto(join(folder, MANIFEST_FILE), sha256);
    if (found !== undefined) return found;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

/** Line by line, as it is written: one with 100,000 files costs no memory. */
async function lookInto(manifest: string, sha256: string): Promise<KnownOrigin | undefined> {
  const stream = createReadStream(manifest);
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  const head: string[] = [];
  try {
    for await (const line of lines) {
      if (head.length < HEAD_LINES) head.push(line);
      if (head.length === 2 && !line.includes(MANIFEST_FORMAT)) return undefined;
      if (!line.includes(sha256)) continue;
      const entry = parsed(entrySchema, line.trim().replace(/,$/, ''));
      const run = head.map((each) => /^\s*"run":\s*"([^"]*)"/.exec(each)?.[1]).find(Boolean);
      if (entry?.sha256 !== sha256 || run === undefined) continue;
      const { file, row, item } = entry;
      return {
        kind: 'delivered',
        manifest,
        runId: run,
        file,
        ...(row !== undefined && { row }),
        ...(item !== undefined && { itemId: item }),
      };
    }
    return undefined;
  } catch {
    // There is none, or it may not be read: then it says nothing.
    return undefined;
  } finally {
    lines.close();
    stream.destroy();
  }
}

function parsed<Value>(schema: z.ZodType<Value>, json: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

const entrySchema = z.object({
  file: z.string(),
  sha256: z.string(),
  row: z.number().optional(),
  item: z.string().optional(),
});
