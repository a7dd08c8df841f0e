import { createSystemFetch } from '../../src/engine/ports/system-fetch.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { createOpenaiBatchLane } from '../../src/engine/vendors/openai/openai-batch.ts';
import type { LaneRequest } from '../../src/engine/vendors/vendor.ts';

export interface ReadResultsInput {
  readonly baseUrl: string;
  readonly lines: number;
  /** As a script would: the whole file as one text, then split. */
  readonly asWhole: boolean;
}

export interface ReadResultsOutput {
  readonly pictures: number;
  readonly bytes: number;
}

/** Reads the results of a batch, and lets go of each picture once it was seen. */
export async function job(input: ReadResultsInput): Promise<ReadResultsOutput> {
  return input.asWhole ? readWhole(input.baseUrl) : readByLine(input);
}

async function readByLine({ baseUrl, lines }: ReadResultsInput): Promise<ReadResultsOutput> {
  await using network = createSystemFetch();
  const { fetch } = network;
  const lane = createOpenaiBatchLane({ apiKey: 'bench', baseUrl, fetch, clock: systemClock });
  const requests = Array.from({ length: lines }, (_, index) => requestOf(`row-${index}`));
  const context = { signal: new AbortController().signal };
  const seen = { pictures: 0, bytes: 0 };
  for await (const { answer } of lane.results!('batch_1', requests, context)) {
    if (answer.kind === 'failed') throw new Error(answer.failure.words);
    for (const image of answer.images) {
      if (image.kind !== 'image' || image.source.kind !== 'bytes') throw new Error('No picture.');
      seen.pictures += 1;
      seen.bytes += image.source.bytes.byteLength;
    }
  }
  return seen;
}

async function readWhole(baseUrl: string): Promise<ReadResultsOutput> {
  const text = await (await fetch(`${baseUrl}/files/file-1/content`)).text();
  const seen = { pictures: 0, bytes: 0 };
  for (const line of text.trim().split('\n')) {
    const { response } = JSON.parse(line) as {
      response: { body: { data: { b64_json: string }[] } };
    };
    for (const { b64_json } of response.body.data) {
      seen.pictures += 1;
      seen.bytes += Buffer.from(b64_json, 'base64').byteLength;
    }
  }
  return seen;
}

function requestOf(key: string): LaneRequest {
  return {
    key,
    model: 'gpt-image-2',
    prompt: 'a bench',
    size: { width: 1024, height: 1024 },
    quality: 'high',
    count: 1,
    references: [],
    format: 'png',
  };
}
