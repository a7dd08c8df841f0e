import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { noFlags } from '../../test/support/no-flags.ts';
import { noItems, totalItems } from '../engine/core/outcome.ts';
import type { Plan } from '../engine/core/plan.ts';
import { DEFAULT_SETTINGS } from '../engine/core/settings.ts';
import type { PlanReport, RunReport } from '../engine/engine-types.ts';
import { exitCodeOf } from '../engine/exit-code.ts';
import { withoutKeys } from './environment.ts';
import { planJson, runJson } from '../api/json/run-json.ts';
import { limitName } from './limit-name.ts';
import { PlainView } from './plain-view.ts';
import { planView } from './plan-view.ts';
import type { Moment } from './progress-view.ts';
import { reportView } from './report-view.ts';
import { liveLines, plainLine, RUN_PICTURE } from './run-picture.ts';
import { durationText } from './time-text.ts';

const NOW = new Date(2026, 10, 22, 14, 3, 0).getTime();
const colours = picocolors.createColors(false);
const view = { colours, width: 80, now: NOW };
const LIMIT = 'openai:3f9a/gpt-image-2/images-per-minute';

function aMoment(change: Partial<Moment> = {}): Moment {
  return {
    progress: {
      items: { ...noItems(), delivered: 409, refused: 3, sent: 24, waiting: 1196 },
      postedCreditMicros: 981_600_000,
      heldCreditMicros: 57_600_000,
      waits: { 'gpt-image-2': { limit: LIMIT, reason: 'full', until: NOW + 18_000 } },
      now: NOW,
    },
    perMinute: 58.2,
    doneAt: NOW + 21 * 60_000,
    ...change,
  };
}

function aPlan(change: Partial<Plan> = {}): Plan {
  const amount = { creditMicros: 4_800_000, usdMicros: 106_000 };
  return {
    hash: 'a'.repeat(64),
    catalogDate: '2026-11-22',
    rows: 2,
    items: 2,
    skipped: 0,
    duplicates: 0,
    pixels: 0,
    collapsed: 0,
    quality: 'medium',
    models: [
      {
        model: 'gpt-image-2',
        vendor: 'openai',
        batches: 1,
        requests: 2,
        items: 2,
        amount,
        live: amount,
        requestSizes: { 1: 2 },
        batchRequests: 0,
      },
    ],
    lanes: { live: amount },
    low: amount,
    expected: amount,
    worst: { ...amount, usdMicros: 110_000 },
    choice: ['auto, 1024x1024: GPT-Image 2.0'],
    warnings: [],
    alternatives: [
      {
        model: 'kling-v3',
        vendor: 'kling',
        available: false,
        requests: 2,
        requestSizes: { 1: 2 },
        amount: { creditMicros: 2_660_000, usdMicros: undefined },
      },
    ],
    ...change,
  };
}

function aPlanReport(change: Partial<PlanReport> = {}): PlanReport {
  return {
    sheet: '/sheets/cats.csv',
    settings: DEFAULT_SETTINGS,
    columns: ['prompt'],
    plan: aPlan(),
    forecast: { finishMs: 33 * 60_000, blockedBy: LIMIT, assumptions: [] },
    lanes: {
      live: { amount: aPlan().expected, forecast: { finishMs: 60_000, assumptions: [] } },
    },
    quotes: [],
    alternatives: { 'kling-v3': { finishMs: 120_000, assumptions: [] } },
    warnings: ['2 rows have a negative prompt that is appended'],
    ...change,
  };
}

function aReport(change: Partial<RunReport> = {}, run: Partial<RunReport['run']> = {}): RunReport {
  const items = change.items ?? { ...noItems(), delivered: 2 };
  const state = run.state ?? 'done';
  return {
    run: {
      id: 'r7k2',
      workspace: 'local',
      title: 'cats.csv',
      sheet: '/sheets/cats.csv',
      out: '/out',
      state,
      phase: 'main',
      settings: { ...DEFAULT_SETTINGS, spendingAllowed: true },
      columns: ['prompt'],
      revision: 1,
      reading: false,
      createdAt: NOW,
      updatedAt: NOW,
      events: 1,
      postedCreditMicros: 4_800_000,
      heldCreditMicros: 0,
      actualUsdMicros: 106_000,
      heldUsdMicros: 0,
      writtenOffUsdMicros: 0,
      breaker: { outcomes: 0, refused: 0, seenAt: 0 },
      waits: {},
      ...run,
    },
    rows: 2,
    followUps: [],
    items,
    finishFailures: 0,
    exitCode: exitCodeOf({ state, items, ...(run.reason && { reason: run.reason }) }),
    estimatedUsdMicros: 106_000,
    atRisk: { requests: 0, creditMicros: 0, usdMicros: 0 },
    quality: {
      models: [],
      flags: noFlags(),
    },
    waits: {},
    bundles: [],
    byModel: [],
    refusals: [],
    hands: 0,
    ...change,
  };
}

