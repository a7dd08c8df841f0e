import type { Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Plan, PlannedLine, PlannedRow } from '../core/plan.ts';
import type { Row, SkippedRow } from '../core/row.ts';
import type { RunSettings } from '../core/settings.ts';
import { addAmounts, addUsd, NOTHING } from './amounts.ts';
import type { ReferenceFacts } from './check-references.ts';
import { compareModels } from './compare-models.ts';
import { fitRow, type FittedRow } from './fit-row.ts';
import { Canaries } from './canaries.ts';
import { FallbackPlan } from './fallback-plan.ts';
import { IdentityTable } from './identity-table.ts';
import { keepStyles } from './keep-style.ts';
import { beginningLane, missingLane } from './beginning-lane.ts';
import { onBatchLane } from './lane-price.ts';
import { makeBatches } from './make-batches.ts';
import { ModelTotals } from './model-totals.ts';
import { planHash } from './plan-hash.ts';
import { pricePlan } from './price-plan.ts';
import { priceRequests } from './price-requests.ts';
import { ProblemList } from './problem-list.ts';
import { ReferenceTally } from './reference-tally.ts';
import type { ModelAccess } from './look-up-model.ts';
import { createModelResolver, type ResolvedModel } from './resolve-model.ts';
import { RotationReserve } from './rotation-reserve.ts';
import { rowIdentity, rowKey } from './row-key.ts';
import type { RowProblem } from './row-problem.ts';
import { rowWish, type ApplyStyle, type RowWish } from './row-wish.ts';
import { Streaks } from './streaks.ts';
import { Tally } from './tally.ts';

export interface PlannerOptions extends ModelAccess {
  readonly settings: RunSettings;
  /** Puts a style's words around a prompt; absent: there is no styles file, and styles are ignored. */
  readonly applyStyle?: ApplyStyle;
  /** Facts of a reference on disk; absent: references are counted only. */
  readonly referenceFacts?: ReferenceFacts;
  /** The sheet's name, for problems. */
  readonly file?: string;
  /** Rows that take turns, as an earlier planner counted them: what `rotateEvery: half` divides. */
  readonly rowsInTurn?: number;
}

/** One line of the sheet as the input stage hands it over: a checked row, or what is wrong with it. */
export type SheetLine =
  | { readonly kind: 'row'; readonly row: Row }
  | {
      readonly kind: 'bad';
      readonly number: number;
      readonly line: number;
      readonly cells: Readonly<Record<string, string>>;
      readonly problems: readonly Problem[];
    };

export type PlannerAnswer =
  | {
      readonly kind: 'planned';
      readonly line: PlannedLine;
      /** An extra image that follows the row. */
      readonly canary?: PlannedLine;
    }
  /** Kept by the planner as well, for `finish()`. */
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

export interface Planner {
  /** Plans the next line. Rows come in the sheet's order, each once. */
  add(line: SheetLine): PlannerAnswer;
  /** Planned rows that take turns, so far. */
  rowsInTurn(): number;
  /** Problems so far, of which at most 1,000 are kept. */
  problems(): { readonly shown: readonly Problem[]; readonly count: number };
  /** The plan of all lines. Throws `InputError` when there were problems. */
  finish(): Plan;
}

const STYLE_IGNORED = 'the style is ignored: no styles file was given (--styles FILE)';

/**
 * Plans a sheet line by line, in flat memory and without any I/O: the same lines, settings and catalog
 * give the same plan and hash. Throws `InputError` when the settings name a model that cannot be used.
 */
