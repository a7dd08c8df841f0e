import type { BillEntry } from '../bill.ts';
import { drawRefusal } from '../chance.ts';
import { paintPicture } from '../picture.ts';
import { uuidFor } from '../reply.ts';
import { addressesOf } from '../result-files.ts';
import type { Call, VendorState } from '../simulator.ts';
import { orderPictures, type Task } from '../task-book.ts';
import { RISK_CONTROL } from './errors.ts';
import type { ImageOrder } from './read-order.ts';

/** $0.028 an image of 8 units. */
export const USD_MICROS_PER_UNIT = 3_500;
const RESULT_VALID_MS = 30 * 24 * 3_600_000;

export interface KlingTask extends Task {
  /** The interface that it was ordered at: it is found there only. */
  readonly path: string;
  readonly unitsPerImage: number;
}

export function createTask(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  durationMs: number,
): KlingTask {
  const { fault } = call.log;
  const { path, model, prompt, size, count, key, unitsPerImage } = order;
  const id = uuidFor(call);
  const isRefused = refusalOf(state, prompt) !== undefined;
  if (isRefused) call.log.moderated = true;
  const isReady = !isRefused && fault !== 'taskFailed';
  const createdAt = state.clock.now();
  const blur = state.blurOf(model, count);
  const pictures = orderPictures({ taskId: id, prompt, size, format: 'png', count, fault, blur });
  return {
    id,
    ...(key === undefined ? {} : { key }),
    path,
    model,
    prompt,
    createdAt,
    endsAt: createdAt + durationMs,
    end: isReady ? 'ready' : isRefused ? 'refused-output' : 'failed',
    pictures: isReady ? pictures : [],
    expiredAddresses: fault === 'expiredUrl' ? 1 : 0,
    unitsPerImage,
  };
}

export async function billFor(state: VendorState, task: KlingTask): Promise<BillEntry> {
  const pictures = await Promise.all(task.pictures.map(paintPicture));
  const entry: BillEntry = {
    vendor: 'kling',
    at: task.createdAt,
    model: task.model,
    prompt: task.prompt,
    ...(task.key === undefined ? {} : { requestKey: task.key }),
    taskId: task.id,
    images: pictures.length,
    usdMicros: unitsOf(task) * USD_MICROS_PER_UNIT,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

/** A task as Kling shows it: submitted, processing, succeed or failed. */
export function describe(
  state: VendorState,
  task: KlingTask,
  origin: string,
): Record<string, unknown> {
  const now = state.clock.now();
  const isOver = now >= task.endsAt;
  const base = {
    task_id: task.id,
    task_info: task.key === undefined ? {} : { external_task_id: task.key },
    created_at: task.createdAt,
    updated_at: isOver ? task.endsAt : now,
  };
  if (!isOver) {
    const isQueued = now - task.createdAt < (task.endsAt - task.createdAt) / 10;
    return { ...base, task_status: isQueued ? 'submitted' : 'processing' };
  }
  if (task.end === 'failed') {
    return { ...base, task_status: 'failed', task_status_msg: 'Image generation failed' };
  }
  if (task.end !== 'ready') {
    return { ...base, task_status: 'failed', task_status_msg: RISK_CONTROL.message };
  }
  return { ...base, task_status: 'succeed', ...resultOf(state, task, origin) };
}

export function refusalOf(state: VendorState, prompt: string): 'input' | 'output' | undefined {
  return drawRefusal(state.seed, prompt, state.behaviour.refusals);
}

function resultOf(state: VendorState, task: KlingTask, origin: string): Record<string, unknown> {
  const price = ((unitsOf(task) * USD_MICROS_PER_UNIT) / 1_000_000).toFixed(3);
  const urls = addressesOf(state, task, origin, RESULT_VALID_MS);
  return {
    task_result: { images: urls.map((url, index) => ({ index, url })) },
    final_unit_deduction: String(unitsOf(task)),
    final_balance_deduction: { quota: price, list_price: price },
  };
}

function unitsOf(task: KlingTask): number {
  return task.pictures.length * task.unitsPerImage;
}
