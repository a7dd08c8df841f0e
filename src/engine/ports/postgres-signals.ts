import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Signals, SignalTopic } from './signals.ts';

const CHANNEL = 'imagemill';
const RECONNECT_MS = 1_000;

/**
 * What follows a signal so soon is told together with others, each topic once: each telling wakes every process that
 * listens in the database (whatever its channel, up to PostgreSQL 18), for a transaction of its own.
 */
const GATHER_MS = 100;
/** Versions that say less of what concerns whom leave this word away. */
const TELLS_WANTED = '2';

/** Signals through the database that all processes share anyway: LISTEN and NOTIFY. */
export function createPostgresSignals(
  url: string,
  sleep: (waitMs: number, signal: AbortSignal) => Promise<unknown>,
): Signals {
  const self = randomUUID();
  const listeners = new Set<Parameters<Signals['subscribe']>[0]>();
  const untold = new Set<SignalTopic>();
  let telling: Promise<void> | undefined;
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  const over = new AbortController();

  /** One connection, however many ask for it at once and however often it breaks. */
  function listen(): Promise<void> {
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  }

  async function connect(): Promise<void> {
    while (!over.signal.aborted && client === undefined) {
      const next = new pg.Client({ connectionString: url });
      next.on('error', () => {});
      next.on('notification', ({ payload }) => {
        const [from, topic, version] = split(payload);
        if (from === self) return;
        if (version === undefined) tell('older');
        tell(topic);
      });
      try {
        await next.connect();
        await next.query(`listen ${CHANNEL}`);
        // Only one that has worked is missed when it ends: the others are tried again right here.
        next.on('end', () => {
          client = undefined;
          if (!over.signal.aborted) void listen();
        });
        client = next;
        if (over.signal.aborted) return await next.end();
        // Something may have been missed while nobody listened.
        tell();
      } catch {
        await next.end().catch(() => {});
        await sleep(RECONNECT_MS, over.signal);
      }
    }
  }

  /** The first at once, what comes after it together. */
  async function notifyAll(): Promise<void> {
    while (untold.size > 0 && !over.signal.aborted) {
      if (client === undefined) await listen();
      await notifyUntold();
      await sleep(GATHER_MS, over.signal);
    }
    telling = undefined;
  }

  async function notifyUntold(): Promise<void> {
    if (untold.size === 0) return;
    const payloads = [...untold].map((topic) => `${self} ${topic} ${TELLS_WANTED}`);
    untold.clear();
    await client
      ?.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
        CHANNEL,
        payloads,
      ])
      .catch(() => {});
  }

  function tell(topic?: SignalTopic): void {
    for (const listener of listeners) listener(topic);
  }

  return {
    notify: (topic) => {
      untold.add(topic);
      telling ??= notifyAll();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (client === undefined) void listen();
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await notifyUntold();
      await client?.end().catch(() => {});
    },
  };
}

/** Who told, and of what; a process of an older version tells no topic, or no version. */
function split(
  payload = '',
): [from: string, topic: SignalTopic | undefined, version: string | undefined] {
  const [from = '', topic, version] = payload.split(' ');
  return [from, topic as SignalTopic | undefined, version];
}
