import type { FaultName } from '../behaviour.ts';
import { chanceOf, drawFault, drawRefusal } from '../chance.ts';
import type { PictureOrder } from '../picture.ts';
import type { VendorState } from '../simulator.ts';
import { orderPictures } from '../task-book.ts';
import type { BatchLine } from './batch-input.ts';
import { errorBody, moderationBlocked, SERVER_ERROR, type OpenaiError } from './errors.ts';
import type { FileBook } from './files.ts';
import { imageAnswer, paintAll } from './image-answer.ts';
import { readJsonEdit } from './read-edit.ts';
import { readOrder, type ImageOrder } from './read-order.ts';
import { usageOf, usdMicrosOf, type Usage } from './usage.ts';

/** What can befall one line; the rest befalls the call that creates the batch. */
export const LINE_FAULTS: readonly FaultName[] = [
  'wrongSize',
  'blank',
  'fewerImages',
  'taskFailed',
];

/** Where a line is from. */
export interface LinePlace {
  readonly batchId: string;
  readonly endpoint: string;
  readonly line: BatchLine;
  /** Its place in the order of making. */
  readonly index: number;
}

/** A line that has ended. Its pictures are not kept: they are painted again whenever it is read. */
export type LineEnd = LinePlace &
  (
    | {
        readonly kind: 'made';
        readonly at: number;
        readonly order: ImageOrder;
        readonly pictures: readonly PictureOrder[];
        readonly usage: Usage;
      }
    | { readonly kind: 'refused'; readonly error: OpenaiError }
    | { readonly kind: 'not-begun'; readonly code: 'batch_expired' | 'batch_cancelled' }
  );

/** Decides what becomes of a line, and paints and bills its pictures, at half the live price. */
export async function makeLine(
  state: VendorState,
  files: FileBook,
  place: LinePlace,
  isDelivered: boolean,
): Promise<LineEnd> {
  const { batchId, line, index } = place;
  const order = readLineOrder(files, place);
  if ('status' in order) return { ...place, kind: 'refused', error: order };
  const fault = drawLineFault(state, place);
  if (fault === 'taskFailed') return { ...place, kind: 'refused', error: SERVER_ERROR };
  const refused = drawRefusal(state.seed, order.prompt, state.behaviour.refusals);
  if (refused) return { ...place, kind: 'refused', error: moderationBlocked(refused) };
  const taskId = `${batchId.replaceAll('_', '-')}-${index}`;
  const pictures = orderPictures({
    ...order,
    taskId,
    fault,
    blur: state.blurOf(order.model, order.count),
  });
  const usage = usageOf({ ...order, images: pictures.length });
  const at = state.clock.now();
  state.bill.add({
    vendor: 'openai',
    at,
    model: order.model,
    prompt: order.prompt,
    requestKey: line.customId,
    taskId,
    images: pictures.length,
    usdMicros: Math.round(usdMicrosOf(usage) / 2),
    delivered: isDelivered,
    imageHashes: (await paintAll(pictures)).map(({ hash }) => hash),
  });
  return { ...place, kind: 'made', at, order, pictures, usage };
}

function readLineOrder(files: FileBook, { endpoint, line }: LinePlace): ImageOrder | OpenaiError {
  if (endpoint === '/v1/images/generations') return readOrder(line.body, 'generations', 0);
  const edit = readJsonEdit(line.body, files);
  return 'status' in edit ? edit : readOrder(edit.body, 'edits', edit.inputImages);
}

function drawLineFault(state: VendorState, { batchId, line }: LinePlace): FaultName | undefined {
  const random = chanceOf(state.seed, 'openai batch', batchId, line.customId);
  const fault = drawFault(random, state.behaviour.faults, []);
  return fault && LINE_FAULTS.includes(fault) ? fault : undefined;
}

/** The line as the output or the error file has it, its line feed included. */
export async function lineText(end: LineEnd): Promise<string> {
  const id = `batch_req_${end.batchId}_${end.index}`;
  const text = JSON.stringify({ id, custom_id: end.line.customId, ...(await bodyOf(end, id)) });
  return `${text}\n`;
}

async function bodyOf(end: LineEnd, id: string): Promise<Record<string, unknown>> {
  switch (end.kind) {
    case 'made': {
      const pictures = await paintAll(end.pictures);
      const body = imageAnswer(end.at, end.order, pictures, end.usage);
      return { response: { status_code: 200, request_id: id, body }, error: null };
    }
    case 'refused': {
      const { status } = end.error;
      const response = { status_code: status, request_id: id, body: errorBody(end.error) };
      return { response, error: null };
    }
    case 'not-begun':
      return { response: null, error: { code: end.code, message: NOT_BEGUN[end.code] } };
  }
  return end satisfies never;
}

const NOT_BEGUN = {
  batch_expired: 'This request could not be executed before the completion window expired.',
  batch_cancelled: 'This request was not executed because the batch was cancelled.',
};
