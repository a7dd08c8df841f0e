import { join } from 'node:path';
import type { Quality, VendorAccount } from '../../src/engine/index.ts';
import { openEngine, settingsOf } from '../open-engine.ts';

export interface EngineRunInput {
  readonly folder: string;
  readonly sheet: string;
  readonly account: VendorAccount;
  readonly quality: Quality;
  /** After so long nothing more is sent. */
  readonly stopAfterSeconds: number;
}

export interface EngineRunOutput {
  readonly delivered: number;
  readonly prepareSeconds: number;
  readonly driveSeconds: number;
  /** What the plan said beforehand. */
  readonly forecastSeconds: number | undefined;
}

/** A whole run: sheet read and planned, every image bought, checked, stored and delivered. */
export async function job(input: EngineRunInput): Promise<EngineRunOutput> {
  await using engine = await openEngine(join(input.folder, 'home'), input.account);
  const started = performance.now();
  const { runId, report } = await engine.prepare({
    sheet: input.sheet,
    settings: settingsOf({ quality: input.quality }),
    out: join(input.folder, 'out'),
    fresh: true,
    title: 'bench',
  });
  const prepared = performance.now();
  await engine.drive(runId, { drain: AbortSignal.timeout(input.stopAfterSeconds * 1000) });
  const ended = performance.now();
  const { items } = await engine.report(runId);
  const { finishMs } = report.forecast;
  return {
    delivered: items.delivered,
    prepareSeconds: (prepared - started) / 1000,
    driveSeconds: (ended - prepared) / 1000,
    forecastSeconds: finishMs === undefined ? undefined : finishMs / 1000,
  };
}
