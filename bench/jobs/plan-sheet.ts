import { join } from 'node:path';
import { openEngine, settingsOf } from '../open-engine.ts';

export interface PlanSheetInput {
  readonly folder: string;
  readonly sheet: string;
  /** Also enter it into the store as a run. */
  readonly prepares: boolean;
}

export interface PlanSheetOutput {
  readonly items: number;
  /** Of `plan` or of `prepare`, without opening the store. */
  readonly seconds: number;
}

/** Plans a sheet, or makes a run of it (which reads it twice); sends nothing. */
export async function job(input: PlanSheetInput): Promise<PlanSheetOutput> {
  await using engine = await openEngine(join(input.folder, 'home'), {
    baseUrl: 'http://127.0.0.1:9/v1',
  });
  const order = { sheet: input.sheet, settings: settingsOf() };
  const started = performance.now();
  const report = input.prepares
    ? await engine
        .prepare({ ...order, out: join(input.folder, 'out'), fresh: true, title: 'bench' })
        .then((run) => run.report)
    : await engine.plan(order);
  return { items: report.plan.items, seconds: (performance.now() - started) / 1000 };
}
