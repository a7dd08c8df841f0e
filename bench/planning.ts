import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inChild } from './in-child.ts';
import type { PlanSheetInput, PlanSheetOutput } from './jobs/plan-sheet.ts';
import { makeSheet } from './make-sheet.ts';
import { scratchFolder } from './scratch-folder.ts';
import { figure, type Section } from './section.ts';

const MEGABYTE = 1e6;
/** What the plan of a million rows promises to stay below. */
const MOST_MEGABYTES = 400;

/** Rows read, checked, priced and hashed a second, and entered into the store as a run. */
export async function planning(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  const small = await sheetOf(scratch.path, 100_000, seed);
  const large = await sheetOf(scratch.path, 1_000_000, seed);
  return {
    title: 'Rows a second',
    how: [
      `A CSV of ${figure(large.bytes / MEGABYTE)} MB for the million; planning must stay below ${MOST_MEGABYTES} MB.`,
      '`prepare` plans the sheet, and then reads it again into the embedded store.',
    ],
    rows: [
      await measure('plan', small, scratch.path),
      await measure('plan', large, scratch.path),
      await measure('prepare', small, scratch.path),
    ],
  };
}

interface Sheet {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

async function sheetOf(folder: string, rows: number, seed: number): Promise<Sheet> {
  const path = join(folder, `${rows}.csv`);
  await makeSheet(path, rows, seed);
  return { path, rows, bytes: (await stat(path)).size };
}

async function measure(
  what: 'plan' | 'prepare',
  sheet: Sheet,
  scratch: string,
): Promise<Section['rows'][number]> {
  const folder = join(scratch, `${what}-${sheet.rows}`);
  await mkdir(folder);
  const input: PlanSheetInput = { folder, sheet: sheet.path, prepares: what === 'prepare' };
  const { output, peakMegabytes } = await inChild<PlanSheetOutput>('plan-sheet', input);
  return {
    what,
    rows: output.items,
    seconds: figure(output.seconds),
    'rows/s': figure(output.items / output.seconds),
    'peak MB': figure(peakMegabytes),
  };
}
