import type { BillEntry } from '../bill.ts';
import { drawRefusal } from '../chance.ts';
import { paintPicture } from '../picture.ts';
import { uuidFor } from '../reply.ts';
import { addressesOf } from '../result-files.ts';
import type { Call, VendorState } from '../simulator.ts';
import { orderPictures, type Task } from '../task-book.ts';
import { DASHSCOPE_ERRORS } from './error-codes.ts';
import type { ImageOrder } from './read-order.ts';

/** Tasks and addresses live for a day after the task's end. */
const LIFE_MS = 24 * 3_600_000;
/** The vendor writes times of its own zone, UTC+8. */
const ZONE_MS = 8 * 3_600_000;

export interface WanTask extends Task {
  readonly usdMicrosPerImage: number;
  /** When it leaves the queue: until then it can be cancelled. */
  readonly startsAt: number;
  isCancelled: boolean;
}

export function createTask(
  state: VendorState,
  call: Call,
  order: ImageOrder,
  durationMs: number,
): WanTask {
  const { fault } = call.log;
  const { model, prompt, size, count } = order;
  const id = uuidFor(call);
  const isRefused = drawRefusal(state.seed, prompt, state.behaviour.refusals) !== undefined;
  if (isRefused) call.log.moderated = true;
  const blur = state.blurOf(model.id, count);
  const pictures = orderPictures({ taskId: id, prompt, size, format: 'png', count, fault, blur });
  // One picture is enough for a success; none is a failure.
  const isReady = !isRefused && fault !== 'taskFailed' && pictures.length > 0;
  const createdAt = state.clock.now();
  return {
    id,
    model: model.id,
    prompt,
    createdAt,
    startsAt: createdAt + durationMs / 10,
    endsAt: createdAt + durationMs,
    end: isReady ? 'ready' : isRefused ? 'refused-output' : 'failed',
    pictures: isReady ? pictures : [],
    expiredAddresses: fault === 'expiredUrl' ? 1 : 0,
    usdMicrosPerImage: model.usdMicrosPerImage,
    isCancelled: false,
  };
}

export async function billFor(state: VendorState, task: WanTask): Promise<BillEntry> {
  const pictures = await Promise.all(task.pictures.map(paintPicture));
  const entry: BillEntry = {
    vendor: 'dashscope',
    at: task.createdAt,
    model: task.model,
    prompt: task.prompt,
    taskId: task.id,
    images: pictures.length,
    usdMicros: pictures.length * task.usdMicrosPerImage,
    delivered: false,
    imageHashes: pictures.map((picture) => picture.hash),
  };
  state.bill.add(entry);
  return entry;
}

/** Takes a task out of the queue, and off the bill; false when it is not waiting there. */
export function cancel(state: VendorState, task: WanTask): boolean {
  if (task.isCancelled || state.clock.now() >= task.startsAt) return false;
  task.isCancelled = true;
  state.bill.withdraw(task.id);
  return true;
}

/** What an answer about a task says besides its `request_id`. */
export function describe(
  state: VendorState,
  id: string,
  task: WanTask | undefined,
  origin: string,
): Record<string, unknown> {
  const now = state.clock.now();
  if (!task || now > task.endsAt + LIFE_MS) {
    return { output: { task_id: id, task_status: 'UNKNOWN' } };
  }
  const queued = { task_id: task.id, submit_time: timeText(task.createdAt) };
  if (task.isCancelled) return { output: { ...queued, task_status: 'CANCELED' } };
  if (now < task.startsAt) return { output: { ...queued, task_status: 'PENDING' } };
  const started = { ...queued, scheduled_time: timeText(task.startsAt) };
  if (now < task.endsAt) return { output: { ...started, task_status: 'RUNNING' } };
  const ended = { ...started, end_time: timeText(task.endsAt) };
  switch (task.end) {
    case 'refused-input':
    case 'refused-output': {
      const message = 'Output data may contain inappropriate content.';
      return { output: { ...ended, ...failure('DataInspectionFailed', message) } };
    }
    case 'failed':
      return { output: { ...ended, ...failure('InternalError', INTERNAL_ERROR) } };
    case 'ready':
      return { output: { ...ended, ...resultOf(state, task, origin) }, usage: usageOf(task) };
  }
}

const INTERNAL_ERROR = DASHSCOPE_ERRORS.InternalError.message;

function failure(code: string, message: string): Record<string, unknown> {
  return { task_status: 'FAILED', code, message };
}

function resultOf(state: VendorState, task: WanTask, origin: string): Record<string, unknown> {
  const leftMs = task.endsAt + LIFE_MS - state.clock.now();
  const choices = addressesOf(state, task, origin, leftMs).map((image) => ({
    finish_reason: 'stop',
    message: { role: 'assistant', content: [{ image, type: 'image' }] },
  }));
  return { task_status: 'SUCCEEDED', finished: true, choices };
}

function usageOf(task: WanTask): Record<string, unknown> {
  const { width, height } = task.pictures[0]!.size;
  return { image_count: task.pictures.length, size: `${width}*${height}` };
}

/** `2026-03-31 19:57:58.840`. */
function timeText(at: number): string {
  return new Date(at + ZONE_MS).toISOString().slice(0, 23).replace('T', ' ');
}
