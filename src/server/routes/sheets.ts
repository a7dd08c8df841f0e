/** Sheets, looked at before anything is made of them. Nothing of them is kept. */
import { join } from 'node:path';
import { readSheetRoute } from '../../api/routes/sheets.ts';
import { sheetFormSchema, type uploadedSheetSchema } from '../../api/schemas/sheet.ts';
import type { z } from '../../api/zod.ts';
import { asSent } from '../../api/json/mutable.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { type FormFile, isForm, receiveForm } from '../files/receive-form.ts';
import { handleRoute } from '../handle-route.ts';
import { folderAt, placeForm, removeFolder, type RunFolder } from '../orders/run-folder.ts';
import { explainInput, explainProblem } from '../problems/explain-input.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { schemaProblems } from '../problems/schema-problems.ts';
import { placeUploads } from '../uploads/given-uploads.ts';

type UploadedSheet = z.output<typeof uploadedSheetSchema>;

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
      return c.json(await readSheet(c, deps, folder, c.req.valid('json' as never)), 200);
    } catch (error) {
      throw explainInput(error, folder);
    } finally {
      await removeFolder(folder);
    }
  });
}

async function readSheet(c: AppContext, deps: ServerDeps, folder: RunFolder, body: UploadedSheet) {
  const { files, columnMap } = await filesOf(c, deps, join(folder.path, 'received'), body);
  const placed = await placeForm(folder, { files });
  const preview = await deps.engine.service.sheets.read(placed.sheet, {
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

interface SheetFiles {
  readonly files: readonly FormFile[];
  readonly columnMap: Readonly<Record<string, string>>;
}

async function filesOf(
  c: AppContext,
  deps: ServerDeps,
  received: string,
  body: UploadedSheet,
): Promise<SheetFiles> {
  if (!isForm(c.req.raw)) {
    const { files } = await placeUploads(c, deps, received, body);
    return { files, columnMap: body.column_map };
  }
  const form = await receiveForm(c.req.raw, received, {
    mostBytes: deps.settings.mostUploadBytes,
    mostFiles: MOST_FILES,
  });
  const { column_map: columnMap, ...named } = readFields(form.fields);
  const { files } = await placeUploads(c, deps, received, named);
  return { files: [...files, ...form.files], columnMap };
}

function readFields(fields: ReadonlyMap<string, readonly string[]>) {
  const data = Object.fromEntries([...fields].map(([name, values]) => [name, values[0]]));
  const read = sheetFormSchema.safeParse(data);
  if (read.success) return read.data;
  throw new ProblemError('invalid', 'Something in the form is wrong.', {
    problems: schemaProblems('form', read.error, data),
  });
}
