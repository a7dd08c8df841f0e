import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { VendorAccount } from '../src/engine/index.ts';
import { inChild } from './in-child.ts';
import type { EngineRunInput, EngineRunOutput } from './jobs/engine-run.ts';
import { makeSheet } from './make-sheet.ts';
import { scratchFolder } from './scratch-folder.ts';
import { figure, type Section } from './section.ts';
import { simulatedOpenai } from './simulated-openai.ts';

const IMAGES = 400;
const LIMIT = 150;
const WINDOW_SECONDS = 60;
/** About what the catalog calls typical of low quality (15 s), so that forecasts can be judged. */
const LATENCY_MS = [12_000, 18_000] as const;
/** Bounds the bench; a run that is stopped by it shows as not done. */
const STOP_AFTER_SECONDS = 240;

/** Nobody can be done sooner: the last window's images cannot start before it opens. */
const BOUND_SECONDS =
  (Math.ceil(IMAGES / LIMIT) - 1) * WINDOW_SECONDS + (LATENCY_MS[0] + LATENCY_MS[1]) / 2000;

interface Scenario {
  readonly what: string;
  readonly announceLimits: boolean;
  readonly limits?: VendorAccount['limits'];
}

const SCENARIOS: readonly Scenario[] = [
  { what: 'said in the config', announceLimits: true, limits: { 'images-per-minute': LIMIT } },
  { what: 'learned from headers', announceLimits: true },
  { what: 'learned from refusals', announceLimits: false },
];

/** Time to finish over the bound that the vendor's limit allows, and what the plan foretold. */
export async function pace(seed: number): Promise<Section> {
  // Side by side: each waits for its windows nearly all of the time.
  const rows = await Promise.all(SCENARIOS.map((scenario) => run(scenario, seed)));
  return {
    title: `Pace: ${IMAGES} images, ${LIMIT} in any ${WINDOW_SECONDS} s, answers after ${LATENCY_MS[0] / 1000}-${LATENCY_MS[1] / 1000} s`,
    how: [
      `The bound is ${BOUND_SECONDS} s: the windows before the last one, and one answer of mean length.`,
      'All three ran at the same time, each against a simulator of its own.',
    ],
    rows,
  };
}

async function run(scenario: Scenario, seed: number): Promise<Section['rows'][number]> {
  await using scratch = await scratchFolder();
  await using simulator = await simulatedOpenai({
    seed,
    latencyMs: [...LATENCY_MS],
    announceLimits: scenario.announceLimits,
    limits: { imagesPerMinute: LIMIT, windowMs: WINDOW_SECONDS * 1000 },
  });
  const sheet = join(scratch.path, 'sheet.csv');
  await makeSheet(sheet, IMAGES, seed);
  const folder = join(scratch.path, 'run');
  await mkdir(folder);
  const input: EngineRunInput = {
    folder,
    sheet,
    account: {
      baseUrl: simulator.baseUrl,
      ...(scenario.limits !== undefined && { limits: scenario.limits }),
    },
    quality: 'low',
    stopAfterSeconds: STOP_AFTER_SECONDS,
  };
  const { output } = await inChild<EngineRunOutput>('engine-run', input);
  const found = await simulator.audit({ windowMs: WINDOW_SECONDS * 1000, max: LIMIT });
  const { delivered, driveSeconds, forecastSeconds } = output;
  return {
    'the limit is': scenario.what,
    images: delivered,
    seconds: figure(driveSeconds),
    'over the bound': delivered < IMAGES ? 'not done' : figure(driveSeconds / BOUND_SECONDS),
    'answered 429': found.refused,
    'most in a window': found.highest,
    'forecast s': forecastSeconds === undefined ? 'never' : figure(forecastSeconds),
    'forecast / real': forecastSeconds === undefined ? '' : figure(forecastSeconds / driveSeconds),
  };
}
