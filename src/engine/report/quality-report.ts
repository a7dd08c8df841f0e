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
import type { RowSpan } from '../store/tile-store.ts';
import { KeptByJournal } from './kept-by-journal.ts';

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
  'canaries' | 'detailCurve' | 'flagCounts' | 'lastTileRow' | 'longestStreak' | 'measuredAtEnd'
>;

/** Of a longer sheet the curves are of so many parts, spread evenly: each part's rows are read whole. */
const SAMPLED_PARTS = 20;
const SAMPLED_ROWS = 1_000;
/** A run that is being worked on is judged anew after so many times what judging took: never most of the time. */
const LEAST_PAUSE = 20;

export interface QualityReportsDeps {
  readonly store: Reads;
  readonly clock: Clock;
}

/** What was found is kept for as long as the run's journal stays as it is. */
export class QualityReports {
  readonly #store: Reads;
  readonly #kept: KeptByJournal<readonly ModelQuality[]>;

  constructor({ store, clock }: QualityReportsDeps) {
    this.#store = store;
    this.#kept = new KeptByJournal(clock, LEAST_PAUSE);
  }

  async of(run: StoredRun): Promise<QualityReport> {
    const flags = await this.#store.flagCounts(run.id);
    const models = await this.#kept.get(run, () => judgeModels(this.#store, run));
    return { models, flags };
  }
}

async function judgeModels(store: Reads, run: StoredRun): Promise<ModelQuality[]> {
  const parts = sampledParts(await store.lastTileRow(run.id));
  const longest = await store.longestStreak(run.id, parts);
  const width = Math.max(LEAST_WIDTH, Math.ceil(longest / MOST_POINTS));
  const points = await store.detailCurve(run.id, width, parts);
  const curves = Map.groupBy(points, ({ model }) => model);
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

/** `undefined`: all rows. */
function sampledParts(lastRow: number): RowSpan[] | undefined {
  if (lastRow <= SAMPLED_PARTS * SAMPLED_ROWS) return undefined;
  const step = (lastRow - SAMPLED_ROWS) / (SAMPLED_PARTS - 1);
  return Array.from({ length: SAMPLED_PARTS }, (_, part) => {
    const after = Math.round(part * step);
    return { after, until: after + SAMPLED_ROWS };
  });
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
