/**
 * Fills the tables of `docs/scaling.md` between their marks from the files of figures in `docs/scaling/`:
 * `node bench/growth/write-scaling.ts` (it measures nothing). A part without figures says which command makes them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dayCosts } from './day-costs.ts';
import { INSTALLATIONS } from './installations.ts';
import { costTable, daysTable, fairnessTable, growthTable, rowsTable } from './scaling-tables.ts';
import type { RowsFile } from './scaling-tables.ts';
import { simulateDay } from './simulate-days.ts';
import { GROWTH_FILES, type GrowthFigures, type GrowthPart, type Measured } from './tell-growth.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PARTS = Object.keys(GROWTH_FILES) as GrowthPart[];
const ROWS_FILES = [
  'rows-run-sqlite.json',
  'rows-run-postgres.json',
  'rows-plan-sqlite.json',
  'rows-plan-postgres.json',
];

type Files = { readonly [Part in GrowthPart]?: Measured<GrowthFigures[Part]> };

export async function writeScaling(root = ROOT): Promise<void> {
  const folder = join(root, 'docs', 'scaling');
  const page = join(root, 'docs', 'scaling.md');
  const read = async (name: string): Promise<unknown> => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const found = await Promise.all(
    PARTS.map(async (part) => [part, await read(GROWTH_FILES[part])] as const),
  );
  const files = Object.fromEntries(found.filter(([, file]) => file !== undefined)) as Files;
  const rows = await Promise.all(
    ROWS_FILES.map(async (name) => ({ name, file: (await read(name)) as RowsFile | undefined })),
  );
  let text = await readFile(page, 'utf8');
  for (const [name, table] of Object.entries(tablesOf(files, rows))) {
    text = withPart(text, name, table);
  }
  await writeFile(page, text);
}

/** The text with what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->` replaced. */
export function withPart(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`The page has no place for ${name}.`);
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
}

function tablesOf(
  files: Files,
  rows: readonly { readonly name: string; readonly file: RowsFile | undefined }[],
): Readonly<Record<string, string>> {
  const { workers, workspaces, reading, locks, bucket, pictures } = files;
  const missing = (parts: readonly GrowthPart[]) =>
    `Not measured yet: \`npm run growth -- --only ${parts.join(',')}\`.`;
  const isWhole = workers && reading && locks && bucket && pictures;
  const figures = isWhole && {
    workers: workers.figures,
    reading: reading.figures,
    locks: locks.figures,
    bucket: bucket.figures,
    pictures: pictures.figures,
  };
  const costs = figures && dayCosts(figures);
  return {
    growth: growthTable(PARTS.flatMap((part) => files[part] ?? [])),
    workers: workers ? costTable(workers) : missing(['workers']),
    workspaces: workspaces ? fairnessTable(workspaces) : missing(['workspaces']),
    rows: rowsTable(rows),
    days: costs
      ? daysTable(
          INSTALLATIONS.map((each) => ({
            installation: each,
            report: simulateDay(each.imagesPerDay, costs, each),
          })),
          costs,
        )
      : missing(['workers', 'reading', 'locks', 'bucket', 'pictures']),
  };
}

if (import.meta.main) await writeScaling();
