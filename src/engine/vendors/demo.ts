/**
 * The demo model: a procedural painter in this process, so that everything can be tried without a key,
 * a network or a bill. It is not an AI model, and every picture says so.
 */
import type { PaintTask } from './demo-painter/painter-worker.ts';
import { type PainterPool, createPainterPool } from './demo-painter/painter-pool.ts';
import { hashText, mixBits } from './demo-painter/seed.ts';
import type { Failure } from '../core/failure.ts';
import type { CallContext, LaneImage, LaneRequest, SubmitAnswer, VendorLane } from './vendor.ts';

export { paint } from './demo-painter/paint.ts';
export type { PaintRequest, Painting } from './demo-painter/paint.ts';

const SMALLEST = 64;
const LARGEST = 2048;

/**
 * The lane of the demo model; it answers at once and bills nothing. Paints in `threads` worker
 * threads (default: one for each core) that start with the first picture. Dispose of it to end them.
 */
export function createDemoLane(
  options: { readonly threads?: number } = {},
): VendorLane & AsyncDisposable {
  const pool = createPainterPool(options.threads);
  return {
    vendor: 'demo',
    account: 'demo',
    submit: (request, context) => submit(pool, request, context),
    // What a process was painting when it ended was never made: it may be painted again.
    find: async () => ({ kind: 'nothing' }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

async function submit(
  pool: PainterPool,
  request: LaneRequest,
  { signal }: CallContext,
): Promise<SubmitAnswer> {
  const problem = problemOf(request);
  if (problem !== undefined) return failed({ kind: 'invalid-request', words: problem });
  if (signal.aborted) return failed(STOPPED);
  try {
    const tasks = paintTasks(request);
    const results = await Promise.all(tasks.map((task) => pool.paint(task, signal)));
    const images: LaneImage[] = [];
    for (const [index, result] of results.entries()) {
      if (result.kind === 'unreadable-reference') {
        return failed({
          kind: 'invalid-request',
          words: `The reference is no readable picture: ${result.words}`,
        });
      }
      images.push({ index, kind: 'image', source: { kind: 'bytes', bytes: result.bytes } });
    }
    return { kind: 'answered', images, usdMicros: 0 };
  } catch (error) {
    if (signal.aborted) return failed(STOPPED);
    throw error;
  }
}

/** Nothing of the demo leaves this process, so a call that was stopped never happened. */
const STOPPED: Failure = {
  kind: 'not-sent',
  words: 'The demo model was stopped before it answered.',
};

function failed(failure: Failure): SubmitAnswer {
  return { kind: 'failed', failure, usdMicros: 0 };
}

function problemOf({ size }: LaneRequest): string | undefined {
  const fits = [size.width, size.height].every(
    (side) => Number.isInteger(side) && side >= SMALLEST && side <= LARGEST,
  );
  return fits
    ? undefined
    : `The demo model paints ${SMALLEST} to ${LARGEST} pixels a side: asked for ${size.width}x${size.height}.`;
}

function paintTasks(request: LaneRequest): PaintTask[] {
  const reference = request.references.find((candidate) => candidate.kind === 'bytes');
  const first = firstSeed(request);
  return Array.from({ length: request.count }, (_, index) => ({
    prompt: request.prompt,
    ...(request.negativePrompt === undefined ? {} : { negativePrompt: request.negativePrompt }),
    width: request.size.width,
    height: request.size.height,
    quality: request.quality,
    seed: first + index,
    format: request.format,
    ...(reference === undefined ? {} : { reference: reference.bytes }),
  }));
}

/**
 * The seed of the first image: the one asked for, or one made of what is to be seen, never of the
 * request's key, so that a prompt gives the same picture in every run. Addresses that the demo cannot
 * read still tell rows apart.
 */
function firstSeed({ seed, prompt, negativePrompt, references }: LaneRequest): number {
  const base = seed ?? hashText(`${prompt}\n${negativePrompt ?? ''}`);
  const urls = references.flatMap((reference) => (reference.kind === 'url' ? [reference.url] : []));
  return urls.length === 0 ? base : mixBits(base ^ hashText(urls.join('\n')));
}
