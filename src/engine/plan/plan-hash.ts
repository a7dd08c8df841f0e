import { createHash } from 'node:crypto';
import type { PlannedLine } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';

/** Text is handed to the hash in pieces of about this many characters: a call a row would be slow. */
const PIECE = 16_384;

export interface PlanHash {
  add(line: PlannedLine): void;
  /** 64 hex digits, over the totals as well, so that other prices make another plan. */
  digest(totals: unknown): string;
}

/** SHA-256 over the settings that make the plan, the catalog's date and every line, in order. */
export function planHash(settings: RunSettings, catalogDate: string): PlanHash {
  const sha256 = createHash('sha256');
  let piece = `${JSON.stringify([matteringSettings(settings), catalogDate])}\n`;
  return {
    add(line) {
      piece +=
        line.kind === 'row'
          ? `${line.row.key} ${line.row.model} ${line.row.batch} ${line.row.count}\n`
          : `skipped ${line.row.number}\n`;
      if (piece.length < PIECE) return;
      sha256.update(piece);
      piece = '';
    },
    digest: (totals) => sha256.update(`${piece}${JSON.stringify(totals)}`).digest('hex'),
  };
}

/** In a fixed order. Left out: budgets, pace and delivery, which may change while a plan stands. */
function matteringSettings(settings: RunSettings): unknown[] {
  return [
    settings.models,
    [settings.size.width, settings.size.height],
    settings.quality,
    settings.count,
    settings.batchSize,
    settings.rotateEvery,
    settings.proof,
    settings.seed ?? null,
    settings.negative ?? null,
    settings.onUnknown,
    settings.negativeUnsupported,
    settings.duplicates,
    settings.skipBadRows,
    settings.lane,
    settings.keepStyle,
    settings.canary,
    settings.images,
    settings.fallback ?? null,
  ];
}
