import type { ItemRecord, RunFacts } from '../../src/engine/core/item-record.ts';

/** A delivered item with defaults for everything that a test does not care about. */
export function itemRecord(
  changes: Partial<Omit<ItemRecord, 'row'>> & { readonly row?: Partial<ItemRecord['row']> } = {},
): ItemRecord {
  const number = changes.row?.number ?? 1;
  const index = changes.index ?? 1;
  const prompt = changes.row?.prompt ?? 'A mountain lake at dawn';
  return {
    itemId: `item-${number}-${index}`,
    index,
    count: 1,
    model: 'demo',
    vendor: 'demo',
    sentPrompt: prompt,
    size: { width: 64, height: 64 },
    quality: 'medium',
    state: 'delivered',
    creditMicros: 2_400_000,
    usdMicros: 53_000,
    attempt: 1,
    ...changes,
    row: { number, line: number + 1, prompt, cells: { prompt }, ...changes.row },
  };
}

export const RUN_FACTS: RunFacts = {
  runId: 'run-abc',
  planHash: 'f00d',
  createdAt: Date.UTC(2026, 10, 22, 22, 56, 39),
  generator: 'Imagemill 0.1.0',
};
