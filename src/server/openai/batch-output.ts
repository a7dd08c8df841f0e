/** The files of a batch that has ended, line by line in OpenAI's format, in memory of a line's images. */
import { FILE_FORMATS } from '../../engine/core/quality.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { StoredRun } from '../../engine/engine-types.ts';
import { type AnswerDeps, type AnswerWish, imagesAnswer } from './answer-images.ts';
import { openaiErrorBody } from './answer-openai-error.ts';
import { callError } from './call-error.ts';

/** Why lines were not begun. */
export type NotBegun = 'batch_expired' | 'batch_cancelled' | 'not_made';

export interface BatchOutput extends AnswerDeps {
  readonly run: StoredRun;
  readonly notBegun: NotBegun;
}

/** Lines of the output file (requests with an image), or of the error file (those without). */
export async function* outputLines(
  output: BatchOutput,
  which: 'output' | 'errors',
): AsyncGenerator<string> {
  for await (const records of rowsOf(output)) {
    const delivered = records.filter(({ state }) => state === 'delivered');
    const isGood = delivered.length > 0;
    if (isGood !== (which === 'output')) continue;
    const [first] = records;
    if (first === undefined) continue;
    const line = isGood
      ? await goodLine(output, first, delivered)
      : badLine(output, first, records);
    yield `${JSON.stringify(line)}\n`;
  }
}

/** The images of a row come one after the other. */
async function* rowsOf({ engine, run }: BatchOutput): AsyncGenerator<ItemRecord[]> {
  let row: ItemRecord[] = [];
  for await (const record of engine.items(run.id)) {
    if (row.length > 0 && row[0]?.row.number !== record.row.number) {
      yield row;
      row = [];
    }
    row.push(record);
  }
  if (row.length > 0) yield row;
}

async function goodLine(
  output: BatchOutput,
  first: ItemRecord,
  delivered: readonly ItemRecord[],
): Promise<object> {
  const body = await imagesAnswer(output, output.run, delivered, wishOf(first));
  return lineOf(output, first, { response: responseOf(output, first, 200, body) });
}

function badLine(output: BatchOutput, first: ItemRecord, records: readonly ItemRecord[]): object {
  const { notBegun, run } = output;
  const hasOutcome = records.some(({ state }) => state !== 'cancelled' && state !== 'waiting');
  if (!hasOutcome) {
    return lineOf(output, first, {
      error: { code: notBegun, message: messageOf(output, records) },
    });
  }
  const { facts } = callError(run, records);
  const body = openaiErrorBody(facts);
  return lineOf(output, first, { response: responseOf(output, first, facts.status, body) });
}

function messageOf({ notBegun, run }: BatchOutput, [first]: readonly ItemRecord[]): string {
  switch (notBegun) {
    case 'batch_expired':
      return 'This request could not be executed before the completion window ended.';
    case 'batch_cancelled':
      return 'This request was not begun before the batch was cancelled.';
    case 'not_made':
      return `The run stopped before this request: ${run.reasonText ?? first?.reason ?? 'no reason was given'}.`;
  }
}

interface LineEnd {
  readonly response?: object;
  readonly error?: { readonly code: string; readonly message: string };
}

function lineOf({ run }: BatchOutput, first: ItemRecord, { response, error }: LineEnd): object {
  return {
    id: requestId(run, first),
    custom_id: first.row.cells['custom_id'] ?? '',
    response: response ?? null,
    error: error ?? null,
  };
}

function responseOf({ run }: BatchOutput, first: ItemRecord, status: number, body: object): object {
  return { status_code: status, request_id: requestId(run, first), body };
}

function requestId(run: StoredRun, { row }: ItemRecord): string {
  return `batch_req_${run.id}_${row.number}`;
}

/** What the line asked for, as its row of the sheet says it. */
function wishOf({ row: { cells }, quality }: ItemRecord): AnswerWish {
  const format = FILE_FORMATS.find((each) => each === cells['output_format']);
  const compression = Number(cells['output_compression'] ?? '');
  return {
    answer: cells['response_format'] === 'url' ? 'url' : 'b64_json',
    quality: quality as AnswerWish['quality'],
    picture: {
      ...(format !== undefined && { format }),
      ...(compression > 0 && { quality: compression }),
    },
  };
}
