/** Settings as they travel ↔ settings as a run keeps them. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { fromMicros, toMicros } from '../../engine/core/credits.ts';
import { deadlineProblem, readSpan } from '../../engine/core/deadline.ts';
import { InputError } from '../../engine/core/errors.ts';
import { formatRecipe, parseRecipe, type Recipe } from '../../engine/core/recipe.ts';
import { DEFAULT_REFUSALS_AFTER, NAME_WITHOUT_PROMPT } from '../../engine/core/setting-bounds.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../engine/core/settings.ts';
import { formatSize, parseSize } from '../../engine/core/size.ts';
import type { RunChangeBody, RunSettingsBody } from '../schemas/run-settings.ts';

/**
 * The settings of a new run: what is not said is as in `defaults`. `now`: milliseconds since 1970.
 * Throws `InputError` for a deadline that is none.
 */
export function readRunSettings(
  body: RunSettingsBody,
  defaults: RunSettings,
  now: number,
): RunSettings {
  const { name_template: template, marks } = body;
  const usual = defaults.nameTemplate === DEFAULT_SETTINGS.nameTemplate;
  // Who wants no prompt in the files wants none in their names either.
  const names = template ?? (marks === 'no-prompt' && usual ? NAME_WITHOUT_PROMPT : undefined);
  const { marks: usualMarks, screen: usuallyScreened, ...others } = defaults;
  const kept = marks ?? usualMarks ?? 'all';
  const { deadline } = body;
  return {
    ...others,
    ...(kept !== 'all' && { marks: kept }),
    ...((body.screen ?? usuallyScreened) === true && { screen: true as const }),
    ...(names !== undefined && { nameTemplate: names }),
    ...(deadline !== undefined && { deadlineAt: readDeadline(deadline, now) }),
    ...making(body),
    ...bounds(body),
    ...delivering(body),
  };
}

function making(body: RunSettingsBody): Partial<RunSettings> {
  return {
    ...(body.models && { models: body.models.map(lowerAuto) }),
    ...(body.size !== undefined && { size: parseSize(body.size)! }),
    ...(body.quality && { quality: body.quality }),
    ...(body.count !== undefined && { count: body.count }),
    ...(body.batch_size !== undefined && { batchSize: body.batch_size }),
    ...(body.rotate_every !== undefined && { rotateEvery: body.rotate_every }),
    ...(body.keep_style !== undefined && { keepStyle: body.keep_style }),
    ...(body.canary !== undefined && { canary: body.canary }),
    ...(body.lane && { lane: body.lane }),
    ...(body.images && { images: body.images }),
    ...(body.fallback !== undefined && { fallback: body.fallback }),
    ...(body.proof !== undefined && { proof: body.proof }),
    ...(body.seed !== undefined && { seed: body.seed }),
    ...(body.negative !== undefined && { negative: body.negative }),
    ...(body.negative_unsupported && { negativeUnsupported: body.negative_unsupported }),
    ...(body.duplicates && { duplicates: body.duplicates }),
    ...(body.column_map && { columnMap: body.column_map }),
    ...(body.skip_bad_rows !== undefined && { skipBadRows: body.skip_bad_rows }),
  };
}

function bounds(body: RunSettingsBody): Partial<RunSettings> {
  return {
    ...(body.budget !== undefined && { budgetCreditMicros: toMicros(body.budget) }),
    ...(body.max_usd !== undefined && { maxUsdMicros: toMicros(body.max_usd) }),
    ...(body.images_per_hour !== undefined && { imagesPerHour: body.images_per_hour }),
    ...(body.concurrency !== undefined && { concurrency: body.concurrency }),
    ...(body.on_unknown && { onUnknown: body.on_unknown }),
    ...(body.refusal_breaker !== undefined && { refusalBreaker: breakerOf(body.refusal_breaker) }),
  };
}

function delivering(body: RunSettingsBody): Partial<RunSettings> {
  return {
    ...(body.format && { format: body.format }),
    ...(body.finish !== undefined && { finish: recipeOf(body.finish) }),
  };
}

