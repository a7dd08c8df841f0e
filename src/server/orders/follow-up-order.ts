/** From what is asked of some items of a run to the sheet and settings of a new one. */
import { join } from 'node:path';
import { isNoPath, readRunSettings, runSettingsJson } from '../../api/json/run-settings-json.ts';
import type { RunSettingsBody } from '../../api/schemas/run-settings.ts';
import {
  type FollowUpBody,
  MOST_FOLLOWED,
  MOST_FOLLOWED_WITH_IMAGES,
} from '../../api/schemas/follow-ups.ts';
import type { RunSettings } from '../../engine/core/settings.ts';
import type { StoredRun } from '../../engine/engine-types.ts';
import type { ServerDeps } from '../app-env.ts';
import { given } from './given.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { SentOrder } from './read-order.ts';
import { removeFolder, type RunFolder } from './run-folder.ts';
import { explainInput } from '../problems/explain-input.ts';

/** Which items: those of the body, or everything that is delivered. */
export type FollowUpChoice = Parameters<
  ServerDeps['engine']['service']['followUps']['writeSheet']
>[0]['choice'];

export function choiceOf({ items, review }: FollowUpBody): FollowUpChoice {
  return review === undefined ? { items: items ?? [] } : { review };
}

/** Throws a problem for ids that the run does not have. */
export async function checkChoice(
  { engine }: ServerDeps,
  run: StoredRun,
  { items }: FollowUpBody,
): Promise<void> {
  if (items === undefined) return;
  const missing = new Set(await engine.service.followUps.missing(run.id, items));
  if (missing.size === 0) return;
  throw new ProblemError('invalid', 'Not all of these items are in the run.', {
    problems: items.flatMap((item, at) =>
      missing.has(item)
        ? [
            {
              field: `body.items[${at}]`,
              value: item,
              message: 'There is no such item in this run',
              remedy: 'Take the items from the list of the run.',
            },
          ]
        : [],
    ),
  });
}

interface FollowUpAsk {
  readonly run: StoredRun;
  readonly body: FollowUpBody & {
    readonly title?: string | undefined;
    readonly approve?: boolean;
  };
  readonly choice?: FollowUpChoice;
  readonly most?: number;
  readonly planHash?: string;
}

/** Writes the new sheet into the folder. When it throws, the folder is gone again. */
export async function followUpOrder(
  deps: ServerDeps,
  folder: RunFolder,
  { run, body, choice = choiceOf(body), most = mostOf(body), planHash }: FollowUpAsk,
): Promise<SentOrder> {
  const { engine } = deps;
  const { settings, changes, with_image: withImage, approve = false } = body;
  try {
    const { sheet, stylesFile, rows } = await engine.service.followUps.writeSheet({
      run,
      choice,
      most,
      withImage,
      changes: {
        ...given(changes),
        seed: changes.seed ?? (body.kind === 'reroll' ? 'new' : 'same'),
      },
      says: {
        models: settings.models !== undefined,
        size: settings.size !== undefined,
        quality: settings.quality !== undefined,
      },
      takesSeed: (ownModel) => takesSeed(deps, settings.models ?? [ownModel]),
      folder: folder.sheet,
      stylesAs: join(folder.path, 'styles'),
    });
    return {
      placed: {
        sheet,
        name: rows === 1 ? '1 image' : `${rows} images`,
        isBody: false,
        ...(stylesFile !== undefined && { stylesFile }),
      },
      title: body.title ?? titleOf(run, body.kind, rows),
      approve,
      ...(planHash !== undefined && { planHash }),
      order: {
        sheet,
        within: folder.sheet,
        settings: {
          ...settingsOf(deps, run, body),
          ...(stylesFile !== undefined && { stylesFile }),
          spendingAllowed: approve,
        },
      },
    };
  } catch (error) {
    await removeFolder(folder);
    throw explainInput(error, folder);
  }
}

export function mostOf({ with_image: withImage }: FollowUpBody): number {
  return withImage ? MOST_FOLLOWED_WITH_IMAGES : MOST_FOLLOWED;
}

/** A seed of our own is worth a row only where each model that may make it takes one. */
function takesSeed({ engine }: ServerDeps, models: readonly string[]): boolean {
  return models.every((model) => engine.catalog.find(model)?.seed === true);
}

function titleOf(run: StoredRun, kind: FollowUpBody['kind'], rows: number): string {
  const what = kind === 'finals' ? 'finals' : rows === 1 ? 're-roll' : 're-rolls';
  return `${run.title.slice(0, 180)} · ${what}`;
}

/** Of the run so far, but for what its rows have for themselves now, and what was asked of that run only. */
function settingsOf(
  { settings: { runDefaults }, now }: ServerDeps,
  run: StoredRun,
  { settings, changes }: FollowUpBody,
): RunSettings {
  const {
    count: _count,
    proof: _proof,
    budget: _budget,
    max_usd: _usd,
    deadline: _deadline,
    canary: _canary,
    seed: _seed,
    column_map: _map,
    images: _images,
    duplicates: _duplicates,
    skip_bad_rows: _skip,
    negative,
    ...kept
  } = runSettingsJson(run.settings);
  const body: RunSettingsBody = {
    ...kept,
    ...(negative !== undefined && changes.negative === undefined && { negative }),
    ...settings,
    count: settings.count ?? 1,
    images: settings.images ?? [],
  };
  const defaults = { ...runDefaults, images: runDefaults.images.filter(isNoPath) };
  return readRunSettings(body, defaults, now());
}
