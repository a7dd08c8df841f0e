/** The lines of an ended batch: an output file and an error file, read line by line. */
import type OpenAI from 'openai';
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { failed } from '../failures.ts';
import { readLines } from '../line-stream.ts';
import { classify, readAnswer } from './openai-answers.ts';
import { openStream } from './openai-client.ts';
import type { BundleLine, CallContext, LaneRequest } from '../vendor.ts';

/** 256 MiB: ten 4K pictures in base64 and their JSON, as for a live answer. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

export interface ResultsReader {
  /** A client that streams. */
  readonly client: OpenAI;
  readonly scrub: (words: string) => string;
  readonly now: () => number;
}

/** The lines of `wanted` in both files, in the files' order; each is taken out of it. */
export async function* readBatchResults(
  reader: ResultsReader,
  fileIds: readonly string[],
  wanted: Map<string, LaneRequest>,
  context: CallContext,
): AsyncGenerator<BundleLine, void, undefined> {
  for (const fileId of fileIds) {
    for await (const line of linesOf(reader, fileId, context)) {
      const request = wanted.get(line.custom_id);
      if (request === undefined) continue;
      wanted.delete(line.custom_id);
      yield { key: request.key, answer: answerOf(reader, line, request) };
    }
  }
}

/** @throws when the file cannot be had, or breaks off: then the reading may be repeated */
async function* linesOf(
  { client, scrub }: ResultsReader,
  fileId: string,
  { signal }: CallContext,
): AsyncGenerator<ResultLine, void, undefined> {
  const answer = await openStream(signal, () => client.files.content(fileId, { signal }));
  if (answer.kind !== 'stream') {
    throw new Error(scrub(`The results ${fileId} cannot be read: ${answer.words}`));
  }
  let unreadable: string | undefined;
  for await (const text of readLines(answer.body, LONGEST_LINE_BYTES)) {
    if (text.trim() === '') continue;
    const line = parseLine(text);
    unreadable = line === undefined ? text.slice(0, 80) : undefined;
    if (line !== undefined) yield line;
  }
  // Anywhere else it is a line that nobody can read; at the end the file was cut.
  if (unreadable !== undefined) {
    throw new Error(scrub(`The results ${fileId} end in the middle of a line: ${unreadable}`));
  }
}

function parseLine(text: string): ResultLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function answerOf(
  { scrub, now }: ResultsReader,
  { response, error }: ResultLine,
  request: LaneRequest,
): BundleLine['answer'] {
  if (!response) return failed(failureOf(error), scrub);
  const { status_code: status, body } = response;
  if (status >= 200 && status < 300) {
    return readAnswer(body, request, 0.5) ?? failed(UNREADABLE_LINE, scrub);
  }
  const said = bodySchema.safeParse(body).data?.error;
  const failure = classify({ status, headers: new Headers(), error: said, words: '' }, now());
  return failed(lastWord(failure), scrub);
}

/** What was not begun when the batch expired or was cancelled was not made, and is not billed. */
const NOT_BEGUN = new Set(['batch_expired', 'batch_cancelled']);

function failureOf(error: ResultLine['error']): Failure {
  const words = error?.message ?? error?.code ?? 'The line has neither an answer nor an error.';
  return NOT_BEGUN.has(error?.code ?? '')
    ? { kind: 'overloaded', words }
    : { kind: 'task-failed', words };
}

/** The batch has ended: what nobody can tell now, nobody will tell later. */
function lastWord(failure: Failure): Failure {
  return failure.kind === 'unknown' ? { kind: 'task-failed', words: failure.words } : failure;
}

const UNREADABLE_LINE: Failure = { kind: 'task-failed', words: 'The line is not readable.' };

// The wire, as far as it is read.

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});
type ResultLine = z.infer<typeof lineSchema>;

const bodySchema = z.object({ error: z.unknown() });