describe('the live view', () => {
  test('shows the bar, the counts, the money, the pace and what waits until when', () => {
    const text = liveLines(aMoment(), 'Ctrl-C stops', { colours, width: 100 }).join('\n');
    expect(text).toContain('412/1,632  25 %');
    expect(text).toContain('409 delivered · 3 refused · 24 in flight · 1,196 waiting');
    expect(text).toContain(
      'spent 981.6 credits · held 57.6 · 58 a minute · done about 14:24, in 21 min',
    );
    expect(text).toContain('gpt-image-2 waits for images-per-minute until 14:03:18 (18 s)');
    expect(text).toContain('Ctrl-C stops');
  });

  test.each([20, 30, 47, 80, 200])('is never wider than a terminal of %i columns', (width) => {
    const lines = liveLines(aMoment(), 'Ctrl-C finishes what is in flight', {
      colours: picocolors.createColors(true),
      width,
    });
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThan(width);
  });

  test('a stopped lane says why', () => {
    const { progress } = aMoment();
    const waits = { 'gpt-image-2': { limit: 'vendor', reason: 'billing hard limit reached' } };
    const lines = liveLines(aMoment({ progress: { ...progress, waits } }), '', {
      colours,
      width: 90,
    });
    expect(lines.join('\n')).toContain('gpt-image-2 has stopped: billing hard limit reached');
  });
});

describe('the plain view', () => {
  test('puts all of a moment into one line', () => {
    const line = plainLine(aMoment());
    expect(line).toMatch(/^412\/1,632 \(25 %\): 409 delivered · .*; gpt-image-2 waits/);
    for (const control of ['\r', '\n', '\u001B']) expect(line).not.toContain(control);
  });

  test('speaks at each tenth and at the end, not at each image', () => {
    const lines: string[] = [];
    const plain = new PlainView((line) => lines.push(line), RUN_PICTURE);
    for (let delivered = 0; delivered <= 100; delivered += 1) {
      const items = { ...noItems(), delivered, waiting: 100 - delivered };
      const { progress } = aMoment();
      plain.show(() => ({ progress: { ...progress, items, now: NOW + delivered * 500 } }));
    }
    plain.end();
    expect(lines.length).toBeGreaterThanOrEqual(10);
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toMatch(/^100\/100 \(100 %\)/);
  });
});

describe('the plan', () => {
  test('shows what is made, what it costs, when it is done, and what it would cost elsewhere', () => {
    const text = planView(aPlanReport(), view).join('\n');
    expect(text).toContain('cats.csv  2 rows → 2 images · 1024x1024, medium');
    expect(text).toContain('Expected 4.8 credits ($0.106), at least 4.8 credits ($0.106)');
    expect(text).toContain('Done in about 33 min (at 14:36), held up by images-per-minute');
    expect(text).toContain('2 rows have a negative prompt');
    expect(text).toMatch(/kling-v3 +2\.66 +unknown +2 min +no key/);
  });

  test('says that a budget does not reach', () => {
    const settings = { ...DEFAULT_SETTINGS, budgetCreditMicros: 1_000_000 };
    expect(planView(aPlanReport({ settings }), view).join('\n')).toContain(
      'does not reach for all',
    );
  });

  test('never shows an unknown price as nothing', () => {
    const expected = { creditMicros: 4_800_000, usdMicros: undefined };
    const report = aPlanReport({ plan: aPlan({ expected, low: expected, worst: expected }) });
    expect(planView(report, view).join('\n')).toContain('4.8 credits (dollars unknown)');
    expect(planJson(report).total.expected).toEqual({ credits: 4.8, usd: null });
  });

  test('duplicates are counted, whether they are kept or made once, and are no bad rows', () => {
    const headlineOf = (change: Partial<Plan>) =>
      planView(aPlanReport({ plan: aPlan(change) }), view)[0];
    expect(headlineOf({ duplicates: 69 })).toContain('69 duplicates made as often as they stand');
    const collapsed = headlineOf({ duplicates: 69, collapsed: 69 });
    expect(collapsed).toContain('69 duplicates made once');
    expect(collapsed).not.toContain('bad row');
  });

  test('as JSON has decimal credits and dollars, and seconds', () => {
    expect(planJson(aPlanReport())).toMatchObject({
      rows: 2,
      items: 2,
      models: [
        { model: 'gpt-image-2', batches: 1, requests: 2, items: 2, credits: 4.8, usd: 0.106 },
      ],
      total: { worst: { credits: 4.8, usd: 0.11 } },
      finish_seconds: 1980,
      blocked_by: LIMIT,
      alternatives: [
        { model: 'kling-v3', credits: 2.66, usd: null, finish_seconds: 120, available: false },
      ],
    });
  });
});

