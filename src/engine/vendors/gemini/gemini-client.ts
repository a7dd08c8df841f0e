/**
 * Google's official client as we use it: it writes the requests. The call and the reading of its answer
 * are ours: no redirect takes the key along, the answer is bounded, and it is known whether anything was
 * sent; the client's own reading would also drop `finishMessage` and an error's details. It retries
 * only where `retryOptions` are set. Its build for the web is taken because it reads no environment.
 */
import { GoogleGenAI, type HttpOptions } from '@google/genai/web';
import { type CallAnswer, call } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';

export function createGeminiClient({ apiKey, baseUrl }: LaneConfig): GoogleGenAI {
  return new GoogleGenAI({
    apiKey,
    vertexai: false,
    // Its default is v1 since version 3; batches and their results are documented of v1beta.
    apiVersion: 'v1beta',
    httpOptions: { baseUrl: withoutSlash(baseUrl) },
  });
}

/** Makes the one call that `write` asks of the client, and reads its whole answer. Never throws. */
export async function exchange(
  { fetch }: LaneConfig,
  signal: AbortSignal,
  write: (httpOptions: HttpOptions) => Promise<unknown>,
): Promise<CallAnswer> {
  try {
    await write({
      fetch: async (url, init) => {
        const answer = await call({
          fetch,
          method: init?.method === 'POST' ? 'POST' : 'GET',
          url: url instanceof Request ? url.url : url.toString(),
          headers: new Headers(init?.headers),
          body: init?.body,
          signal,
        });
        throw new Taken(answer);
      },
    });
  } catch (error) {
    if (error instanceof Taken) return error.answer;
    return {
      kind: 'lost',
      sent: false,
      words: error instanceof Error ? error.message : String(error),
    };
  }
  return { kind: 'lost', sent: false, words: 'The client made no call.' };
}

/** Takes an answer out of the client before it reads it. */
class Taken extends Error {
  readonly answer: CallAnswer;
  constructor(answer: CallAnswer) {
    super('The answer was taken.');
    this.answer = answer;
  }
}
