/**
 * Making again what ended badly: as it was, with other words, or with another model. Everything is known
 * and priced before anything is changed.
 */
import { type Amend, type AmendedRequest, amendedRow } from '../core/amendment.ts';
import type { Catalog } from '../core/catalog.ts';
import { InputError, type Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Amount } from '../core/plan.ts';
import { addAmounts, NOTHING } from '../plan/amounts.ts';
import { lookUpModel, type ModelAccess } from '../plan/look-up-model.ts';
import { refitRow } from '../plan/refit-row.ts';
import { type Rewrite, readRewrite } from '../plan/rewrite-prompt.ts';
import type { EndedRequest, EndedState } from '../store/orders.ts';
import type { Store, StoredRun } from '../store/store.ts';

export interface RetryOrder {
  readonly states: readonly EndedState[];
  /** The new prompt, with `{prompt}`, `{name}`, `{row}` and `{COLUMN}` for what the row has. */
  readonly rewrite?: string;
  /** The model that makes them; absent: the one that was asked last. */
  readonly model?: string;
}

/** What a retry would do and cost. */
export interface RetryPlan {
  readonly images: number;
  readonly rows: number;
  readonly expected: Amount;
  readonly worst: Amount;
  /** The first rewritten prompts, to look at before paying. */
  readonly examples: readonly { readonly row: number; readonly prompt: string }[];
}

export interface RetryDeps extends Pick<ModelAccess, 'available' | 'howToReach'> {
  readonly catalog: Catalog;
  readonly store: Pick<Store, 'endedRequests' | 'amendEnded' | 'retry' | 'decideUnknown'>;
}

const MOST_EXAMPLES = 3;

/** @throws InputError when a row cannot be made so: with every such row */
export async function planRetry(
  deps: RetryDeps,
  run: StoredRun,
  order: RetryOrder,
): Promise<RetryPlan> {
  const change = readChange(deps, run, order);
  const ended = await deps.store.endedRequests(run.id, order.states);
  const problems: Problem[] = [];
  const rows = new Set<number>();
  const sums = { images: 0, expected: NOTHING, worst: NOTHING };
  const examples: { row: number; prompt: string }[] = [];
  for (const request of ended) {
    const { number, line } = request.row.row;
    const asked = change === undefined ? asBefore(request) : amended(deps, run, change, request);
    if ('problems' in asked) {
      if (!rows.has(number)) problems.push(...asked.problems.map((each) => ({ line, ...each })));
      rows.add(number);
      continue;
    }
    if (change?.rewrite && !rows.has(number) && examples.length < MOST_EXAMPLES) {
      examples.push({ row: number, prompt: change.rewrite(request.row) });
    }
    rows.add(number);
    sums.images += request.indexes.length;
    sums.expected = addAmounts(sums.expected, asked.expected);
    sums.worst = addAmounts(sums.worst, asked.worst);
  }
  if (problems.length > 0) throw new InputError(problems);
  return { ...sums, rows: rows.size, examples };
}

/** Puts them back to waiting as `planRetry` has told. Returns how many images. */
export async function retryRun(
  deps: RetryDeps,
  run: StoredRun,
  order: RetryOrder,
): Promise<number> {
  const { store } = deps;
  const change = readChange(deps, run, order);
  let images = 0;
  for (const state of order.states) {
    if (state === 'unknown') images += await store.decideUnknown(run.id);
    else if (change === undefined) images += await store.retry(run.id, state);
    else images += await amendAll(deps, run, change, state);
  }
  return images;
}

async function amendAll(
  deps: RetryDeps,
  run: StoredRun,
  change: Change,
  state: 'failed' | 'refused',
): Promise<number> {
  // The rows of a transaction come without their cells, which a rewrite may name.
  const ended = await deps.store.endedRequests(run.id, [state]);
  const known = new Map(ended.map(({ row }) => [row.key, row]));
  const amend: Amend = (row, indexes, before) => {
    const request = {
      row: known.get(row.key) ?? row,
      indexes,
      ...(before && { amendment: before }),
    };
    const asked = amended(deps, run, change, request);
    return 'problems' in asked ? [] : asked.requests;
  };
  return deps.store.amendEnded(run.id, { states: [state] }, amend);
}

interface Change {
  readonly rewrite?: Rewrite;
  readonly model?: Model;
}

function readChange(deps: RetryDeps, run: StoredRun, order: RetryOrder): Change | undefined {
  const { rewrite, model } = order;
  if (rewrite === undefined && model === undefined) return undefined;
  return {
    ...(rewrite !== undefined && { rewrite: readRewrite(rewrite, run.columns) }),
    ...(model !== undefined && { model: usableModel(deps, model) }),
  };
}

function usableModel(deps: RetryDeps, name: string): Model {
  const found = lookUpModel(deps, name, 'model');
  if ('id' in found) return found;
  const { column: _ofNoSheet, ...problem } = found;
  throw new InputError([{ ...problem, message: `--model: ${problem.message}` }]);
}

interface Priced {
  readonly expected: Amount;
  readonly worst: Amount;
}

function asBefore({ creditMicros, worstUsdMicros, expectedUsdMicros }: EndedRequest): Priced {
  return {
    expected: { creditMicros, usdMicros: expectedUsdMicros },
    worst: { creditMicros, usdMicros: worstUsdMicros },
  };
}

/** The images of one request as the change has them, live, each with its price. */
function amended(
  { catalog }: RetryDeps,
  { settings }: StoredRun,
  change: Change,
  request: Pick<EndedRequest, 'row' | 'indexes' | 'amendment'>,
): (Priced & { readonly requests: readonly AmendedRequest[] }) | { problems: readonly Problem[] } {
  const { row, indexes, amendment } = request;
  const last = amendedRow(row, amendment);
  const model = change.model ?? catalog.find(last.model);
  if (model === undefined) return { problems: [goneProblem(last.model)] };
  const asked = change.rewrite ? { ...last, prompt: change.rewrite(row) } : last;
  const refitted = refitRow(asked, indexes, model, { catalog, settings, by: 'retry' });
  if ('problems' in refitted) return refitted;
  const { requests } = refitted;
  const sum = (usdOf: (one: AmendedRequest) => number | undefined) =>
    requests
      .map((one) => ({
        creditMicros: one.indexes.length * one.creditMicrosPerImage,
        usdMicros: usdOf(one),
      }))
      .reduce<Amount>(addAmounts, NOTHING);
  return {
    requests,
    expected: sum((one) => one.expectedUsdMicros),
    worst: sum((one) => one.worstUsdMicros),
  };
}

function goneProblem(model: string): Problem {
  return {
    value: model,
    message: 'The model that was asked is no longer in the catalog',
    remedy: 'Name another with --model.',
  };
}
