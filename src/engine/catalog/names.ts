/** By which names a model is found: its id and its aliases, in any case. */
import type { Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';

export function plainName(name: string): string {
  return name.trim().toLowerCase();
}

export function namesOf(model: Model): string[] {
  return [model.id, ...model.aliases];
}

export function isNamed(model: Model, name: string): boolean {
  const plain = plainName(name);
  return namesOf(model).some((each) => plainName(each) === plain);
}

/** Where a name stands for two models, the first one has it. */
export function indexByName(models: readonly Model[]): Map<string, Model> {
  const byName = new Map<string, Model>();
  for (const model of models) {
    for (const name of namesOf(model).map(plainName)) {
      if (!byName.has(name)) byName.set(name, model);
    }
  }
  return byName;
}

/** A problem for every name that stands for two models. */
export function nameProblems(models: readonly Model[]): Problem[] {
  const byName = indexByName(models);
  return models.flatMap((model) =>
    [...new Set(namesOf(model).map(plainName))].flatMap((name) => {
      const first = byName.get(name);
      return first === undefined || first === model ? [] : [twoMeanings(name, first, model)];
    }),
  );
}

function twoMeanings(name: string, one: Model, other: Model): Problem {
  return {
    value: name,
    message: `The name stands for two models, ${one.id} and ${other.id}`,
    remedy: 'Give each alias to one model only.',
  };
}
