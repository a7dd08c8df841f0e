/** Which work a job's task is. */
import type { JobTask } from '../core/job.ts';
import type { EnginePorts } from '../engine.ts';
import { checkWork } from './check-work.ts';
import { finishWork } from './finish-work.ts';
import type { JobWork } from './job-work.ts';
import { markWork } from './mark-work.ts';

export function workOf(task: JobTask, ports: EnginePorts): JobWork {
  const { finisher } = ports;
  switch (task.kind) {
    case 'finish':
      return finishWork(finisher, task);
    case 'mark':
      return markWork(finisher, task);
    case 'check':
      return checkWork(ports, task);
    default:
      return task satisfies never;
  }
}
