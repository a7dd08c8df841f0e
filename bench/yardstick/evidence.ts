/** Reads what a contender has left behind: its pictures, and what it says of the others. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { hashPrompt, readSimulatedMark } from '../../simulators/index.ts';
import type { Told } from './judge.ts';

const PNG_END = Buffer.from('49454e44ae426082', 'hex');

/** Names of the rows whose picture lies somewhere below the folder, whole. */
export async function findPictures(
  folder: string,
  prompts: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const names = new Map([...prompts].map(([prompt, name]) => [hashPrompt(prompt), name]));
  const found = new Set<string>();
  const entries = existsSync(folder)
    ? await readdir(folder, { recursive: true, withFileTypes: true })
    : [];
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.png')) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    const mark = bytes.subarray(-PNG_END.length).equals(PNG_END)
      ? readSimulatedMark(bytes)
      : undefined;
    const name = mark && names.get(mark.promptHash);
    if (name !== undefined) found.add(name);
  }
  return found;
}

/** What the contender's own record says: a line of `errors.jsonl` each, or Imagemill's results.csv. */
export async function readTold(folder: string, out: string): Promise<Map<string, Told>> {
  const errors = await textOf(join(folder, 'errors.jsonl'));
  const lines = errors.split('\n').filter((line) => line !== '');
  const told = new Map<string, Told>(
    lines.map((line) => [(JSON.parse(line) as { name: string }).name, 'ended']),
  );
  const results = await textOf(join(out, 'results.csv'));
  const rows = parse<{ name: string; state: string }>(results, { columns: true, bom: true });
  for (const { name, state } of rows) {
    if (state !== 'delivered') told.set(name, state === 'unknown' ? 'unknown' : 'ended');
  }
  return told;
}

async function textOf(file: string): Promise<string> {
  return existsSync(file) ? readFile(file, 'utf8') : '';
}
