/** The answer to a call with `stream`: an event for each image as it is delivered, and an error if there is none. */
import { streamSSE } from 'hono/streaming';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { AppContext } from '../app-env.ts';
import { type AnswerDeps, usageOf } from './answer-images.ts';
import { factsOf, openaiErrorBody } from './answer-openai-error.ts';
import { callError, waitedTooLong } from './call-error.ts';
import type { ImageOrder } from './image-order.ts';
import { pictureOf } from './pictures.ts';
import type { RunWaits, WaitBounds } from './run-waits.ts';

/** Proxies close a connection on which nothing is sent. */
const ALIVE_EVERY_MS = 15_000;

export interface StreamedCall {
  readonly runId: string;
  readonly hasKey: boolean;
  readonly order: ImageOrder;
  readonly bounds: WaitBounds;
  readonly waitMs: number;
}

export function imageEvents(
  c: AppContext,
  deps: AnswerDeps & { readonly waits: RunWaits },
  call: StreamedCall,
): Response {
  return streamSSE(c, async (stream) => {
    const alive = setInterval(() => void stream.write(': waiting\n\n'), ALIVE_EVERY_MS);
    try {
      for await (const [type, data] of eventsOf(deps, call)) {
        await stream.writeSSE({ event: type, data: JSON.stringify(data) });
      }
    } catch (error) {
      const body = openaiErrorBody(factsOf(error));
      await stream.writeSSE({ event: 'error', data: JSON.stringify(body) });
    } finally {
      clearInterval(alive);
    }
  });
}

async function* eventsOf(
  deps: AnswerDeps & { readonly waits: RunWaits },
  call: StreamedCall,
): AsyncGenerator<readonly [type: string, data: object]> {
  const { engine, waits } = deps;
  const { runId, bounds } = call;
  const sent = new Set<string>();
  for (;;) {
    // Either it has settled, or one more image is there.
    const news = new AbortController();
    const fresh = new Map<string, ItemRecord>();
    const run = await waits.settled(
      runId,
      { until: bounds.until, signal: AbortSignal.any([bounds.signal, news.signal]) },
      async () => {
        for await (const record of engine.items(runId, ['delivered'])) {
          if (!sent.has(record.itemId)) fresh.set(record.itemId, record);
        }
        if (fresh.size > 0) news.abort();
      },
    );
    for (const record of fresh.values()) {
      yield await completed(deps, call, record);
      sent.add(record.itemId);
    }
    if (run !== undefined) {
      if (sent.size > 0) return;
      throw callError(run, await Array.fromAsync(engine.items(runId)));
    }
    if (fresh.size === 0) throw waitedTooLong(runId, call.waitMs, call.hasKey);
  }
}

async function completed(
  deps: AnswerDeps,
  { runId, order }: StreamedCall,
  record: ItemRecord,
): Promise<readonly [type: string, data: object]> {
  const { bytes, format, size } = await pictureOf(deps.engine, runId, record, order.picture);
  const type = order.endpoint === 'edits' ? 'image_edit.completed' : 'image_generation.completed';
  const event = {
    type,
    b64_json: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
    created_at: Math.floor(deps.now() / 1000),
    background: 'auto',
    output_format: format,
    quality: order.quality,
    size,
    usage: usageOf([record]),
  };
  return [type, event];
}
