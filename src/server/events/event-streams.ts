/** All streams of a server: the hubs that feed them, and the places that they take. */
import type { ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { EventHub } from './event-hub.ts';
import { EventStream, type StreamOrder } from './event-stream.ts';
import { OpenStreams } from './open-streams.ts';
import { runLogs } from './run-logs.ts';
import { workspaceLogs } from './workspace-logs.ts';

/** A client that finds no place asks again after so long. */
const ASK_AGAIN_SECONDS = 10;

export type StreamWish = Pick<StreamOrder, 'after' | 'follow' | 'maySee'> & {
  /** Of the key that looks. */
  readonly key: string;
  readonly of: 'run' | 'workspace';
  readonly name: string;
  /** Whether what the caller has shown is good still: a session may end before its key. */
  readonly mayStay: () => Promise<boolean>;
};

export class EventStreams {
  readonly #runs: EventHub;
  readonly #workspaces: EventHub;
  readonly #open: OpenStreams;
  readonly #unlisten: () => void;

  constructor({ engine, settings, log, now }: ServerDeps) {
    const failed = (error: unknown) => log.error({ err: error }, 'events could not be read');
    this.#runs = new EventHub(runLogs(engine), failed);
    this.#workspaces = new EventHub(workspaceLogs(engine), failed);
    this.#open = new OpenStreams({
      most: settings.streams,
      mostOfKey: settings.streamsPerKey,
      shutOut: (keys) => shutOut(engine, keys, now()),
    });
    this.#unlisten = engine.onRunChange((run) => {
      this.#runs.changed(run);
      // Which workspace's it is need not be found out: one question tells for all that are watched.
      this.#workspaces.changed(...this.#workspaces.names);
    });
  }

  /** How many are open. */
  get open(): number {
    return this.#open.open;
  }

  /**
   * Throws a problem: `too-many-requests` when no place is left, `not-found`.
   */
  async begin({ key, of, name, mayStay, ...wish }: StreamWish): Promise<EventStream> {
    const place = this.#open.take(key);
    if (place === undefined) {
      throw new ProblemError(
        'too-many-requests',
        'As many event streams are open as may be. Close one, or ask again later.',
        { headers: { 'retry-after': String(ASK_AGAIN_SECONDS) } },
      );
    }
    const hub = of === 'run' ? this.#runs : this.#workspaces;
    try {
      const watch = await hub.watch(name);
      if (watch === undefined) throw new ProblemError('not-found', `There is no such ${of} here.`);
      const stream = new EventStream({ ...wish, watch, hub, onEnd: () => place.giveBack() });
      place.hold(stream, mayStay);
      return stream;
    } catch (error) {
      place.giveBack();
      throw error;
    }
  }

  /** Whether a run has nothing more to tell after this entry. */
  async hasEndedAt(run: string, sequence: number): Promise<boolean> {
    const watch = await this.#runs.watch(run);
    try {
      await watch?.log.settling();
      return watch !== undefined && watch.log.hasEnded && watch.log.head === sequence;
    } finally {
      watch?.letGo();
    }
  }

  /** Tells what there is to the end, and lets every stream end. */
  async close(): Promise<void> {
    this.#unlisten();
    await this.#runs.close();
    await this.#workspaces.close();
    this.#open.close();
  }
}

async function shutOut(
  { service }: ServerDeps['engine'],
  keys: readonly string[],
  now: number,
): Promise<Set<string>> {
  const out = new Set<string>();
  for (const id of keys) {
    const key = await service.keys.find(id);
    const isOver = key?.expiresAt !== undefined && key.expiresAt <= now;
    if (key === undefined || key.revokedAt !== undefined || isOver) out.add(id);
  }
  return out;
}