describe('the report', () => {
  test('says what was refused, and how to ask in other words', () => {
    const items = { ...noItems(), delivered: 2, refused: 3 };
    const report = aReport({
      items,
      refusals: [
        { category: 'violence', stage: 'output', items: 2 },
        { category: 'unspecified', items: 1 },
      ],
    });
    const text = reportView(report, view).join('\n');
    expect(text).toContain('Refused: 2 for violence (output), 1 unspecified');
    expect(text).toContain('imagemill retry r7k2 --refused --rewrite');
    expect(runJson(report).refusals).toEqual([
      { category: 'violence', stage: 'output', items: 2 },
      { category: 'unspecified', stage: null, items: 1 },
    ]);
  });

  test('as JSON has the fields of the contract first, and every state of an item', () => {
    const json = runJson(aReport());
    expect(Object.keys(json).slice(0, 7)).toEqual([
      'run',
      'state',
      'rows',
      'items',
      'credits',
      'usd',
      'out',
    ]);
    expect(json).toMatchObject({
      run: 'r7k2',
      state: 'done',
      credits: { posted: 4.8, held: 0 },
      usd: { estimated: 0.106, actual: 0.106 },
      exit_code: 0,
    });
    const sum = Object.values(json.items).reduce((total, items) => total + items, 0);
    expect(sum).toBe(totalItems(aReport().items));
    expect(Object.keys(json.items)).toHaveLength(7);
  });

  test('says that a run waits for a word before it spends, and ends with 7', () => {
    const run = { state: 'awaiting_approval', settings: DEFAULT_SETTINGS } as const;
    const report = aReport({ exitCode: 7 }, run);
    expect(runJson(report).exit_code).toBe(7);
    expect(reportView(report, view).join('\n')).toContain('imagemill approve r7k2');
  });

  test('shows the money at risk and who decides about it', () => {
    const items = { ...noItems(), delivered: 1, unknown: 1 };
    const atRisk = { requests: 1, creditMicros: 2_400_000, usdMicros: 53_000 };
    const text = reportView(aReport({ items, atRisk }), view).join('\n');
    expect(text).toContain('At risk: 2.4 credits ($0.053) of 1 request');
    expect(text).toContain('imagemill retry r7k2 --unknown');
  });

  test('of a proof that waits for leave to spend shows no outcome yet', () => {
    const amount = { creditMicros: 0, usdMicros: 0 };
    const proof = { items: noItems(), spent: amount, likelyRest: amount, atMostRest: amount };
    const waits = { state: 'awaiting_approval', reason: 'approval' } as const;
    const report = aReport({ proof }, { ...waits, settings: DEFAULT_SETTINGS });
    expect(reportView(report, view).join('\n')).not.toContain('Proof');
  });

  test('after a proof shows what it cost and what the rest will', () => {
    const amount = { creditMicros: 24_000_000, usdMicros: 530_000 };
    const proof = {
      items: { ...noItems(), delivered: 9, refused: 1 },
      spent: amount,
      likelyRest: amount,
      atMostRest: amount,
    };
    const report = aReport({ proof }, { state: 'awaiting_approval', reason: 'approval' });
    const text = reportView(report, view).join('\n');
    expect(text).toContain(
      'Proof: 9 images delivered, 1 refused, 0 failed, for 24 credits ($0.53)',
    );
    expect(text).toContain('imagemill approve r7k2');
  });

  test('stopped by the budget says how to raise it', () => {
    const items = { ...noItems(), delivered: 1, waiting: 1 };
    const run = { state: 'stopped', reason: 'budget', budgetCreditMicros: 3_000_000 } as const;
    const text = reportView(aReport({ items }, run), view).join('\n');
    expect(text).toContain('imagemill resume r7k2 --budget CREDITS');
  });
});

test('limits are named as people know them', () => {
  expect(limitName(LIMIT)).toBe('images-per-minute');
  expect(limitName('workspace:local/images-per-hour')).toBe('images-per-hour of the workspace');
});

test.each([
  [900, '1 s'],
  [59_000, '59 s'],
  [90_000, '2 min'],
  [3_600_000 * 3 + 1_200_000, '3 h 20 min'],
  [3_600_000 * 52, '2 days 4 h'],
])('%i ms are %s', (milliseconds, words) => {
  expect(durationText(milliseconds)).toBe(words);
});

test('keys and passwords are taken out of what is shown', () => {
  const environment = { OPENAI_API_KEY: 'sk-123456', HOME: '/home/me' };
  expect(withoutKeys('bad key sk-123456 at /home/me', environment)).toBe(
    'bad key [key] at /home/me',
  );
  expect(withoutKeys('postgres://me:hidden@host/db', {})).toBe('postgres://me:[password]@host/db');
});
