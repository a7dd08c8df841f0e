/** Workspaces: made, looked at and changed by operators. */
import { workspaceJson } from '../../api/json/workspace-json.ts';
import {
  changeWorkspaceRoute,
  createWorkspaceRoute,
  getOwnWorkspaceRoute,
  getWorkspaceRoute,
  listWorkspacesRoute,
} from '../../api/routes/workspaces.ts';
import type { Workspace } from '../../engine/core/workspace.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { pageFrom } from '../page-from.ts';
import { notFound } from '../problems/problem-error.ts';
import { given } from '../orders/given.ts';

export function workspaceRoutes(app: App, deps: ServerDeps): void {
  const { workspaces } = deps.engine.service;

  handleRoute(app, getOwnWorkspaceRoute, async (c) =>
    c.json(workspaceJson(await knownWorkspace(deps, c.var.caller.workspace)), 200),
  );

  handleRoute(app, listWorkspacesRoute, async (c) => {
    const page = await pageFrom(c.req.valid('query'), (place) => workspaces.list(place));
    return c.json({ ...page, data: page.data.map(workspaceJson) }, 200);
  });

  handleRoute(app, createWorkspaceRoute, async (c) => {
    const { workspace: id, name, images_per_hour: imagesPerHour, balance } = c.req.valid('json');
    const made = await workspaces.create({
      id,
      imagesPerHour,
      ...given({ name }),
      ...(balance === 'none' && { balance }),
    });
    return c.json(workspaceJson(made), 201);
  });

  handleRoute(app, getWorkspaceRoute, async (c) => {
    const { workspace } = c.req.valid('param');
    return c.json(workspaceJson(await knownWorkspace(deps, workspace)), 200);
  });

  handleRoute(app, changeWorkspaceRoute, async (c) => {
    const { id } = await knownWorkspace(deps, c.req.valid('param').workspace);
    const { name, state, images_per_hour: imagesPerHour } = c.req.valid('json');
    const changed = await workspaces.change(id, given({ name, state, imagesPerHour }));
    // What waited for a higher ceiling, or for the end of a suspension, need not wait longer.
    deps.engine.keeper.wake();
    return c.json(workspaceJson(changed), 200);
  });
}

/** Throws a `not-found` problem. */
export async function knownWorkspace({ engine }: ServerDeps, id: string): Promise<Workspace> {
  const workspace = await engine.service.workspaces.find(id);
  if (workspace === undefined) throw notFound(`workspace "${id.slice(0, 64)}"`);
  return workspace;
}
