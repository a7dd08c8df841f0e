import type { Catalog, ImagePrice, SizeFit } from '../core/catalog.ts';
import { InputError, type Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { QUALITIES } from '../core/quality.ts';
import type { Size } from '../core/size.ts';
import { closestNames } from './closest-names.ts';
import { CATALOG_DATE } from './models.ts';
import { applyOverrides, type CatalogOverrides } from './overrides.ts';
import { imagePrice, requestUsd } from './price.ts';
import { fitSize } from './sizes.ts';
import { standingOf } from './standing.ts';

/**
 * Makes a catalog of `models`, corrected by a config file's `overrides`. Names are found by id or
 * alias in any case; an id comes before an alias. Throws `InputError` when the overrides name what is
 * not there, or give one name to two models.
 */
export function createCatalog(models: readonly Model[], overrides?: CatalogOverrides): Catalog {
  const all = overrides ? applyOverrides(models, overrides) : models;
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
    find: (name) => byName.get(normalize(name)),
    suggest: (name) => suggestIds(name, all),
    standing: standingOf,
    fitSize: (model, size): SizeFit => fits(model, size),
    imagePrice: priceOf,
    requestUsd: (model, request) =>
      requestUsd(model, request, priceOf(model, request.size, request.quality).usdMicros),
  };
}

function normalize(name: string): string {
  return name.trim().toLowerCase();
}

function indexByName(models: readonly Model[]): Map<string, Model> {
  const byName = new Map<string, Model>();
  const problems: Problem[] = [];
  for (const model of models) {
    for (const name of new Set([model.id, ...model.aliases].map(normalize))) {
      const other = byName.get(name);
      if (other) problems.push(twoMeanings(name, other, model));
      else byName.set(name, model);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return byName;
}

function twoMeanings(name: string, one: Model, other: Model): Problem {
  return {
    value: name,
    message: `The name stands for two models, ${one.id} and ${other.id}`,
    remedy: 'Give each alias to one model only.',
  };
}

function suggestIds(name: string, models: readonly Model[]): string[] {
  const usable = models.filter((model) => standingOf(model).kind !== 'problem');
  const idOf = new Map(usable.flatMap((model) => names(model).map((each) => [each, model.id])));
  const close = closestNames(name, [...idOf.keys()], models.length);
  return [...new Set(close.map((each) => idOf.get(each) ?? each))].slice(0, 3);
}

function names(model: Model): string[] {
  return [model.id, ...model.aliases];
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
