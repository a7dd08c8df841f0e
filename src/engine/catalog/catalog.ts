import type { Catalog, ImagePrice, SizeFit } from '../core/catalog.ts';
import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { QUALITIES } from '../core/quality.ts';
import type { Size } from '../core/size.ts';
import { closestNames } from './closest-names.ts';
import { CATALOG_DATE } from './models.ts';
import { indexByName, nameProblems, namesOf, plainName } from './names.ts';
import { applyOverrides } from './overrides.ts';
import { imagePrice, requestUsd } from './price.ts';
import { fitSize } from './sizes.ts';
import { standingOf } from './standing.ts';

/**
 * Makes a catalog of `models`, corrected by what a config file says of them (`overrides.ts`). Names are
 * found by id or alias in any case. Throws `InputError` with all problems of `overrides`, or when one
 * name would stand for two models.
 *
 * @param vendorNames the vendors that there are; absent: a new model's vendor is not checked
 */
export function createCatalog(
  models: readonly Model[],
  overrides?: unknown,
  vendorNames?: readonly string[],
): Catalog {
  const all = overrides === undefined ? models : applyOverrides(models, overrides, vendorNames);
  const problems = nameProblems(all);
  if (problems.length > 0) throw new InputError(problems);
  const byName = indexByName(all);
  const fits = remember((model: Model, size: Size) => fitSize(model, size));
  const prices = QUALITIES.map((quality) =>
    remember((model: Model, size: Size): ImagePrice => imagePrice(model, size, quality)),
  );
  const priceOf: Catalog['imagePrice'] = (model, size, quality) =>
    prices[QUALITIES.indexOf(quality)]?.(model, size) ?? imagePrice(model, size, quality);
  return {
    date: CATALOG_DATE,
    all,
    find: (name) => byName.get(plainName(name)),
    suggest: (name) => suggestIds(name, all),
    standing: standingOf,
    fitSize: (model, size): SizeFit => fits(model, size),
    imagePrice: priceOf,
    requestUsd: (model, request) =>
      requestUsd(model, request, priceOf(model, request.size, request.quality).usdMicros),
  };
}

function suggestIds(name: string, models: readonly Model[]): string[] {
  const usable = models.filter((model) => standingOf(model).kind !== 'problem');
  const idOf = new Map(usable.flatMap((model) => namesOf(model).map((each) => [each, model.id])));
  const close = closestNames(name, [...idOf.keys()], models.length);
  return [...new Set(close.map((each) => idOf.get(each) ?? each))].slice(0, 3);
}

/** Sizes remembered at most for each model; a sheet rarely has more than a handful. */
const MOST_REMEMBERED = 4_096;

/** Remembers a pure function's results by model and size: a sheet asks the same a million times. */
function remember<Result>(
  compute: (model: Model, size: Size) => Result,
): (model: Model, size: Size) => Result {
  const known = new WeakMap<Model, Map<number, Result>>();
  return (model, size) => {
    let results = known.get(model);
    if (!results) known.set(model, (results = new Map()));
    // Sides have five digits at most (`parseSize`); others are computed each time.
    const key = size.width * 100_000 + size.height;
    if (size.height >= 100_000) return compute(model, size);
    const found = results.get(key);
    if (found !== undefined) return found;
    if (results.size >= MOST_REMEMBERED) results.clear();
    const result = compute(model, size);
    results.set(key, result);
    return result;
  };
}
