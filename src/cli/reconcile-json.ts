/** What `imagemill reconcile --json` prints; what nobody knows is null. */
import { fromMicros } from '../engine/core/credits.ts';
import {
  type Reconciliation,
  type ReportComparison,
  surplusOf,
  type TaskDifference,
  type VendorReconciliation,
} from '../engine/core/reconciliation.ts';

export function reconcileJson({ runId, vendors }: Reconciliation, exitCode: number) {
  return { run: runId, exit_code: exitCode, vendors: vendors.map(vendorJson) };
}

function vendorJson({ vendor, from, to, ledger, report, verdict, hints }: VendorReconciliation) {
  return {
    vendor,
    from: isoTime(from),
    to: isoTime(to),
    verdict,
    ledger: {
      requests: ledger.requests,
      images: ledger.images,
      usd: fromMicros(ledger.usdMicros),
      unknown_requests: ledger.unknownRequests,
      open_requests: ledger.openRequests,
    },
    report: reportJson(report),
    hints,
  };
}

function reportJson(report: ReportComparison) {
  switch (report.kind) {
    case 'none':
      return { kind: report.kind };
    case 'unavailable':
      return { kind: report.kind, words: report.words };
    case 'tasks':
      return {
        kind: report.kind,
        matched: report.matched,
        other_runs: report.otherRuns,
        ledger_usd: fromMicros(report.ledgerUsdMicros),
        report_usd: fromMicros(report.reportUsdMicros),
        differing: report.differing.map(taskJson),
        only_ledger: report.onlyLedger.map(taskJson),
        only_report: report.onlyReport.map(taskJson),
        unknown_billed: report.unknownBilled.map(taskJson),
      };
    case 'sums':
      return {
        kind: report.kind,
        images: report.images.map((sum) => ({
          model: sum.model,
          ledger: sum.ledgerImages,
          at_the_edge: sum.edgeImages,
          unknown: sum.unknownImages,
          report: sum.reportImages,
          more: surplusOf(sum),
        })),
        costs: report.costs.map((sum) => ({
          model: sum.model,
          from: isoTime(sum.from),
          to: isoTime(sum.to),
          ledger_usd: fromMicros(sum.ledgerUsdMicros),
          report_usd: fromMicros(sum.reportUsdMicros),
        })),
      };
  }
  return report satisfies never;
}

function taskJson({ ref, attemptId, at, ledgerUsdMicros, reportUsdMicros }: TaskDifference) {
  return {
    ref: ref ?? null,
    attempt: attemptId ?? null,
    at: isoTime(at),
    ledger_usd: ledgerUsdMicros === undefined ? null : fromMicros(ledgerUsdMicros),
    report_usd: reportUsdMicros === undefined ? null : fromMicros(reportUsdMicros),
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
