import type { Model } from '../core/model.ts';
import type { RunSettings } from '../core/settings.ts';

export interface Batches {
  /** Puts a prompt into its model's open batch, or opens one. Returns the batch's number, from 1. */
  add(model: Model): number;
  /** Closes the model's open batch: its turn is over. */
  close(model: Model): void;
}

/** Batches of at most `batchSize` prompts, never above the model's own maximum; numbers as opened. */
export function makeBatches(batchSize: RunSettings['batchSize']): Batches {
  const open = new Map<string, { number: number; prompts: number }>();
  let last = 0;
  return {
    add(model) {
      const most = Math.min(
        batchSize === 'max' ? model.batchMaximum : batchSize,
        model.batchMaximum,
      );
      let batch = open.get(model.id);
      if (!batch || batch.prompts >= most) {
        batch = { number: (last += 1), prompts: 0 };
        open.set(model.id, batch);
      }
      batch.prompts += 1;
      return batch.number;
    },
    close: (model) => void open.delete(model.id),
  };
}
