/** Whether pictures lose detail with their place in the queue: over the newest runs of a workspace. */
import type { CanaryVerdict } from '../quality/judge-canary.ts';
import type { DetailVerdict } from '../quality/judge-detail.ts';
import type { QualityReport, QualityReports } from '../report/quality-report.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Newest runs that are looked at, and images of all of them: judging reads each image's measures once. */
const MOST_RUNS = 20;
const MOST_IMAGES = 100_000;

/** Images from this place in the queue on, whatever their run. */
export interface PlacePoint {
  readonly from: number;
  readonly images: number;
  /** Beside the beginning of their own runs: 1 is as much. */
  readonly detail: number;
}

export interface ModelDetailReport {
  readonly model: string;
  readonly runs: readonly {
    readonly run: StoredRun;
    readonly verdict: DetailVerdict;
    readonly ratio?: number;
  }[];
  readonly curve: readonly PlacePoint[];
  readonly canaries: Readonly<Partial<Record<CanaryVerdict, number>>>;
}

export interface DetailByPlaceDeps {
  readonly store: Store;
  readonly quality: Pick<QualityReports, 'of'>;
}

export class DetailByPlace {
  readonly #deps: DetailByPlaceDeps;

  constructor(deps: DetailByPlaceDeps) {
    this.#deps = deps;
  }

  async report(workspace: string): Promise<ModelDetailReport[]> {
    const { store, quality } = this.#deps;
    const found: JudgedRun[] = [];
    let images = 0;
    for (const run of await store.runsPage({ workspace, limit: MOST_RUNS })) {
      images += run.plan?.items ?? 0;
      // The newest one is told however long it is.
      if (found.length > 0 && images > MOST_IMAGES) break;
      const { models } = await quality.of(run);
      for (const model of models) found.push({ run, model });
    }
    return [...Map.groupBy(found, ({ model }) => model.model)].map(([model, own]) => ({
      model,
      runs: own.map(({ run, model: { verdict, ratio } }) => ({
        run,
        verdict,
        ...(ratio !== undefined && { ratio }),
      })),
      curve: meanCurve(own),
      canaries: countVerdicts(own),
    }));
  }
}

interface JudgedRun {
  readonly run: StoredRun;
  readonly model: QualityReport['models'][number];
}

/** Places are put together by the widest step of the runs; subjects differ, so each run is its own measure. */
function meanCurve(runs: readonly JudgedRun[]): PlacePoint[] {
  const curves = runs.map(({ model }) => model.curve).filter((curve) => curve.length > 0);
  const width = Math.max(1, ...curves.map(([first, second]) => (second?.from ?? 1) - first!.from));
  const points = curves.flatMap((curve) => {
    const begin = curve[0]!.detail;
    return curve.map(({ from, images, detail }) => ({
      place: Math.floor((from - 1) / width),
      images,
      logs: begin > 0 ? images * Math.log(detail / begin) : 0,
    }));
  });
  return [...Map.groupBy(points, ({ place }) => place)]
    .map(([place, same]) => {
      const images = same.reduce((sum, point) => sum + point.images, 0);
      const logs = same.reduce((sum, point) => sum + point.logs, 0);
      return { from: place * width + 1, images, detail: Math.exp(logs / images) };
    })
    .toSorted((one, other) => one.from - other.from);
}

function countVerdicts(runs: readonly JudgedRun[]): ModelDetailReport['canaries'] {
  const counts: Partial<Record<CanaryVerdict, number>> = {};
  for (const { verdict } of runs.flatMap(({ model }) => model.canaries)) {
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}
