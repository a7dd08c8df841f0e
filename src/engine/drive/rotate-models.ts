/** Ends the turn of a model whose quality fell: its waiting rows go to the next model that can make them. */
import type { AmendedRequest } from '../core/amendment.ts';
import type { Catalog } from '../core/catalog.ts';
import { LANE_KINDS, laneName } from '../core/lane.ts';
import type { Model } from '../core/model.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import { refitRow } from '../plan/refit-row.ts';
import type { Store, StoredRun } from '../store/store.ts';

export interface RotationDeps {
  readonly store: Pick<Store, 'amendWaiting'>;
  readonly catalog: Catalog;
}

export interface EndedTurn {
  readonly from: Model;
  /** Images that others were given. */
  readonly given: readonly { readonly model: Model; readonly images: number }[];
}

/** Ids of the models that take turns in a run, in order; empty when the run does not decide who. */
export function turnModels(
  { models, rotateEvery }: Pick<RunSettings, 'models' | 'rotateEvery'>,
  catalog: Pick<Catalog, 'find'>,
): string[] {
  if (rotateEvery !== 'auto' || models.length < 2) return [];
  return [...new Set(models.flatMap((name) => catalog.find(name)?.id ?? []))];
}

/**
 * Gives the waiting rows of a model's turn to those that come after it, each row to the first that can
 * make it; they begin new streaks. Rows that name their model, that a person or a fallback gave to it,
 * and with `keepStyle` those of a style or reference stay. It may be repeated: what has moved is gone.
 *
 * @param reachable ids of models whose lanes are bound
 */
export async function endTurn(
  deps: RotationDeps,
  { id, settings }: Pick<StoredRun, 'id' | 'settings'>,
  modelId: string,
  reachable: ReadonlySet<string>,
): Promise<EndedTurn | undefined> {
  const { catalog, store } = deps;
  const turns = turnModels(settings, catalog);
  const from = catalog.find(modelId);
  if (from === undefined || !turns.includes(modelId)) return undefined;
  const place = turns.indexOf(modelId);
  const next = [...turns.slice(place + 1), ...turns.slice(0, place)]
    .filter((each) => reachable.has(each))
    .flatMap((each) => catalog.find(each) ?? []);
  const given = new Map<Model, number>();
  const streaks = new Map<string, number>();
  const amend = (row: PlannedRow, indexes: readonly number[], by: string | undefined) => {
    const mayMove = takesTurns(row, settings) && (by === undefined || by === 'rotation');
    if (!mayMove) return [];
    for (const model of next) {
      const requests = moved(row, indexes, model, deps, settings, streaks);
      if (requests.length === 0) continue;
      given.set(model, (given.get(model) ?? 0) + indexes.length);
      return requests;
    }
    return [];
  };
  for (const kind of LANE_KINDS) {
    let after: number | undefined = -1;
    while (after !== undefined) {
      const lane = laneName(modelId, kind);
      const page = await store.amendWaiting(
        id,
        lane,
        (row, indexes, before) => amend(row, indexes, before?.by),
        after,
      );
      after = page.next;
    }
  }
  if (given.size === 0) return undefined;
  return { from, given: [...given].map(([model, images]) => ({ model, images })) };
}

function takesTurns({ row, canary }: PlannedRow, { keepStyle }: RunSettings): boolean {
  if (canary !== undefined) return true;
  const belongs = row.style !== undefined || row.references.length > 0;
  return row.model === undefined && !(keepStyle && belongs);
}

/** The row's images on another model, next in its streak; nothing if it cannot make them. */
function moved(
  row: PlannedRow,
  indexes: readonly number[],
  model: Model,
  { catalog }: RotationDeps,
  settings: RunSettings,
  streaks: Map<string, number>,
): AmendedRequest[] {
  // A canary without a seed would be an image for nothing.
  if (row.canary !== undefined && !model.seed) return [];
  const refitted = refitRow(row, indexes, model, { catalog, settings, by: 'rotation' });
  if ('problems' in refitted) return [];
  if (row.canary !== undefined) return refitted.requests;
  const before = streaks.get(model.id) ?? 0;
  streaks.set(model.id, before + indexes.length);
  // The place of the row's first image, whether or not it is among those that move.
  const streak = before + 2 - (indexes[0] ?? 1);
  return refitted.requests.map((request) => ({
    ...request,
    amendment: { ...request.amendment, streak },
  }));
}
