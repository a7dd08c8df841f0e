/** The server's public names: what the command line starts. */
export { createApp } from './app.ts';
export type { ServerDeps } from './app-env.ts';
export { createLog, type LogLevel } from './operations/logging.ts';
export { type EmbeddedServer, embed } from './embed.ts';
export { type ListenOptions, type RunningServer, serve } from './serve.ts';
export { type RunningWorker, runWorker, type WorkerRunOptions } from './worker.ts';
export { DEFAULT_SERVE_SETTINGS, type ServeSettings } from './serve-settings.ts';
