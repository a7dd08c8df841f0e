/** Options of `mark` → what the pictures will say of themselves. Pure. */
import type { Problem } from '../../engine/core/errors.ts';
import type { MarkTask } from '../../engine/core/job.ts';
import { SOURCE_TYPES, sourceTypeOf } from '../../engine/core/source-type.ts';

export interface MarkOptions {
  readonly source?: string;
  readonly model?: string;
  readonly vendor?: string;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly seed?: string;
  readonly created?: string;
  /** False: `--no-prompt-in-files`. */
  readonly promptInFiles?: boolean;
}

export type ReadMarks = { readonly task: MarkTask } | { readonly problems: readonly Problem[] };

export function markTask(options: MarkOptions): ReadMarks {
  const { model, vendor, prompt, negativePrompt } = options;
  const problems: Problem[] = [];
  const source = options.source === undefined ? undefined : sourceTypeOf(options.source);
  if (options.source !== undefined && source === undefined) {
    problems.push({
      value: options.source,
      message: '--source is no digital source type of the IPTC',
      remedy: `Write one of ${Object.keys(SOURCE_TYPES).join(', ')}.`,
    });
  }
  const seed = options.seed === undefined ? undefined : Number(options.seed);
  if (options.seed !== undefined && !(/^\d+$/.test(options.seed) && Number.isSafeInteger(seed))) {
    problems.push({
      value: options.seed,
      message: '--seed is no whole number',
      remedy: 'Write the number that the picture was made with.',
    });
  }
  const created = options.created === undefined ? undefined : Date.parse(options.created);
  if (options.created !== undefined && Number.isNaN(created)) {
    problems.push({
      value: options.created,
      message: '--created is no date',
      remedy: 'Write it like 2026-11-22 or 2026-11-22T14:03:00Z.',
    });
  }
  const withoutPrompt = options.promptInFiles === false;
  if (withoutPrompt && (prompt !== undefined || negativePrompt !== undefined)) {
    problems.push({
      message: 'A prompt is to be written, and none is to be',
      remedy: 'Leave out --no-prompt-in-files, or the prompt.',
    });
  }
  if (problems.length > 0) return { problems };
  return {
    task: {
      kind: 'mark',
      marks: {
        ...(source !== undefined && { source }),
        ...(model !== undefined && { model }),
        ...(vendor !== undefined && { vendor }),
        ...(prompt !== undefined && { prompt }),
        ...(negativePrompt !== undefined && { negativePrompt }),
        ...(seed !== undefined && { seed }),
        ...(created !== undefined && { createdAt: new Date(created).toISOString() }),
      },
      ...(withoutPrompt && { withoutPrompt }),
    },
  };
}
