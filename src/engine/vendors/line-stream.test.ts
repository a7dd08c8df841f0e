import { describe, expect, test } from 'vitest';
import { readLines } from './line-stream.ts';

const encoder = new TextEncoder();

function streamOf(chunks: Iterable<Uint8Array | Error>, seen: { cancelled?: boolean } = {}) {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done) controller.close();
      else if (value instanceof Error) controller.error(value);
      else controller.enqueue(value);
    },
    cancel() {
      seen.cancelled = true;
    },
  });
}

async function linesOf(chunks: Iterable<Uint8Array | Error>, most = 1000): Promise<string[]> {
  return await Array.fromAsync(readLines(streamOf(chunks), most));
}

describe('readLines()', () => {
  test('gives the same lines however the bytes are cut', async () => {
    const bytes = encoder.encode('{"a":1}\r\n\n{"ü":"日本 🎨"}\nlast');
    for (let size = 1; size <= bytes.length; size += 1) {
      const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => i * size);
      const chunks = starts.map((start) => bytes.subarray(start, start + size));
      expect(await linesOf(chunks)).toEqual(['{"a":1}', '', '{"ü":"日本 🎨"}', 'last']);
    }
  });

  test('gives nothing after a last line feed, and nothing of an empty stream', async () => {
    expect(await linesOf([encoder.encode('a\n')])).toEqual(['a']);
    expect(await linesOf([])).toEqual([]);
  });

  test('refuses a line that is longer than allowed, and takes one that is just as long', async () => {
    const chunks = () => [encoder.encode('12345\n123'), encoder.encode('456\n')];
    expect(await linesOf(chunks(), 6)).toEqual(['12345', '123456']);
    await expect(linesOf(chunks(), 5)).rejects.toThrow('longer than 5 bytes');
  });

  test('keeps a line that is much longer than its chunks whole', async () => {
    const part = new Uint8Array(10_000).fill(0x61);
    const chunks = [...Array.from({ length: 300 }, () => part), encoder.encode('\nb')];
    const [long, short] = await linesOf(chunks, 10_000_000);
    expect(long).toBe('a'.repeat(3_000_000));
    expect(short).toBe('b');
  });

  test('throws what the stream throws, after the lines that came before', async () => {
    const read: string[] = [];
    const reading = async () => {
      const body = streamOf([encoder.encode('a\nb'), new Error('broken off')]);
      for await (const line of readLines(body, 1000)) read.push(line);
    };
    await expect(reading()).rejects.toThrow('broken off');
    expect(read).toEqual(['a']);
  });

  test('cancels the stream when nobody reads on', async () => {
    const seen: { cancelled?: boolean } = {};
    const endless = (function* () {
      for (;;) yield encoder.encode('a\n');
    })();
    for await (const line of readLines(streamOf(endless, seen), 1000)) {
      expect(line).toBe('a');
      break;
    }
    expect(seen.cancelled).toBe(true);
  });
});
