/** One contender's life in one scenario with one seed, from an empty folder to the verdict. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { chanceOf } from '../../simulators/chance.ts';
import { makeSheet } from '../make-sheet.ts';
import { simulatedOpenai, type SimulatedOpenai } from '../simulated-openai.ts';
import type { Contender } from './contenders.ts';
import { findPictures, readTold } from './evidence.ts';
import { imageUsd } from './image-price.ts';
import { judge, type Verdict } from './judge.ts';
import { lowerBoundMs, sheetOrderMs } from './lower-bound.ts';
import { promptLatencyMs } from './prompt-latency.ts';
import { startContender, usageIn } from './run-contender.ts';
import type { Scenario } from './scenarios.ts';
import type { Service } from './services/service.ts';

export interface Life extends Verdict {
  readonly scenario: string;
  readonly contender: string;
  readonly seed: number;
  /** From the start of its process to its end, with the time between a kill and the second start. */
  readonly seconds: number;
  readonly boundSeconds: number;
  /** The same for who sends in the order of the sheet. */
  readonly sheetOrderSeconds: number;
  /** It was stopped before it came to its end. */
  readonly isStopped: boolean;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Of the server that it needs. */
  readonly serviceCpuSeconds: number;
}

export interface Place {
  readonly folder: string;
  readonly service: Service | undefined;
}

const LAUNCHER = fileURLToPath(new URL('../../imagemill', import.meta.url));
/** A kill comes up to so long after its moment, so that it hits any step of a request. */
const LONGEST_DELAY_MS = 300;

export async function liveScenario(
  contender: Contender,
  scenario: Scenario,
  seed: number,
  { folder, service }: Place,
): Promise<Life> {
  await mkdir(folder, { recursive: true });
  const sheet = join(folder, 'sheet.csv');
  await makeSheet(sheet, scenario.rows, seed);
  const prompts = await promptsOf(sheet);
  await using vendor = await openVendor(scenario, seed);
  const capUsd = scenario.capImages && scenario.capImages * imageUsd;
  const out = join(folder, 'out');
  const environment = {
    ...environmentOf(scenario, { sheet, out, vendor, capUsd }),
    ...servicesOf(contender, service, folder),
    ...contender.environment,
  };
  const cpuBefore = service?.cpuSeconds() ?? 0;
  const startedAt = performance.now();
  const isStopped = await toItsEnd(contender, folder, environment, { scenario, seed, vendor });
  const seconds = (performance.now() - startedAt) / 1000;
  const { limit } = scenario;
  const pace = limit ? { limit } : {};
  const latencies = latenciesOf(scenario, seed, prompts);
  const verdict = judge({
    prompts,
    bill: await vendor.bill(),
    log: await vendor.log(),
    files: await findPictures(out, prompts),
    told: await readTold(folder, out),
    ...(capUsd !== undefined && { capUsd }),
    ...(limit && { limit }),
  });
  return {
    scenario: scenario.name,
    contender: contender.name,
    seed,
    seconds,
    boundSeconds: lowerBoundMs(latencies, pace) / 1000,
    sheetOrderSeconds: sheetOrderMs(latencies, pace) / 1000,
    isStopped,
    ...(await usageIn(folder)),
    serviceCpuSeconds: (service?.cpuSeconds() ?? 0) - cpuBefore,
    ...verdict,
  };
}

/** Rows by their prompt; every prompt of a sheet is another one. */
async function promptsOf(sheet: string): Promise<Map<string, string>> {
  const rows = parse<{ prompt: string; name: string }>(await readFile(sheet), { columns: true });
  return new Map(rows.map(({ prompt, name }) => [prompt, name]));
}

function openVendor(scenario: Scenario, seed: number): Promise<SimulatedOpenai> {
  const { limit, faults, refusedShare, latencyMs, isHeavy } = scenario;
  const latency = latencyMs && { seed, leastMs: latencyMs[0], mostMs: latencyMs[1] };
  return simulatedOpenai(
    {
      seed,
      ...(limit && { limits: { imagesPerMinute: limit.images, windowMs: limit.windowMs } }),
      ...(faults && { faults }),
      ...(refusedShare !== undefined && { refusals: { share: refusedShare } }),
    },
    { ...(latency && { latency }), ...(isHeavy && { photographs: seed }) },
  );
}

function latenciesOf(
  { latencyMs }: Scenario,
  seed: number,
  prompts: ReadonlyMap<string, string>,
): number[] {
  if (latencyMs === undefined) return [];
  const [leastMs, mostMs] = latencyMs;
  return [...prompts.keys()].map((prompt) => promptLatencyMs(prompt, { seed, leastMs, mostMs }));
}

function environmentOf(
  { limit, isLimitTold, concurrency }: Scenario,
  given: { sheet: string; out: string; vendor: SimulatedOpenai; capUsd: number | undefined },
): Record<string, string> {
  return {
    IMAGEMILL: LAUNCHER,
    OPENAI_API_KEY: 'simulated-key',
    OPENAI_BASE_URL: given.vendor.baseUrl,
    SHEET: given.sheet,
    OUT: given.out,
    CONCURRENCY: String(concurrency),
    ...(limit && { WINDOW_SECONDS: String(limit.windowMs / 1000) }),
    ...(limit && isLimitTold && { LIMIT_IMAGES: String(limit.images) }),
    // Where there is no limit to keep to, Imagemill has as many in flight as the others.
    ...(!limit && { IN_FLIGHT: String(concurrency) }),
    ...(given.capUsd !== undefined && { CAP_USD: given.capUsd.toFixed(2) }),
  };
}

function servicesOf(
  { needs }: Contender,
  service: Service | undefined,
  folder: string,
): Record<string, string> {
  if (needs === undefined || service === undefined) return {};
  const queue = folder.split('/').slice(-1)[0]!;
  return { [needs === 'redis' ? 'REDIS_URL' : 'DATABASE_URL']: service.url, QUEUE: queue };
}

/** Lives it, with its kill; answers whether it had to be stopped. */
async function toItsEnd(
  contender: Contender,
  folder: string,
  environment: Readonly<Record<string, string>>,
  { scenario, seed, vendor }: { scenario: Scenario; seed: number; vendor: SimulatedOpenai },
): Promise<boolean> {
  const start = () => startContender(contender, folder, environment);
  const mostMs = scenario.mostSeconds * 1000;
  let life = start();
  if (scenario.killBetween) {
    await untilMoment(scenario, seed, vendor, life.ended);
    life.kill();
    await life.ended;
    life = start();
  }
  const timeOut = new AbortController();
  const isLate = sleep(mostMs, true, { signal: timeOut.signal, ref: false }).catch(() => false);
  const wasLate = await Promise.race([life.ended.then(() => false), isLate]);
  timeOut.abort();
  if (wasLate) life.kill();
  await life.ended;
  return wasLate;
}

/** Until as many images are billed as the seed says, and a moment more. */
async function untilMoment(
  { killBetween = [0, 0], rows }: Scenario,
  seed: number,
  vendor: SimulatedOpenai,
  ended: Promise<void>,
): Promise<void> {
  const chance = chanceOf(seed, 'kill');
  const [least, most] = killBetween;
  const billed = Math.ceil(rows * (least + chance.next() * (most - least)));
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && (await vendor.bill()).length < billed) await sleep(20);
  await sleep(chance.next() * LONGEST_DELAY_MS);
}
