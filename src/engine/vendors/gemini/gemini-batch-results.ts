/** The results of a batch: a JSONL file of up to gigabytes, read line by line. */
import { z } from 'zod';
import { failed } from '../failures.ts';
import { readAnswer, UNREADABLE } from './gemini-answers.ts';
import { classify, classifyLine, lineErrorSchema } from './gemini-errors.ts';
import { LARGEST_ANSWER_BYTES, streamCall, wholeOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { readLines } from '../line-stream.ts';
import { scrubber } from '../secret.ts';
import type { BundleLine, CallContext, LaneRequest } from '../vendor.ts';

/**
 * The lines of `wanted` as they come; each is taken out of it. Asking for the file itself
 * (`files.get`) fails, since its name is longer than names may be; this address works.
 * @throws Error when the reading breaks off
 */
export async function* readResults(
  config: LaneConfig,
  file: string,
  wanted: Map<string, LaneRequest>,
  context: CallContext,
): AsyncGenerator<BundleLine, void, undefined> {
  const body = await open(config, file, context);
  let isCut = false;
  for await (const line of readLines(body, LARGEST_ANSWER_BYTES)) {
    if (line.trim() === '') continue;
    const parsed = readLine(line);
    isCut = parsed === undefined;
    const request = parsed && wanted.get(parsed.key);
    if (!request) continue;
    wanted.delete(request.key);
    yield { key: request.key, answer: answerOf(parsed, request, scrubber(config.apiKey)) };
  }
  // Anywhere else it is one line that nobody can read, which must not hide those after it.
  if (isCut) throw new Error('The last line of the results was cut.');
}

async function open(
  config: LaneConfig,
  file: string,
  { signal }: CallContext,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await streamCall({
    fetch: config.fetch,
    method: 'GET',
    url: `${withoutSlash(config.baseUrl)}/download/v1beta/${file}:download?alt=media`,
    headers: { 'x-goog-api-key': config.apiKey },
    signal,
  });
  if (answer.kind === 'stream' && answer.status === 200) return answer.body;
  const whole = answer.kind === 'stream' ? await wholeOf(answer) : answer;
  const words =
    whole.kind === 'lost' ? whole.words : classify(whole, config.clock.now()).failure.words;
  throw new Error(scrubber(config.apiKey)(`The results cannot be read: ${words}`));
}

/** A picture costs one half of the live price. */
function answerOf(
  { error, response }: Line,
  request: LaneRequest,
  scrub: (words: string) => string,
): BundleLine['answer'] {
  if (error) return failed(classifyLine(error), scrub);
  return readAnswer(response, request, 0.5) ?? failed(UNREADABLE, scrub);
}

function readLine(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const lineSchema = z.object({
  key: z.string(),
  response: z.unknown().optional(),
  error: lineErrorSchema.nullish(),
});
type Line = z.infer<typeof lineSchema>;
