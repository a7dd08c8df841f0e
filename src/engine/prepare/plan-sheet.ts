/** From a file to a plan: reads the sheet as a stream, plans it line by line, and forecasts the end. */
import { basename } from 'node:path';
import type { Catalog } from '../core/catalog.ts';
import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Plan, PlannedLine } from '../core/plan.ts';
import type { ReferenceFinding } from '../core/reference.ts';
import type { RunSettings } from '../core/settings.ts';
import { openSheet } from '../input/open-sheet.ts';
import { isInside } from '../input/references.ts';
import type { Sheet } from '../input/sheet.ts';
import { applyStyle, readStyles, type Style } from '../input/styles.ts';
import { lendImages, readLentImages } from './lent-images.ts';
import { createPlanner, type Planner, type PlannerOptions } from '../plan/plan-run.ts';
import type { ReferenceLibrary } from './reference-library.ts';
import { SheetReferences } from './sheet-references.ts';

export interface PlanningDeps {
  readonly catalog: Catalog;
  readonly available: readonly string[];
  readonly autoModels: readonly string[];
  readonly howToReach: (model: Model) => string;
  readonly references: Pick<ReferenceLibrary, 'find'>;
}

export interface SheetOrder {
  readonly sheet: string;
  readonly settings: RunSettings;
  /** References by path must lie in this folder (`PlanOrder`). */
  readonly within?: string;
  /** The masters of all references are in the store afterwards. Default: only those of addresses. */
  readonly keepReferences?: boolean;
}

export interface PlannedSheet {
  readonly sheet: Sheet;
  readonly plan: Plan;
}

/**
 * Plans a sheet. `onLine` is given each planned line in order, and may take its time.
 * Throws `InputError` with all problems; lines that came before a problem was found were given.
 */
export async function planSheet(
  deps: PlanningDeps,
  order: SheetOrder,
  onLine: (line: PlannedLine) => Promise<void> | void = () => {},
): Promise<PlannedSheet> {
  const { settings } = order;
  const styles =
    settings.stylesFile === undefined ? undefined : await readStyles(settings.stylesFile);
  const opened = await openSheet(order.sheet, {
    columnMap: settings.columnMap,
    ...(order.within !== undefined && { within: order.within }),
    ...(styles && { styleNames: styles.keys() }),
  });
  const sheet = lendImages(opened, await readLentImages(settings.images));
  const { within } = order;
  const references = new SheetReferences(async (reference) =>
    within !== undefined && !isWithin(reference, within)
      ? foreignPath(reference)
      : deps.references.find(reference, order.keepReferences === true),
  );
  const options = plannerOptions(deps, settings, sheet, styles, references);
  const planner = createPlanner({ ...options, ...(await countTurns(options, sheet, references)) });
  for await (const line of references.ahead(sheet.rows())) {
    const answer = planner.add(line);
    if (answer.kind !== 'planned') continue;
    await onLine(answer.line);
    if (answer.canary !== undefined) await onLine(answer.canary);
  }
  return { sheet, plan: finish(planner, sheet) };
}

/** Names and addresses are judged elsewhere; a path must lead into the folder, and not out of it again. */
function isWithin(reference: string, folder: string): boolean {
  if (reference.startsWith('@') || /^https?:/i.test(reference)) return true;
  return isInside(reference, folder);
}

function foreignPath(reference: string): ReferenceFinding {
  return {
    kind: 'problem',
    message: `There is no picture named ${basename(reference)} beside the sheet`,
    remedy:
      'Send it together with the sheet, name one of the library (@name), or give its address.',
  };
}

/** To give each model its part of the sheet, its rows must have been counted. */
async function countTurns(
  options: PlannerOptions,
  sheet: Sheet,
  references: SheetReferences,
): Promise<Pick<PlannerOptions, 'rowsInTurn'>> {
  const { models, rotateEvery } = options.settings;
  if (rotateEvery !== 'half' || models.length < 2) return {};
  const counting = createPlanner(options);
  for await (const line of references.ahead(sheet.rows())) counting.add(line);
  return { rowsInTurn: counting.rowsInTurn() };
}

function plannerOptions(
  deps: PlanningDeps,
  settings: RunSettings,
  sheet: Sheet,
  styles: ReadonlyMap<string, Style> | undefined,
  references: SheetReferences,
): PlannerOptions {
  return {
    settings,
    catalog: deps.catalog,
    available: deps.available,
    autoModels: deps.autoModels,
    howToReach: deps.howToReach,
    referenceFacts: references.factsOf,
    file: sheet.file,
    ...(styles && { applyStyle: (row) => applyStyle(row, styles) }),
  };
}

function finish(planner: Planner, sheet: Sheet): Plan {
  const plan = planner.finish();
  if (plan.rows > 0) return plan;
  throw new InputError([
    {
      file: sheet.file,
      message: 'No row of the sheet can be made',
      remedy: 'Mend the rows that were reported, or choose another model.',
    },
  ]);
}
