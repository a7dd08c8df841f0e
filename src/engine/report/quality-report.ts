/** How the quality of a run's images goes, model by model: for the command line, the API and the studio. */
import type { Clock } from '../core/clock.ts';
import type { CurvePoint, MeasuredItem } from '../core/measured-item.ts';
import type { FlagKind } from '../core/flag.ts';
import { type CanaryComparison, judgeCanary } from '../quality/judge-canary.ts';
import {
  type DetailComparison,
  judgeDetail,
  LATEST_IMAGES,
  START_IMAGES,
} from '../quality/judge-detail.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Points of a curve at most, and the fewest places that one sums up. */
const MOST_POINTS = 24;
const LEAST_WIDTH = 5;

export interface ModelQuality extends DetailComparison {
  readonly model: string;
  /** Detail by place in the model's streaks. */
  readonly curve: readonly Omit<CurvePoint, 'model'>[];
  /** Its canaries after the first, which they are compared with. */
  readonly canaries: readonly (CanaryComparison & {
    readonly number: number;
    readonly row: number;
  })[];
}

export interface QualityReport {
  /** Models with measured images. */
  readonly models: readonly ModelQuality[];
  readonly flags: Readonly<Record<FlagKind, number>>;
}

type Reads = Pick<
  Store,
  'canaries' | 'detailCurve' | 'flagCounts' | 'longestStreak' | 'measuredAtEnd'
>;

/** Runs whose judgement is kept. */
const MOST_KEPT = 200;
/** A run that is being worked on is judged anew after so many times what judging took: never most of the time. */
const LEAST_PAUSE = 20;

interface Kept {
  /** Length of the run's journal. */
  readonly events: number;
  readonly models: Promise<readonly ModelQuality[]>;
  /** When a run that goes on is judged anew. */
  until: number;
}

export interface QualityReportsDeps {
  readonly store: Reads;
  readonly clock: Clock;
}

/** Judging looks through all images of a run: what was found is kept for as long as its journal stays as it is. */
export class QualityReports {
  readonly #deps: QualityReportsDeps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: QualityReportsDeps) {
    this.#deps = deps;
  }

  async of(run: StoredRun): Promise<QualityReport> {
    const flags = await this.#deps.store.flagCounts(run.id);
    return { models: await this.#modelsOf(run), flags };
  }

  #modelsOf(run: StoredRun): Promise<readonly ModelQuality[]> {
    const known = this.#kept.get(run.id);
    if (known !== undefined && this.#holds(known, run)) return known.models;
    const begun = this.#deps.clock.now();
    const kept: Kept = {
      events: run.events,
      models: judgeModels(this.#deps.store, run),
      until: Infinity,
    };
    this.#keep(run.id, kept);
    kept.models.then(
      () => {
        const now = this.#deps.clock.now();
        kept.until = now + LEAST_PAUSE * (now - begun);
      },
      () => this.#kept.delete(run.id),
    );
    return kept.models;
  }

  #holds({ events, until }: Kept, run: StoredRun): boolean {
    return events === run.events || (run.state === 'running' && this.#deps.clock.now() < until);
  }

  /** The one that was judged longest ago makes room. */
  #keep(runId: string, kept: Kept): void {
    this.#kept.delete(runId);
    this.#kept.set(runId, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

async function judgeModels(store: Reads, run: StoredRun): Promise<ModelQuality[]> {
  const longest = await store.longestStreak(run.id);
  const width = Math.max(LEAST_WIDTH, Math.ceil(longest / MOST_POINTS));
  const curves = Map.groupBy(await store.detailCurve(run.id, width), ({ model }) => model);
  const canaries = Map.groupBy(await store.canaries(run.id), ({ model }) => model);
  const models: ModelQuality[] = [];
  for (const [model, curve] of curves) {
    models.push({
      model,
      ...(await compareEnds(store, run.id, model)),
      curve: curve.map(({ model: _same, ...point }) => point),
      canaries: compareCanaries(canaries.get(model) ?? []),
    });
  }
  return models;
}

/** The model's first images against the latest of its last turn, as the run itself compares them. */
async function compareEnds(store: Reads, runId: string, model: string): Promise<DetailComparison> {
  const first = await store.measuredAtEnd(runId, model, 'first', START_IMAGES);
  const last = await store.measuredAtEnd(runId, model, 'last', LATEST_IMAGES);
  const known = new Set(first.map(({ itemId }) => itemId));
  const latest = ofOneTurn(last).filter(({ itemId }) => !known.has(itemId));
  return judgeDetail(first.map(detailOf), latest.map(detailOf));
}

/** From the last image backwards, for as long as places in the streak fall. */
function ofOneTurn(last: readonly MeasuredItem[]): MeasuredItem[] {
  const end = last.findIndex(
    ({ streak = 0 }, at) => at > 0 && streak >= (last[at - 1]!.streak ?? Infinity),
  );
  return end === -1 ? [...last] : last.slice(0, end);
}

function compareCanaries([first, ...others]: readonly MeasuredItem[]): ModelQuality['canaries'] {
  if (first === undefined) return [];
  return others.map(({ canary = 0, row, measures }) => ({
    number: canary,
    row,
    ...judgeCanary(first.measures, measures),
  }));
}

function detailOf({ measures }: MeasuredItem): number {
  return measures.detail;
}