export function createPlanner(options: PlannerOptions): Planner {
  const { settings, catalog } = options;
  const fitContext = {
    catalog,
    negativeUnsupported: settings.negativeUnsupported,
    ...(options.referenceFacts ? { referenceFacts: options.referenceFacts } : {}),
  };
  const resolver = createModelResolver(settings, options, options.rowsInTurn);
  const batches = makeBatches(settings.batchSize);
  const comparison = compareModels(catalog, fitContext);
  const hash = planHash(settings, catalog.date);
  const seen = new IdentityTable();
  const problems = new ProblemList();
  const warnings = new Tally();
  const references = new ReferenceTally();
  const totals = new Map<string, ModelTotals>();
  let pixels = 0;
  const counts = { rows: 0, skipped: 0, duplicates: 0, collapsed: 0 };
  const styles = keepStyles();
  const streaks = new Streaks();
  const canaries = new Canaries(settings.canary, catalog);
  const reserve = new RotationReserve(
    settings.rotateEvery === 'auto' ? resolver.turnModels : [],
    fitContext,
  );
  const fallback = new FallbackPlan(settings.fallback, options, fitContext);
  let rowsInTurn = 0;

  function add(line: SheetLine): PlannerAnswer {
    if (line.kind === 'bad') return bad(line, line.problems);
    const { row } = line;
    const wish = rowWish(row, settings, options.applyStyle);
    const own = resolver.resolve(row.model, wish);
    if ('message' in own) return bad(row, [own]);
    const resolved = settings.keepStyle ? stayWithStyle(row, wish, own) : own;
    const fitted = fitRow(wish, resolved.model, fitContext);
    if (fitted.problems.length > 0) return bad(row, fitted.problems);
    const noLane = missingLane(settings, resolved.model);
    if (noLane) return bad(row, [noLane]);
    const noFallback = fallback.problemOf(wish, resolved.model);
    // A bad row is left out for what is wrong with it, not for what might have been.
    if (noFallback && !settings.skipBadRows) return bad(row, [noFallback]);
    if (noFallback) warnings.add(noFallback.message);

    const identity = rowIdentity(wish, resolved.keyPart, fitted.pictures);
    const earlier = seen.get(identity);
    if (earlier > 0) counts.duplicates += 1;
    if (earlier > 0 && settings.duplicates === 'collapse') {
      counts.collapsed += 1;
      return skipped(row, `same as row ${earlier}`);
    }
    if (earlier > 0 && fitted.seed !== undefined) warnings.add(sameSeed(resolved.model));
    // When duplicates are collapsed the first row's number is kept, otherwise how many there were.
    const occurrence = settings.duplicates === 'collapse' ? 1 : earlier + 1;
    seen.set(identity, settings.duplicates === 'collapse' ? row.number : occurrence);
    return planned(row, wish, resolved, fitted, rowKey(identity, occurrence));
  }

  /** The row's key does not depend on what the rows before it were given. */
  function stayWithStyle(row: Row, wish: RowWish, own: ResolvedModel): ResolvedModel {
    if (row.model !== undefined) return own;
    const fits = (model: Model) => fitRow(wish, model, fitContext).problems.length === 0;
    return { ...own, model: styles.keep(row, wish, own.model, fits) };
  }

  function planned(
    row: Row,
    wish: RowWish,
    { model, inTurn }: ResolvedModel,
    fitted: FittedRow,
    key: string,
  ): PlannerAnswer {
    const batch = batches.add(model);
    const streak = streaks.add(model.id, wish.count);
    const turnEnded = inTurn ? resolver.advance() : undefined;
    if (turnEnded) {
      batches.close(turnEnded);
      streaks.end(turnEnded.id);
    }
    const lane = beginningLane(settings, model);
    const live = priceRequests(wish, fitted.promptBytes, model, catalog);
    const requests =
      lane === 'batch' && model.batch
        ? live.map((request) => onBatchLane(request, model.batch!.priceShare))
        : live;
    const plannedRow: PlannedRow = {
      row,
      key,
      model: model.id,
      vendor: model.vendor,
      size: wish.size,
      quality: wish.quality,
      prompt: fitted.prompt,
      ...(fitted.negativePrompt === undefined ? {} : { negativePrompt: fitted.negativePrompt }),
      ...(fitted.seed === undefined ? {} : { seed: fitted.seed }),
      count: wish.count,
      references: wish.references,
      ...(fitted.pictures.length > 0 && { masters: fitted.pictures.map(({ facts }) => facts) }),
      batch,
      streak,
      lane,
      // A sample of N is picked once the whole sheet is known (`pick-proof.ts`).
      proof: settings.proof === 'batch' && batch === 1,
      requests,
    };
    counts.rows += 1;
    if (inTurn) {
      rowsInTurn += 1;
      reserve.add(wish, model, requests);
    }
    fallback.add(wish, model, requests);
    totalsOf(plannedRow.model).add(requests, batch);
    comparison.add(wish);
    references.add(fitted.pictures, model.id);
    for (const warning of fitted.warnings) warnings.add(warning);
    if (settings.canary > 0 && !model.seed) warnings.add(noCanary(model));
    if (row.style !== undefined && !options.applyStyle) warnings.add(STYLE_IGNORED);
    const answer = emit({ kind: 'row', row: plannedRow });
    const canary = canaries.after(plannedRow, model);
    if (canary === undefined) return answer;
    totalsOf(canary.model).add(canary.requests, batch);
    return { ...answer, canary: emit({ kind: 'row', row: canary }).line };
  }

  function totalsOf(id: string): ModelTotals {
    const known = totals.get(id);
    if (known) return known;
    const model = catalog.find(id);
    if (!model) throw new Error(`Broken promise: planned on ${id}, which is not in the catalog`);
    const fresh = new ModelTotals(model);
    totals.set(id, fresh);
    return fresh;
  }

  function bad(
    row: Pick<Row, 'number' | 'line' | 'cells'>,
    found: readonly (RowProblem | Problem)[],
  ): PlannerAnswer {
    const placed = found.map((problem) => ({
      ...(options.file === undefined ? {} : { file: options.file }),
      line: row.line,
      ...problem,
    }));
    if (settings.skipBadRows) {
      counts.skipped += 1;
      return skipped(row, placed.map(reasonOf).join('; '));
    }
    problems.add(placed);
    return { kind: 'problems', problems: placed };
  }

  function skipped(row: Pick<SkippedRow, 'number' | 'line' | 'cells'>, reason: string) {
    const { number, line, cells } = row;
    return emit({ kind: 'skipped', row: { number, line, reason, cells } });
  }

  function emit(line: PlannedLine) {
    hash.add(line);
    if (line.kind === 'row') pixels += line.row.size.width * line.row.size.height * line.row.count;
    return { kind: 'planned' as const, line };
  }

  function finish(): Plan {
    problems.throwIfAny();
    const models = [...totals.values()].map((each) => each.plan());
    const expected = models.map((each) => each.amount).reduce(addAmounts, NOTHING);
    const lanes = laneTotals([...totals.values()]);
    // What no batch makes in time is made live, at its price.
    const mayGoLive = settings.lane === 'auto';
    const worstUsd = [...totals.values()]
      .map((each) => (mayGoLive ? each.liveWorstUsdMicros : each.worstUsdMicros))
      .reduce(addUsd, 0);
    const atMost = mayGoLive ? lanes.live.creditMicros : expected.creditMicros;
    const price = pricePlan(
      expected,
      [{ creditMicros: atMost, usdMicros: worstUsd }, reserve.amount, fallback.amount].reduce(
        addAmounts,
      ),
      settings.onUnknown,
    );
    return {
      hash: hash.digest([price.expected, price.worst]),
      catalogDate: catalog.date,
      ...counts,
      items: models.reduce((sum, each) => sum + each.items, 0),
      pixels,
      quality: settings.quality,
      models,
      lanes,
      ...price,
      ...(canaries.planned > 0 && { canaries: canaries.planned }),
      choice: [
        ...resolver.explanations(),
        ...(settings.keepStyle ? [styles.explanation] : []),
        ...canaries.explanations(),
        ...fallback.explanations(),
      ],
      ...references.counts(),
      warnings: [
        ...warnings.lines(),
        ...references.lines(),
        ...lonely(settings, resolver.turnModels),
        ...unknownPrices(totals.values()),
      ],
      alternatives: comparison.alternatives([...totals.keys()], new Set(options.available)),
    };
  }

  return {
    add,
    rowsInTurn: () => rowsInTurn,
    problems: () => ({ shown: problems.shown, count: problems.count }),
    finish,
  };
}

