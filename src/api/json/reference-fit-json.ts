import {
  decideReferenceFit,
  type MasterFacts,
  type NamedReference,
} from '../../engine/core/reference.ts';
import type { Model } from '../../engine/core/model.ts';
import { asSent } from './mutable.ts';

/** What each model that takes references makes of a picture: the decision of the plan. */
export function referenceFitsJson(
  { name }: Pick<NamedReference, 'name'>,
  facts: MasterFacts,
  models: readonly Model[],
  available: readonly string[],
) {
  return asSent({
    name,
    turned: facts.turned === true,
    frames: facts.frames ?? 1,
    alpha: facts.alpha === true,
    colours: facts.colours ?? ('plain' as const),
    models: models
      .filter(({ references }) => references.count > 0)
      .map((model) => fitJson(facts, model, available.includes(model.id))),
  });
}

function fitJson(facts: MasterFacts, model: Model, available: boolean) {
  const fit = decideReferenceFit(facts, model);
  const { width, height } = fit.kind === 'changed' ? fit.size : facts;
  return {
    model: model.id,
    title: model.title,
    available,
    count: model.references.count,
    fit: fit.kind,
    steps: fit.kind === 'changed' ? fit.steps : [],
    width,
    height,
    message: fit.kind === 'impossible' ? fit.message : null,
    remedy: fit.kind === 'impossible' ? fit.remedy : null,
  };
}
