/** What OpenAI's clients call, with this server as their base URL: `http://HOST/openai/v1`. */
import type { App, ServerDeps } from '../app-env.ts';
import { batchRoutes } from './batches.ts';
import { fileRoutes } from './files.ts';
import { imageRoutes } from './images.ts';
import { modelRoutes } from './models.ts';

export function openaiRoutes(app: App, deps: ServerDeps): void {
  modelRoutes(app, deps);
  imageRoutes(app, deps);
  fileRoutes(app, deps);
  batchRoutes(app, deps);
}
