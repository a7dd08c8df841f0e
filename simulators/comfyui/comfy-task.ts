import type { FaultName } from '../behaviour.ts';
import type { PictureOrder } from '../picture.ts';
import { orderPictures } from '../task-book.ts';
import type { ImageOrder, Workflow } from './read-workflow.ts';

/** A task in the queue, in work, or in the history, by its time. */
export interface ComfyTask {
  readonly number: number;
  readonly id: string;
  readonly workflow: Workflow;
  readonly extraData: Readonly<Record<string, unknown>>;
  readonly order: ImageOrder;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly fails: boolean;
  readonly pictures: readonly PictureOrder[];
}

/** File names count up over all tasks: `ComfyUI_00001_.png`. */
export function picturesOf(
  id: string,
  order: ImageOrder,
  fault: FaultName | undefined,
  blur: number | undefined,
) {
  const asked = { taskId: id, prompt: order.prompt, size: order.size, count: order.count };
  return orderPictures({ ...asked, format: 'png', fault, blur });
}

/** `[number, id, workflow, extra data, outputs]`, as the queue and the history have it. */
export function tupleOf({ number, id, workflow, extraData, order }: ComfyTask): unknown[] {
  return [number, id, workflow, extraData, order.outputs];
}

export function entryOf(task: ComfyTask, files: readonly string[]): unknown {
  const [output = '9'] = task.order.outputs;
  const start = ['execution_start', { prompt_id: task.id, timestamp: task.startsAt }];
  const images = files.map((filename) => ({ filename, subfolder: '', type: 'output' }));
  return task.fails
    ? {
        prompt: tupleOf(task),
        outputs: {},
        status: { status_str: 'error', completed: false, messages: [start, outOfMemory(task)] },
      }
    : {
        prompt: tupleOf(task),
        outputs: { [output]: { images } },
        status: { status_str: 'success', completed: true, messages: [start] },
      };
}

function outOfMemory(task: ComfyTask): unknown[] {
  const error = {
    prompt_id: task.id,
    node_id: '3',
    node_type: 'KSampler',
    executed: [],
    exception_message: 'Allocation on device \n',
    exception_type: 'torch.OutOfMemoryError',
    traceback: [],
    timestamp: task.endsAt,
  };
  return ['execution_error', error];
}
