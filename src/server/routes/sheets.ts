/** Sheets, looked at before anything is made of them. Nothing of them is kept. */
import { join } from 'node:path';
import { readSheetRoute } from '../../api/routes/sheets.ts';
import { sheetFormSchema } from '../../api/schemas/sheet.ts';
import { asSent } from '../../api/json/mutable.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { receiveForm } from '../files/receive-form.ts';
import { handleRoute } from '../handle-route.ts';
import { folderAt, placeForm, removeFolder, type RunFolder } from '../orders/run-folder.ts';
import { explainInput, explainProblem } from '../problems/explain-input.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { schemaProblems } from '../problems/schema-problems.ts';

const MOST_FILES = 2_000;
const MOST_ROWS = 5_000;
/** Of all cells together: some megabytes as JSON. */
const MOST_CHARACTERS = 3_000_000;
const MOST_PROBLEMS = 1_000;
/** A problem names what was found, and does not send it back whole. */
const LONGEST_VALUE = 200;

export function sheetRoutes(app: App, deps: ServerDeps): void {
  handleRoute(app, readSheetRoute, async (c) => {
    const folder = folderAt(join(deps.engine.home, 'plans', c.var.resource));
    try {
      return c.json(await readSheet(c, deps, folder), 200);
    } catch (error) {
      throw explainInput(error, folder);
    } finally {
      await removeFolder(folder);
    }
  });
}

async function readSheet(c: AppContext, { engine, settings }: ServerDeps, folder: RunFolder) {
  const form = await receiveForm(c.req.raw, join(folder.path, 'received'), {
    mostBytes: settings.mostUploadBytes,
    mostFiles: MOST_FILES,
  });
  const columnMap = columnMapOf(form.fields);
  const placed = await placeForm(folder, form);
  const preview = await engine.service.sheets.read(placed.sheet, {
    within: folder.sheet,
    columnMap,
    mostRows: MOST_ROWS,
    mostCharacters: MOST_CHARACTERS,
    mostProblems: MOST_PROBLEMS,
  });
  return asSent({
    sheet: placed.name,
    columns: preview.columns.map(({ heading, meaning }) => ({ heading, meaning: meaning ?? null })),
    rows: preview.rows.map(({ number, line, cells }) => ({ row: number, line, cells })),
    row_count: preview.rowCount,
    is_whole: preview.rows.length === preview.rowCount,
    problems: preview.problems.map(({ row, value, ...problem }) => ({
      ...explainProblem(
        { ...problem, ...(value !== undefined && { value: value.slice(0, LONGEST_VALUE) }) },
        folder,
        placed,
      ),
      ...(row !== undefined && { row }),
    })),
    problem_count: preview.problemCount,
    warnings: preview.warnings.map((warning) => warning.replaceAll(`${folder.sheet}/`, '')),
  });
}

function columnMapOf(fields: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  const data = Object.fromEntries([...fields].map(([name, values]) => [name, values[0]]));
  const read = sheetFormSchema.safeParse(data);
  if (read.success) return read.data.column_map;
  throw new ProblemError('invalid', 'Something in the form is wrong.', {
    problems: schemaProblems('form', read.error, data),
  });
}
