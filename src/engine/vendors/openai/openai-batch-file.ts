/** The file that a batch is made from: JSONL, one request a line. */
import type { Failure } from '../../core/failure.ts';
import { editBody, endpointOf, generateBody, type OpenaiEndpoint } from './openai-requests.ts';
import type { LaneBundle, LaneRequest } from '../vendor.ts';

/** From OpenAI's API reference: "up to 50,000 requests, and up to 200 MB in size". */
const MOST_LINES = 50_000;
const MOST_BYTES = 200 * 1024 * 1024;

export type BatchFile =
  | { readonly kind: 'file'; readonly file: File; readonly endpoint: OpenaiEndpoint }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Writes the file of a bundle, or says what OpenAI would not take of it. */
export function writeBatchFile({ key, model, requests }: LaneBundle): BatchFile {
  const [endpoint, ...others] = [...new Set(requests.map(endpointOf))];
  if (endpoint === undefined) return invalid('A batch needs at least one request.');
  if (others.length > 0) {
    return invalid(
      'A batch has one endpoint: requests with and without references need a batch each.',
    );
  }
  if (requests.some((request) => request.model !== model)) {
    return invalid('A batch has one model: requests to several models need a batch each.');
  }
  if (requests.length > MOST_LINES) {
    return invalid(
      `A batch takes ${MOST_LINES} requests at most, and these are ${requests.length}.`,
    );
  }
  const lines = requests.map((request) => `${JSON.stringify(lineOf(request, endpoint))}\n`);
  const file = new File(lines, `imagemill-${key}.jsonl`, { type: 'application/jsonl' });
  if (file.size > MOST_BYTES) {
    return invalid(
      `A batch file takes ${MOST_BYTES} bytes at most, and this one has ${file.size}. Make batches of ` +
        'fewer requests, or upload the references first.',
    );
  }
  return { kind: 'file', file, endpoint };
}

function lineOf(request: LaneRequest, url: OpenaiEndpoint): Record<string, unknown> {
  const body = url === '/v1/images/edits' ? editBody(request) : generateBody(request);
  return { custom_id: request.key, method: 'POST', url, body };
}

function invalid(words: string): BatchFile {
  return { kind: 'failed', failure: { kind: 'invalid-request', words } };
}
