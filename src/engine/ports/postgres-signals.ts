import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Signals } from './signals.ts';

const CHANNEL = 'imagemill';
const RECONNECT_MS = 1_000;

/** Signals through the database that all processes share anyway: LISTEN and NOTIFY. */
export function createPostgresSignals(
  url: string,
  sleep: (waitMs: number) => Promise<void>,
): Signals {
  const self = randomUUID();
  const listeners = new Set<() => void>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let closed = false;

  /** One connection, however many ask for it at once and however often it breaks. */
  function listen(): Promise<void> {
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  }

  async function connect(): Promise<void> {
    while (!closed && client === undefined) {
      const next = new pg.Client({ connectionString: url });
      next.on('error', () => {});
      next.on('notification', ({ payload }) => {
        if (payload !== self) tell();
      });
      try {
        await next.connect();
        await next.query(`listen ${CHANNEL}`);
        // Only one that has worked is missed when it ends: the others are tried again right here.
        next.on('end', () => {
          client = undefined;
          if (!closed) void listen();
        });
        client = next;
        if (closed) return await next.end();
        // Something may have been missed while nobody listened.
        tell();
      } catch {
        await next.end().catch(() => {});
        await sleep(RECONNECT_MS);
      }
    }
  }

  async function notify(): Promise<void> {
    if (client === undefined) await listen();
    await client?.query('select pg_notify($1, $2)', [CHANNEL, self]).catch(() => {});
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  return {
    notify: () => {
      void notify();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (client === undefined) void listen();
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}
