import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type {
  ReportComparison,
  TaskComparison,
  VendorReconciliation,
} from '../engine/core/reconciliation.ts';
import { reconcileExitCode } from './commands/reconcile.ts';
import { reconcileJson } from './reconcile-json.ts';
import { reconcileView } from './reconcile-view.ts';

const NOW = new Date(2026, 10, 22, 14, 3, 0).getTime();
const view = { colours: picocolors.createColors(false), width: 100, now: NOW };

function reconciled(change: Partial<VendorReconciliation> = {}): VendorReconciliation {
  return {
    vendor: 'kling',
    from: NOW - 600_000,
    to: NOW,
    ledger: { requests: 3, images: 6, usdMicros: 168_000, unknownRequests: 1, openRequests: 0 },
    report: { kind: 'none' },
    verdict: 'not-compared',
    hints: [],
    ...change,
  };
}

function tasks(change: Partial<TaskComparison> = {}): TaskComparison {
  return {
    kind: 'tasks',
    matched: 3,
    differing: [],
    onlyLedger: [],
    onlyReport: [],
    unknownBilled: [],
    otherRuns: 2,
    ledgerUsdMicros: 168_000,
    reportUsdMicros: 168_000,
    ...change,
  };
}

function shown(...vendors: VendorReconciliation[]): string {
  const lines = reconcileView({ runId: 'r1', vendors }, (name) => name.toUpperCase(), view);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(100);
  return lines.join('\n');
}

describe('the view of a reconciliation', () => {
  test('says that all agrees, and how much of it is of other runs', () => {
    const text = shown(reconciled({ report: tasks(), verdict: 'agrees' }));
    expect(text).toContain('KLING  13:53:00 to 14:03:00');
    expect(text).toContain('Ledger  3 requests, 6 images, $0.168; 1 of unknown end');
    expect(text).toMatch(
      /✔ agrees: 3 tasks found with the same amount, \$0\.168 of\s+\$0\.168; 2 tasks of/,
    );
  });

  test('lists what differs, and what it probably is', () => {
    const report = tasks({
      matched: 1,
      differing: [{ ref: 'task-7', at: NOW, ledgerUsdMicros: 28_000, reportUsdMicros: 56_000 }],
      onlyReport: [{ ref: 'task-9', at: NOW, reportUsdMicros: 28_000 }],
    });
    const text = shown(reconciled({ report, verdict: 'differs', hints: ['Who else?'] }));
    expect(text).toContain('✘ differs');
    expect(text).toMatch(/task-7 +14:03:00 +\$0\.028 +\$0\.056 +other amount/);
    expect(text).toMatch(/task-9 +14:03:00 +- +\$0\.028 +only in the report/);
    expect(text).toContain('→ Who else?');
  });

  test('shows twenty of many differences', () => {
    const onlyReport = Array.from({ length: 30 }, (_, place) => ({ ref: `t-${place}`, at: NOW }));
    const text = shown(reconciled({ report: tasks({ onlyReport }), verdict: 'differs' }));
    expect(text.match(/only in the report/g)).toHaveLength(20);
    expect(text).toContain('and 10 more (see --json)');
  });

  test('shows sums of images, and of days', () => {
    const report: ReportComparison = {
      kind: 'sums',
      images: [
        {
          model: 'gpt-image-2',
          ledgerImages: 10,
          edgeImages: 0,
          unknownImages: 2,
          reportImages: 12,
        },
      ],
      costs: [
        {
          model: 'gpt-image-2',
          from: Date.UTC(2026, 10, 22),
          to: Date.UTC(2026, 10, 23),
          ledgerUsdMicros: 530_000,
          reportUsdMicros: 700_000,
        },
      ],
    };
    const text = shown(reconciled({ vendor: 'openai', report, verdict: 'differs' }));
    expect(text).toMatch(/gpt-image-2 +10 +0 +2 +12 +2/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'on 2026-11-22 (UTC), all programs of the account: $0.70 billed; this store knows of $0.53',
    );
  });

  test('names vendors without a report, and reports that could not be had', () => {
    expect(shown(reconciled())).toContain('KLING has no usage report');
    const report = { kind: 'unavailable', words: 'Set KLING_API_KEY.' } as const;
    expect(shown(reconciled({ report }))).toContain('could not be had: Set KLING_API_KEY.');
    expect(shown()).toContain('nothing to compare');
  });
});

test('the exit code tells agreement, difference, and what could not be had', () => {
  const code = (...vendors: VendorReconciliation[]) => reconcileExitCode({ runId: 'r1', vendors });
  const agrees = reconciled({ verdict: 'agrees' });
  const lacking = reconciled({ report: { kind: 'unavailable', words: 'no key' } });
  expect(code(agrees, reconciled())).toBe(0);
  expect(code(agrees, lacking)).toBe(8);
  expect(code(lacking, reconciled({ verdict: 'differs' }))).toBe(9);
});

test('the JSON has every difference, and null for what nobody knows', () => {
  const report = tasks({ unknownBilled: [{ attemptId: 'a-1', at: NOW, reportUsdMicros: 28_000 }] });
  const vendors = [reconciled({ report, verdict: 'differs' })];
  expect(reconcileJson({ runId: 'r1', vendors }, 9)).toMatchObject({
    run: 'r1',
    exit_code: 9,
    vendors: [
      {
        vendor: 'kling',
        verdict: 'differs',
        ledger: { usd: 0.168, unknown_requests: 1 },
        report: {
          matched: 3,
          unknown_billed: [{ ref: null, attempt: 'a-1', ledger_usd: null, report_usd: 0.028 }],
        },
      },
    ],
  });
});
