/** Health, readiness, the OpenAPI document. */
import { healthRoute, readyRoute } from '../../api/routes/system.ts';
import { VERSION } from '../../engine/version.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';

export function systemRoutes(app: App, { engine, settings }: ServerDeps): void {
  handleRoute(app, healthRoute, (c) => c.json({ status: 'ok' as const, version: VERSION }, 200));
  handleRoute(app, readyRoute, async (c) => {
    await engine.service.workspaces.list();
    return c.json({ status: 'ok' as const, version: VERSION }, 200);
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Imagemill', version: VERSION },
    servers: [{ url: settings.publicUrl }],
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'im_…',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'imagemill_session',
  });
}
