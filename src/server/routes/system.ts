/** Health, readiness, the OpenAPI document. */
import { healthRoute, readyRoute } from '../../api/routes/system.ts';
import { VERSION } from '../../engine/version.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ProblemError } from '../problems/problem-error.ts';
import {
  type OpenApiDocument,
  openApiDocument,
  registerComponents,
} from '../documentation/openapi-document.ts';

export function systemRoutes(app: App, { engine, settings, operations }: ServerDeps): void {
  handleRoute(app, healthRoute, (c) => c.json({ status: 'ok' as const, version: VERSION }, 200));
  handleRoute(app, readyRoute, async (c) => {
    if (operations?.stopping.aborted) {
      throw new ProblemError('unavailable', 'The server is being stopped.');
    }
    await engine.service.operations.ready().catch((cause: unknown) => {
      c.var.log.error({ err: cause }, 'the store does not answer');
      throw new ProblemError('unavailable', 'The store does not answer.', { cause });
    });
    return c.json({ status: 'ok' as const, version: VERSION }, 200);
  });
  registerComponents(app);
  let document: OpenApiDocument | undefined;
  // Made when it is asked for: all routes are there by then.
  app.get('/openapi.json', (c) => c.json((document ??= openApiDocument(app, settings))));
}
