/** Reads the file of a batch into a sheet, or tells everything that is wrong with it. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from '../../api/zod.ts';
import { MOST_BATCH_LINES } from '../../api/schemas/openai-file.ts';
import {
  editImageSchema,
  generateImageSchema,
  type ImageBody,
} from '../../api/schemas/openai-image.ts';
import type { Engine } from '../../engine/engine-types.ts';
import type { BatchProblem, OpenaiBatch } from '../../engine/index.ts';
import { factsOf } from './answer-openai-error.ts';
import { type ImageOrder, readImageOrder } from './image-order.ts';
import { invalid } from './openai-error.ts';
import { type FileLine, readLines } from './read-lines.ts';
import { keepReference, noReference, referencesOf } from './references.ts';
import { rowOf } from './run-settings.ts';

/** OpenAI's own bound of a batch's file. */
const MOST_FILE_BYTES = 200 * 2 ** 20;
/** A line with pictures of its own as data: URLs. */
const MOST_LINE_BYTES = 64 * 2 ** 20;
const MOST_PROBLEMS = 1_000;

const lineSchema = z.strictObject({
  custom_id: z.string().min(1).max(512),
  method: z.literal('POST'),
  url: z.string().max(200),
  body: z.record(z.string(), z.unknown()),
});

export interface BatchInput {
  /** Path of the sheet. */
  readonly sheet: string;
  /** Line of the file by row of the sheet, both counted from 1. */
  readonly lineOf: (row: number) => number | null;
}

export interface BatchSource {
  readonly engine: Engine;
  readonly batch: OpenaiBatch;
  /** Where the sheet and its pictures are put. */
  readonly folder: string;
}

/** All problems at once, or the sheet. */
export async function readBatchInput(source: BatchSource): Promise<BatchInput | BatchProblem[]> {
  const { engine, batch, folder } = source;
  const file = await engine.service.files.find(batch.workspace, batch.inputFile);
  if (file === undefined) return [whole('invalid_file', 'The input file is not there any more.')];
  const path = await engine.service.files.place(file);
  if ((await stat(path)).size > MOST_FILE_BYTES) {
    return [whole('file_too_large', `The input file has more than ${MOST_FILE_BYTES} bytes.`)];
  }
  await mkdir(folder, { recursive: true });
  const sheet = join(folder, 'rows.jsonl');
  const reader = new InputReader(source, path);
  await pipeline(reader.rows(), createWriteStream(sheet, { flush: true }));
  const { problems, lines } = reader;
  if (problems.length === 0 && lines.length === 0) {
    return [whole('empty_file', 'The input file has no requests.')];
  }
  return problems.length > 0 ? problems : { sheet, lineOf: (row) => lines[row - 1] ?? null };
}

class InputReader {
  readonly problems: BatchProblem[] = [];
  /** The line of each row. */
  readonly lines: number[] = [];
  readonly #source: BatchSource;
  readonly #path: string;
  readonly #ids = new Set<string>();

  constructor(source: BatchSource, path: string) {
    this.#source = source;
    this.#path = path;
  }

  /** Each row as a line of JSON; none any more once there was a problem. */
  async *rows(): AsyncGenerator<string> {
    for await (const line of readLines(this.#path, MOST_LINE_BYTES)) {
      if (this.lines.length >= MOST_BATCH_LINES) {
        this.problems.push(tooMany(line.line));
        return;
      }
      this.lines.push(line.line);
      const row = await this.#rowOf(line).catch((error: unknown) => this.#note(line, error));
      if (row !== undefined && this.problems.length === 0) yield `${JSON.stringify(row)}\n`;
      if (this.problems.length >= MOST_PROBLEMS) return;
    }
  }

  #note({ line }: FileLine, error: unknown): undefined {
    const { status, code, message, param } = factsOf(error);
    // A broken disk is not the file's fault.
    if (status >= 500) throw error;
    this.problems.push({ code, message, param: param ?? null, line });
  }

  async #rowOf(line: FileLine): Promise<Record<string, unknown>> {
    const request = lineSchema.parse(parse(line));
    const { custom_id: customId, url } = request;
    if (this.#ids.has(customId)) {
      throw invalid(
        'custom_id',
        'duplicate_custom_id',
        `The custom_id '${customId}' was used before.`,
      );
    }
    this.#ids.add(customId);
    if (url !== this.#source.batch.endpoint) {
      const { endpoint } = this.#source.batch;
      throw invalid(
        'url',
        'mismatched_endpoint',
        `The url must be the batch's endpoint, ${endpoint}.`,
      );
    }
    const [order, body] = this.#orderOf(request.body);
    const row = rowOf(order, await this.#references(body));
    const { picture, answer } = order;
    return {
      ...row,
      custom_id: customId,
      output_format: picture.format ?? '',
      output_compression: picture.quality ?? '',
      response_format: answer,
    };
  }

  #orderOf(raw: Readonly<Record<string, unknown>>): [ImageOrder, ImageBody] {
    const isEdit = this.#source.batch.endpoint.endsWith('/edits');
    const body = (isEdit ? editImageSchema : generateImageSchema).parse(raw) as ImageBody;
    const order = readImageOrder(this.#source.engine, isEdit ? 'edits' : 'generations', body);
    if (order.isStream) {
      throw invalid('stream', 'unsupported_parameter', 'A batch does not stream: leave it out.');
    }
    if (isEdit && referencesOf(body).length === 0) throw noReference();
    return [order, body];
  }

  async #references(body: ImageBody): Promise<string[]> {
    const { engine, batch, folder } = this.#source;
    const names: string[] = [];
    for (const [at, source] of referencesOf(body).entries()) {
      const name = `row-${this.lines.length}-${at + 1}`;
      names.push(await keepReference(engine, source, { workspace: batch.workspace, folder, name }));
    }
    return names;
  }
}

function parse({ text }: FileLine): unknown {
  if (text === undefined) {
    throw invalid(undefined, 'line_too_long', `The line has more than ${MOST_LINE_BYTES} bytes.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(undefined, 'invalid_json_line', 'This line is not parseable as valid JSON.');
  }
}

function tooMany(line: number): BatchProblem {
  const message = `The input file has more than ${MOST_BATCH_LINES} requests.`;
  return { code: 'too_many_requests', message, param: null, line };
}

export function whole(code: string, message: string): BatchProblem {
  return { code, message, param: null, line: null };
}
