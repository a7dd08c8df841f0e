/** What a seed means: a sheet, vendors with their tempers, settings, and when processes die. */
import type { RunSettings } from '../../src/engine/core/settings.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import { type Random, seededRandom } from '../../src/engine/core/random.ts';
import type { Behaviour, SimulatedVendor } from '../../simulators/index.ts';
import { COMFY_MODEL, FORGE_MODEL, MANY_PROMPTS_MODEL } from './world.ts';
import { WORLD_BEGINS } from '../support/virtual-clock.ts';
import type { EngineConfig } from '../../src/engine/engine-types.ts';

export interface Scenario {
  readonly seed: number;
  /** CSV text. */
  readonly sheet: string;
  readonly settings: RunSettings;
  readonly behaviours: Partial<Record<SimulatedVendor, Behaviour>>;
  readonly config: Partial<EngineConfig>;
  /** After so many durable writes and sendings of a life it is killed; `Infinity` lets it live. */
  readonly killsAfter: readonly number[];
}

const HOUR_MS = 3_600_000;

/** Each is in about a third of the worlds. */
const MODELS = [
  'gpt-image-2',
  'flux-kontext-pro',
  'kling-v3',
  'kling-v3-omni',
  'wan2.7-image',
  'gemini-nano-banana-2.1',
];

export function scenarioOf(seed: number): Scenario {
  const random = seededRandom(seed);
  const rows = 4 + pick(random, 24);
  const models = MODELS.filter(() => random.next() < 0.3);
  if (models.length === 0) models.push(MODELS[seed % MODELS.length]!);
  // One in six: its calls carry many rows, and are refused as a whole for one of them.
  if (seed % 6 === 2) models.push(MANY_PROMPTS_MODEL);
  // One in eight: a server of one's own.
  if (seed % 8 === 5) models.push(seed % 16 === 5 ? FORGE_MODEL : COMFY_MODEL);
  const known = random.next() < 0.5;
  const imagesPerMinute = 5 + pick(random, 30);
  const klingSlots = 2 + pick(random, 8);
  const way = wayOf(random);
  return {
    seed,
    sheet: sheetOf(random, rows),
    settings: {
      ...DEFAULT_SETTINGS,
      models: way.lane === 'batch' ? withBatch(models) : models,
      ...way,
      rotateEvery: 1 + pick(random, 8),
      batchSize: 1 + pick(random, 10),
      spendingAllowed: true,
      onUnknown: random.next() < 0.3 ? 'retry' : 'hold',
      // A quarter of the runs have a budget that does not reach.
      ...(random.next() < 0.25 && { budgetCreditMicros: Math.round(rows * 0.8 * 1_000_000) }),
      ...(random.next() < 0.15 && { maxUsdMicros: 200_000 + pick(random, 600_000) }),
      ...(random.next() < 0.2 && { proof: 1 + pick(random, 4) }),
      ...(random.next() < 0.3 && { imagesPerHour: 40 + pick(random, 60) }),
    },
    behaviours: {
      openai: {
        ...temper(random, ['truncated', 'status500', 'status502', 'status504', 'fewerImages']),
        limits: { imagesPerMinute },
        announceLimits: random.next() < 0.7,
        batch: courseOf(random),
      },
      bfl: { ...temper(random, ['taskFailed', 'expiredUrl']), limits: { slots: 24 } },
      kling: { ...temper(random, ['taskFailed', 'fewerImages']), limits: { slots: klingSlots } },
      gemini: {
        ...temper(random, ['truncated', 'status500', 'status502']),
        batch: courseOf(random),
      },
      a1111: temper(random, ['truncated', 'status500']),
      comfyui: temper(random, ['taskFailed']),
      'many-prompts': temper(random, ['truncated', 'status500', 'status504', 'fewerImages']),
      dashscope: temper(random, ['taskFailed', 'fewerImages', 'expiredUrl', 'truncated']),
    },
    config: known
      ? {
          vendors: {
            openai: { limits: { 'images-per-minute': imagesPerMinute } },
            kling: { limits: { 'parallel-images': klingSlots } },
          },
        }
      : {},
    killsAfter: Array.from({ length: pick(random, 4) }, () => 1 + pick(random, 120)),
  };
}

/** The models that have a batch lane. */
const BATCH_MODELS = ['gpt-image-2', 'gemini-nano-banana-2.1'];

function withBatch(models: readonly string[]): readonly string[] {
  const some = models.filter((model) => BATCH_MODELS.includes(model));
  return some.length > 0 ? some : BATCH_MODELS;
}

/** A third of the worlds take the cheap lane; the deadlines are now early, now late. */
function wayOf(random: Random): Pick<RunSettings, 'lane'> & Partial<RunSettings> {
  const draw = random.next();
  if (draw < 0.15) return { lane: 'batch' };
  if (draw >= 0.35) return { lane: 'live' };
  const hours = [0.4, 0.8, 2, 10][pick(random, 4)]!;
  return { lane: 'auto', deadlineAt: WORLD_BEGINS + hours * HOUR_MS };
}

/** Batches that are soon done, that expire half made, or that would take days. */
function courseOf(random: Random): NonNullable<Behaviour['batch']> {
  return {
    durationMs: [5 * 60_000, 40 * 60_000, 10 * HOUR_MS][pick(random, 3)]!,
    // Sooner than the real vendor's day, so that a world is lived in a second.
    expireAfterMs: 1.5 * HOUR_MS,
    finishedShare: 0.4 + random.next() * 0.6,
  };
}

function temper(random: Random, extra: readonly string[]): Behaviour {
  const faults: Record<string, number> = {};
  const names = ['replyLost', 'status429', 'status429bare', 'status503', 'wrongSize', 'blank'];
  for (const name of [...names, ...extra]) {
    if (random.next() < 0.35) faults[name] = 0.02 + random.next() * 0.06;
  }
  const least = 200 + pick(random, 3_000);
  return {
    latencyMs: [least, least + pick(random, 12_000)],
    replyMs: [5, 50 + pick(random, 200)],
    ...(random.next() < 0.5 && { refusals: { share: random.next() * 0.25 } }),
    ...(random.next() < 0.3 && { pollError: 0.1 }),
    faults,
  };
}

/** Some rows want several images, some are the same as others. */
function sheetOf(random: Random, rows: number): string {
  const lines = ['name,prompt,count'];
  for (let number = 1; number <= rows; number += 1) {
    const twin = random.next() < 0.1 ? pick(random, number) : number;
    const count = random.next() < 0.25 ? 1 + pick(random, 4) : 1;
    lines.push(`n${number},a picture of thing ${twin},${count}`);
  }
  return `${lines.join('\n')}\n`;
}

function pick(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}
