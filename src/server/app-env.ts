/** What the server hands from one part to the next. */
import type { Context } from 'hono';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import type { Engine, StoredShare } from '../engine/engine-types.ts';
import type { ApiKey } from '../engine/core/workspace.ts';
import type { EventStreams } from './events/event-streams.ts';
import type { BatchKeeper } from './openai/batch-keeper.ts';
import type { Operations } from './operations/operations.ts';
import type { ServeSettings } from './serve-settings.ts';
import type { StudioFiles } from './studio/studio-files.ts';

/** Who calls: a key, shown as a secret or through a browser's session. */
export interface Caller {
  readonly key: ApiKey;
  readonly workspace: string;
  readonly by: 'key' | 'session';
  /** The workspace may read, and nothing else. */
  readonly isSuspended: boolean;
  /** What was shown ends then, before its key does: a session, a secret that was replaced. */
  readonly until?: number;
}

export interface AppEnv {
  Variables: {
    requestId: string;
    /** Absent on public routes. */
    caller: Caller;
    /** Whether what the caller has shown is good still: asked while an answer goes on and on. */
    isStillGood: () => Promise<boolean>;
    /** On the routes of visitors: the page that they were sent the link of. */
    share: StoredShare;
    log: Logger;
    /** The id for what a POST makes, behind the letter of its kind: the same one when it is sent again. */
    resource: string;
    /** It was sent before: what it makes may be there already. */
    isRepeat: boolean;
  };
  Bindings: Record<string, unknown>;
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** What the routes work with. */
export interface ServerDeps {
  readonly engine: Engine;
  readonly settings: ServeSettings;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Figures, traces, and whether the server stops; absent: nobody watches. */
  readonly operations?: Operations;
  /** Made by whoever ends them with the server; absent: they end with the process. */
  readonly streams?: EventStreams;
  /** Works on batches of files; absent: they wait for a server that does. */
  readonly batches?: BatchKeeper;
  /** The built studio; absent: the one that lies beside the program. */
  readonly studio?: StudioFiles;
}
