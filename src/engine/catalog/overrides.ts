/**
 * What a config file says of models: corrections by name (an id or an alias), and new models under names
 * that are not there yet.
 */
import { InputError, type Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { applyOverride } from './apply-override.ts';
import { isNamed, nameProblems } from './names.ts';
import { modelLike, plainModel } from './new-model.ts';
import { pathOf, shapeProblems, valueText } from './override-problems.ts';
import { type ModelOverride, overrideSchema } from './overrides-schema.ts';

const ROOT = 'models';

/**
 * The models with the corrections of `raw`, new ones at the end. Throws `InputError` with all problems,
 * each with its path (`models.gpt-image-2.credits`), the value found and what to write.
 *
 * @param vendorNames the vendors that there are; absent: a new model's vendor is not checked
 */
export function applyOverrides(
  models: readonly Model[],
  raw: unknown,
  vendorNames?: readonly string[],
): Model[] {
  const problems: Problem[] = [];
  const corrected = [...models];
  for (const [name, override] of readOverrides(raw, problems)) {
    const path = `${ROOT}.${name}`;
    const place = corrected.findIndex((model) => isNamed(model, name));
    const model =
      place >= 0 ? corrected[place] : newModel(name, override, corrected, path, problems);
    if (!model) continue;
    if (isOthersAlias(model, name, override)) {
      problems.push(takenName(name, path, model));
      continue;
    }
    const result = applyOverride(model, override, path, problems);
    if (vendorNames && !vendorNames.includes(result.vendor)) {
      problems.push(noVendor(result.vendor, path, vendorNames));
    }
    if (place >= 0) corrected[place] = result;
    else corrected.push(result);
  }
  problems.push(...nameProblems(corrected), ...replacementProblems(corrected));
  if (problems.length > 0) throw new InputError(problems);
  return corrected;
}

/** Another vendor's model under a name that is an alias here: meant as a new one, and not that one. */
function isOthersAlias(model: Model, name: string, { vendor }: ModelOverride): boolean {
  const isId = model.id.toLowerCase() === name.trim().toLowerCase();
  return !isId && vendor !== undefined && vendor !== model.vendor;
}

function takenName(name: string, path: string, model: Model): Problem {
  return {
    column: path,
    value: name,
    message: `This is another name of ${model.id}, a model of ${model.vendor}`,
    remedy: 'Give your model a name of its own.',
  };
}

function readOverrides(raw: unknown, problems: Problem[]): [string, ModelOverride][] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    problems.push({
      column: ROOT,
      value: valueText(raw),
      message: 'Here stand models by name',
      remedy: 'Write `models:` and below it, for example, `gpt-image-2: { credits: 2.5 }`.',
    });
    return [];
  }
  return Object.entries(raw).flatMap(([name, value]): [string, ModelOverride][] => {
    const result = overrideSchema.safeParse(value ?? {});
    if (result.success) return [[name, result.data]];
    problems.push(...shapeProblems(result.error.issues, value, [ROOT, name]));
    return [];
  });
}

function newModel(
  id: string,
  override: ModelOverride,
  models: readonly Model[],
  path: string,
  problems: Problem[],
): Model | undefined {
  const { like, vendor } = override;
  const base = like === undefined ? undefined : models.find((model) => isNamed(model, like));
  if (base) return modelLike(base, id);
  if (like === undefined && vendor !== undefined) return plainModel(id, vendor, override);
  const known = models.filter(({ lifecycle }) => lifecycle.state !== 'retired');
  problems.push({
    column: like === undefined ? path : pathOf([path, 'like']),
    value: like ?? id,
    message: 'No such model is known',
    remedy: `Correct the name, or say which model it is like (like: ${known.map((model) => model.id).join(', ')}) or whose it is (vendor: NAME).`,
  });
  return undefined;
}

function noVendor(vendor: string, path: string, known: readonly string[]): Problem {
  return {
    column: `${path}.vendor`,
    value: vendor,
    message: 'There is no vendor of this name',
    remedy: `Use one of ${known.join(', ')}, or describe it under \`vendors:\`.`,
  };
}

/** Whoever is refused a model is told what to use: that must be there, and usable. */
function replacementProblems(models: readonly Model[]): Problem[] {
  return models.flatMap(({ id, lifecycle }) => {
    if (lifecycle.state === 'active') return [];
    const replacement = models.find((model) => isNamed(model, lifecycle.replacement));
    if (replacement && replacement.lifecycle.state !== 'retired') return [];
    return [
      {
        column: `${ROOT}.${id}.lifecycle`,
        value: lifecycle.replacement,
        message: replacement ? 'The replacement is retired itself' : 'The replacement is not known',
        remedy: 'Name a model that is there and can be used.',
      },
    ];
  });
}
