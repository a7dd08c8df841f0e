import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { RunSettings } from '../core/settings.ts';
import { formatSize } from '../core/size.ts';
import { autoCandidates } from './auto-candidates.ts';
import { chooseModel, type Choice } from './choose-model.ts';
import { lookUpModel, type ModelAccess } from './look-up-model.ts';
import { rotation } from './rotation.ts';
import type { RowProblem } from './row-problem.ts';
import type { RowWish } from './row-wish.ts';

/** The model of a row, and what stands for it in the row's key. */
export interface ResolvedModel {
  readonly model: Model;
  /** The row's own or only possible model; of models in turn all, since the turn is not its doing. */
  readonly keyPart: string;
  /** The row takes part in the rotation. */
  readonly inTurn: boolean;
}

export interface ModelResolver {
  resolve(ownModel: string | undefined, wish: RowWish): ResolvedModel | RowProblem;
  /** The models that take turns, in order; empty with auto. */
  readonly turnModels: readonly Model[];
  /** A row in turn was planned. Returns the model whose turn is over, if it is. */
  advance(): Model | undefined;
  /** Why these models: the rule, ties and exclusions, a line each. */
  explanations(): readonly string[];
}

const AUTO = 'auto';
/** Different choices that are told, and sizes that are named with each. */
const MOST_EXPLAINED = 20;
const MOST_SIZES = 8;
/** Choices remembered; beyond it they are worked out again. */
const MOST_REMEMBERED = 4_096;

/** Throws `InputError` when the settings name a model that cannot be used. */
export function createModelResolver(
  settings: Pick<RunSettings, 'models' | 'rotateEvery'>,
  access: ModelAccess,
  /** Rows that take turns, counted before: what `half` divides. */
  rowsInTurn?: number,
): ModelResolver {
  const { catalog } = access;
  const available = new Set(access.available);
  const lookUp = (name: string, column: string) => lookUpModel(access, name, column);
  const auto = autoCandidates(catalog, available, new Set(access.autoModels));
  const choices = new Map<string, Choice>();
  /** Sizes by what is said of their choice. */
  const explained = new Map<string, Set<string>>();
  let unexplained = 0;

  function choose(wish: RowWish): Choice {
    const pictures = wish.references.length;
    const key = `${wish.size.width}x${wish.size.height} ${wish.quality} ${pictures}`;
    const known = choices.get(key);
    if (known) return known;
    const choice = chooseAmong(wish, takersOf(auto.models, pictures));
    if (choices.size < MOST_REMEMBERED) choices.set(key, choice);
    if (choice.model === undefined || auto.models.length > 1)
      explain(formatSize(wish.size), choice);
    return choice;
  }

  function explain(size: string, { explanation }: Choice): void {
    const why = explanation.slice(`auto, ${size}`.length);
    const sizes = explained.get(why) ?? new Set();
    if (sizes.size === 0 && explained.size >= MOST_EXPLAINED) unexplained += 1;
    else explained.set(why, sizes.add(size));
  }

  /** Says so where the number of references has left a model out. */
  function chooseAmong(wish: RowWish, models: readonly Model[]): Choice {
    const choice = chooseModel(wish.size, wish.quality, models, catalog);
    const leftOut = auto.models.filter((model) => !models.includes(model));
    if (leftOut.length === 0) return choice;
    const titles = leftOut.map(({ title }) => title).join(', ');
    const why = `left out for ${wish.references.length} references: ${titles}`;
    return { ...choice, explanation: `${choice.explanation}; ${why}` };
  }

  function resolveAuto(wish: RowWish): ResolvedModel | RowProblem {
    const { model, explanation } = choose(wish);
    if (model) return { model, keyPart: model.id, inTurn: false };
    return {
      ...(wish.sizeColumn === undefined ? {} : { column: wish.sizeColumn }),
      message: explanation,
      remedy: remedyWithoutModel(auto.byNameOnly),
    };
  }

  const named = settings.models.length === 1 && isAuto(settings.models[0]) ? [] : settings.models;
  const turns = rotation(namedModels(named, lookUp), settings.rotateEvery, rowsInTurn);
  const turnKey = turns.models
    .map((model) => model.id)
    .toSorted()
    .join(',');

  return {
    turnModels: turns.models,
    resolve(ownModel, wish) {
      if (isAuto(ownModel)) return resolveAuto(wish);
      if (ownModel !== undefined) {
        const model = lookUp(ownModel, 'model');
        return 'message' in model ? model : { model, keyPart: model.id, inTurn: false };
      }
      const model = turns.current();
      return model ? { model, keyPart: turnKey, inTurn: true } : resolveAuto(wish);
    },
    advance: () => turns.advance(),
    explanations: () => [
      ...(turns.models.length === 0 ? [auto.explanation] : [turns.explanation]),
      ...[...explained].map(([why, sizes]) => `auto, ${sizesText([...sizes])}${why}`),
      ...(unexplained === 0 ? [] : [`auto: ${unexplained} more sizes, chosen by the same rule`]),
    ],
  };
}

function sizesText(sizes: readonly string[]): string {
  const shown = sizes.slice(0, MOST_SIZES).join(', ');
  return sizes.length > MOST_SIZES ? `${shown} and ${sizes.length - MOST_SIZES} more` : shown;
}

/** The models that take so many references; all of them when none does, and the row's problem tells. */
function takersOf(models: readonly Model[], references: number): readonly Model[] {
  const takers = models.filter((model) => model.references.count >= references);
  return takers.length === 0 ? models : takers;
}

/** A model that is there but not in auto is the nearest way out. */
function remedyWithoutModel(byNameOnly: readonly Model[]): string {
  const names = byNameOnly.map((model) => model.id).join(', ');
  return names === ''
    ? 'Ask for another size, set another key, or name a model.'
    : `Name a model that auto does not take by itself (${names}), ask for another size, or set another key.`;
}

function namedModels(
  names: readonly string[],
  lookUp: (name: string, column: string) => Model | RowProblem,
): Model[] {
  const found = names.map((name) => (isAuto(name) ? autoInList() : lookUp(name, 'model')));
  const problems = found.filter((each) => 'message' in each);
  if (problems.length > 0) {
    throw new InputError(problems.map(({ column: _ofNoSheet, ...problem }) => problem));
  }
  const models = found.filter((each) => 'id' in each);
  return [...new Map(models.map((model) => [model.id, model])).values()];
}

function autoInList(): RowProblem {
  return {
    value: AUTO,
    message: 'auto cannot take turns with other models',
    remedy: 'Use auto alone, or name every model.',
  };
}

function isAuto(name: string | undefined): boolean {
  return name?.trim().toLowerCase() === AUTO;
}
