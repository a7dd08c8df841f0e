import { createParser } from 'eventsource-parser';
import { expect, test, vi } from 'vitest';
import { ListedLogs } from '../../../test/support/listed-logs.ts';
import { EventHub } from './event-hub.ts';
import { EventStream } from './event-stream.ts';
import { OpenStreams } from './open-streams.ts';

interface Seen {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: string;
}

function hubOf(logs: ListedLogs): EventHub {
  return new EventHub(logs, (error) => {
    throw error;
  });
}

async function streamOf(hub: EventHub, after?: number, onEnd = () => {}): Promise<EventStream> {
  const watch = (await hub.watch('log'))!;
  return new EventStream({ watch, hub, after, follow: false, maySee: () => true, onEnd });
}

/** Reads one piece after the other, as a client does that has time. */
function readerOf({ body }: EventStream) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const seen: Seen[] = [];
  const parser = createParser({
    onEvent: ({ event, id, data }) => void seen.push({ event, id, data }),
  });
  return {
    seen,
    next: async () => {
      const { value, done } = await reader.read();
      if (value !== undefined) parser.feed(decoder.decode(value));
      return !done;
    },
  };
}

function sequences(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
}

test('a long log is sent in pages, each entry once and in order', async () => {
  const logs = new ListedLogs();
  logs.write('log', 1_234, true);
  const hub = hubOf(logs);
  const { seen, next } = readerOf(await streamOf(hub, 7));
  while (await next());
  expect(seen.map(({ id }) => id)).toEqual(sequences(8, 1_234));
  expect(logs.reads).toBe(13);
  await hub.close();
});

test('a client that takes nothing costs a page, and then its connection', async () => {
  vi.useFakeTimers();
  try {
    const logs = new ListedLogs();
    logs.write('log', 10_000);
    const hub = hubOf(logs);
    const shutOut = () => Promise.resolve(new Set<string>());
    const streams = new OpenStreams({ most: 1, mostOfKey: 1, shutOut });
    const place = streams.take('key')!;
    const stream = await streamOf(hub, 0, () => place.giveBack());
    place.hold(stream);
    const { next } = readerOf(stream);
    await next();
    await next();
    expect(logs.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(74_000);
    expect(logs.reads).toBe(1);
    expect(streams.open).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(streams.open).toBe(0);
    await expect(next()).rejects.toThrow('cut');
    expect(hub.names).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test('a key that was revoked is shown no more within a quarter of a minute', async () => {
  vi.useFakeTimers();
  try {
    const logs = new ListedLogs();
    logs.write('log', 1);
    const hub = hubOf(logs);
    const revoked = new Set<string>();
    const streams = new OpenStreams({
      most: 9,
      mostOfKey: 9,
      shutOut: () => Promise.resolve(revoked),
    });
    const open = async (key: string) => {
      const place = streams.take(key)!;
      const stream = await streamOf(hub, undefined, () => place.giveBack());
      place.hold(stream);
      return readerOf(stream);
    };
    const [one, other] = [await open('one'), await open('other')];
    await Promise.all([one.next(), other.next()]);
    revoked.add('one');
    const left = [one.next(), other.next()];
    left[0]?.catch(() => {});
    await vi.advanceTimersByTimeAsync(15_000);
    // The other one got its sign of life.
    expect(await left[1]).toBe(true);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(streams.open).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a session that has ended is shown no more, though its key is good', async () => {
  vi.useFakeTimers();
  try {
    const logs = new ListedLogs();
    logs.write('log', 1);
    const hub = hubOf(logs);
    const shutOut = () => Promise.resolve(new Set<string>());
    const streams = new OpenStreams({ most: 9, mostOfKey: 9, shutOut });
    const good = new Set(['one', 'other', 'unsure']);
    const open = async (session: string) => {
      const place = streams.take('key')!;
      const stream = await streamOf(hub, undefined, () => place.giveBack());
      place.hold(stream, async () => {
        if (session === 'unsure') throw new Error('the store does not answer');
        return good.has(session);
      });
      return readerOf(stream);
    };
    const readers = await Promise.all([...good].map(open));
    await Promise.all(readers.map(({ next }) => next()));
    for (const { next } of readers) next().catch(() => {});
    await vi.advanceTimersByTimeAsync(15_000);
    expect(streams.open).toBe(3);
    good.delete('one');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(streams.open).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('what was written elsewhere is noticed, by one question for all logs', async () => {
  vi.useFakeTimers();
  try {
    const logs = new ListedLogs();
    logs.write('log', 1);
    logs.write('another', 1);
    const hub = hubOf(logs);
    const { seen, next } = readerOf(await streamOf(hub));
    await next();
    const another = await hub.watch('another');
    const before = logs.markings;
    logs.write('log', 2);
    const waiting = next();
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
    expect(seen.map(({ id }) => id)).toEqual(['2', '3']);
    expect(logs.markings - before).toBe(1);
    another?.letGo();
  } finally {
    vi.useRealTimers();
  }
});

test('entries that were forgotten before the client came are told as missed', async () => {
  const logs = new ListedLogs();
  logs.write('log', 10);
  logs.forget('log', 6);
  const hub = hubOf(logs);
  const { seen, next } = readerOf(await streamOf(hub, 3));
  await next();
  await next();
  expect(seen[0]).toEqual({ event: 'missed', id: '6', data: '{"from":4,"to":6}' });
  expect(seen.slice(1).map(({ id }) => id)).toEqual(sequences(7, 10));
  await hub.close();
});

test('a hub that closes tells what there is, and ends its streams', async () => {
  const logs = new ListedLogs();
  logs.write('log', 1);
  const hub = hubOf(logs);
  const { seen, next } = readerOf(await streamOf(hub));
  await next();
  logs.write('log', 3);
  await hub.close();
  while (await next());
  expect(seen.map(({ id }) => id)).toEqual(['2', '3', '4']);
});

test('a client that names an entry that is still to come begins with what there is', async () => {
  const logs = new ListedLogs();
  logs.write('log', 3);
  const hub = hubOf(logs);
  const { seen, next } = readerOf(await streamOf(hub, 99));
  await next();
  logs.write('log', 1);
  hub.changed('log');
  await next();
  expect(seen.map(({ id }) => id)).toEqual(['4']);
  await hub.close();
});