function noCanary({ title }: Model): string {
  return `${title} takes no seed, so that no canary can watch over it`;
}

/** Turns need several models. */
function lonely({ rotateEvery }: RunSettings, turnModels: readonly Model[]): string[] {
  if (typeof rotateEvery === 'number' || turnModels.length > 1) return [];
  return [`--rotate-every ${rotateEvery} changes nothing: name several models (--model A,B)`];
}

function sameSeed({ title }: Model): string {
  return `the row repeats an earlier one with the same seed, and ${title} makes the same picture again: give it a seed of its own, or use --duplicates collapse`;
}

function reasonOf(problem: Problem): string {
  const value =
    problem.value === undefined ? '' : ` (found ${JSON.stringify(problem.value.slice(0, 60))})`;
  const column = problem.column === undefined ? '' : `${problem.column}: `;
  return `${column}${problem.message}${value}`;
}

/** The total on either lane; no batch total where no model has that lane. */
function laneTotals(totals: readonly ModelTotals[]): Plan['lanes'] {
  const live = totals.map((each) => each.live).reduce(addAmounts, NOTHING);
  if (!totals.some(({ model }) => model.batch !== undefined)) return { live };
  return { live, batch: totals.map((each) => each.byBatch).reduce(addAmounts, NOTHING) };
}

function unknownPrices(totals: Iterable<ModelTotals>): string[] {
  return [...totals]
    .filter(({ amount }) => amount.usdMicros === undefined)
    .map(({ model }) => `The price of ${model.title} in dollars is not known: no total in dollars`);
}