/** What is changed in a run that stands; what is taken away is `undefined`. */
export function readRunChange(change: RunChangeBody): Partial<RunSettings> {
  const { title: _title, budget, max_usd, images_per_hour, concurrency, ...others } = change;
  const taken = {
    ...(budget === null && { budgetCreditMicros: undefined }),
    ...(max_usd === null && { maxUsdMicros: undefined }),
    ...(images_per_hour === null && { imagesPerHour: undefined }),
    ...(concurrency === null && { concurrency: undefined }),
  };
  const body: RunSettingsBody = {
    ...others,
    ...(typeof budget === 'number' && { budget }),
    ...(typeof max_usd === 'number' && { max_usd }),
    ...(typeof images_per_hour === 'number' && { images_per_hour }),
    ...(typeof concurrency === 'number' && { concurrency }),
  };
  return { ...(taken as object as Partial<RunSettings>), ...bounds(body), ...delivering(body) };
}

/** As they may be sent again for a run like this one; paths of this machine are left out. */
export function runSettingsJson(settings: RunSettings): RunSettingsBody {
  return {
    models: [...settings.models],
    size: formatSize(settings.size),
    quality: settings.quality,
    count: settings.count,
    batch_size: settings.batchSize,
    rotate_every: settings.rotateEvery,
    keep_style: settings.keepStyle,
    canary: settings.canary,
    lane: settings.lane,
    ...(settings.deadlineAt !== undefined && {
      deadline: isoTime(settings.deadlineAt),
    }),
    images: settings.images.filter(isNoPath),
    ...(settings.fallback !== undefined && { fallback: settings.fallback }),
    proof: settings.proof,
    ...(settings.budgetCreditMicros !== undefined && {
      budget: fromMicros(settings.budgetCreditMicros),
    }),
    ...(settings.maxUsdMicros !== undefined && { max_usd: fromMicros(settings.maxUsdMicros) }),
    ...(settings.imagesPerHour !== undefined && { images_per_hour: settings.imagesPerHour }),
    ...(settings.concurrency !== undefined && { concurrency: settings.concurrency }),
    name_template: settings.nameTemplate,
    ...(settings.format && { format: settings.format }),
    finish:
      settings.finish === undefined || settings.finish === 'none'
        ? 'none'
        : formatRecipe(settings.finish),
    marks: settings.marks ?? 'all',
    screen: settings.screen === true,
    ...(settings.seed !== undefined && { seed: settings.seed }),
    ...(settings.negative !== undefined && { negative: settings.negative }),
    on_unknown: settings.onUnknown,
    negative_unsupported: settings.negativeUnsupported,
    duplicates: settings.duplicates,
    column_map: { ...settings.columnMap },
    skip_bad_rows: settings.skipBadRows,
    refusal_breaker: settings.refusalBreaker,
  };
}

/** A name or an address: what the service takes as a reference for all rows. */
export function isNoPath(image: string): boolean {
  return image.startsWith('@') || /^https?:\/\//i.test(image);
}

function readDeadline(text: string, now: number): number {
  const hasZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.trim());
  const at = readSpan(text, now) ?? (hasZone ? Date.parse(text.trim()) : Number.NaN);
  const problem = Number.isNaN(at)
    ? {
        message: 'is not a deadline',
        remedy: 'Write a span like 6h, 90min or 2d, or 2026-12-01T09:00:00Z.',
      }
    : deadlineProblem(at, now);
  if (problem === undefined) return at;
  throw new InputError([
    { column: 'deadline', value: text, ...problem, message: `The deadline ${problem.message}` },
  ]);
}

function breakerOf(
  breaker: NonNullable<RunSettingsBody['refusal_breaker']>,
): RunSettings['refusalBreaker'] {
  if (breaker === 'off') return 'off';
  return { share: breaker.share, after: breaker.after ?? DEFAULT_REFUSALS_AFTER };
}

/** Of a text that its schema has read already: it is a recipe. */
export function recipeOf(text: string): Recipe | 'none' {
  const read = parseRecipe(text);
  return text === 'none' || 'problems' in read ? 'none' : read.recipe;
}

function lowerAuto(name: string): string {
  return name.toLowerCase() === 'auto' ? 'auto' : name;
}
