import { ProblemError } from '../problems/problem-error.ts';

/** A line that has nothing to say for so long is broken, whether anybody has noticed or not. */
const LONGEST_SILENCE_MS = 60_000;

/** A body that ends when it is silent for too long, so that nobody holds an upload for nothing. */
export function livelyBody(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const timer = setTimeout(() => {
        controller.error(new ProblemError('malformed-request', 'The body stopped coming.'));
        reader.cancel().catch(() => undefined);
      }, LONGEST_SILENCE_MS);
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
