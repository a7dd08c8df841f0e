/** New files by a recipe. */
import type { Finisher, MarkOrder } from '../core/finisher.ts';
import type { FinishTask } from '../core/job.ts';
import { FILES_REPORT } from './job-report-sheet.ts';
import type { JobSource, JobWork } from './job-work.ts';

export function finishWork(finisher: Pick<Finisher, 'finish'>, task: FinishTask): JobWork {
  return {
    perform: async ({ bytes, marks, item }) => {
      const finished = await finisher.finish(bytes, {
        recipe: task.recipe,
        // A run's image is finished as the run itself would do it.
        ...(item !== undefined && { size: item.size }),
        marks: markOrder(task, marks),
      });
      if (finished.kind === 'unusable') return { kind: 'failed', reason: finished.reason };
      return { kind: 'done', files: finished.files };
    },
    report: FILES_REPORT,
  };
}

function markOrder({ marks: wanted }: FinishTask, known: JobSource['marks']): MarkOrder {
  if (wanted === 'none') return { kind: 'none' };
  const prompts = wanted === 'no-prompt' ? ({ withoutPrompts: true } as const) : {};
  return known === undefined
    ? { kind: 'keep', ...prompts }
    : { kind: 'write', marks: known, ...prompts };
}
