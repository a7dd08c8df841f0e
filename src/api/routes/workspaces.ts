/** Workspaces: every one for operators, its own for every key. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  newWorkspaceSchema,
  workspaceChangeSchema,
  workspaceSchema,
} from '../schemas/workspaces.ts';
import { z } from '../zod.ts';

const workspaceParam = z.object({ workspace: z.string().max(64) });

export const getOwnWorkspaceRoute = defineRoute('any-key', [], {
  method: 'get',
  path: '/v1/workspace',
  tags: ['workspaces'],
  operationId: 'getOwnWorkspace',
  summary: "The calling key's workspace",
  responses: { 200: json(workspaceSchema, 'The workspace.') },
});

export const listWorkspacesRoute = defineRoute('operate', ['invalid'], {
  method: 'get',
  path: '/v1/workspaces',
  tags: ['workspaces'],
  operationId: 'listWorkspaces',
  summary: 'All workspaces, by id',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(workspaceSchema), 'A page of them.') },
});

export const createWorkspaceRoute = defineRoute(
  'operate',
  ['malformed-request', 'invalid', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/workspaces',
    tags: ['workspaces'],
    operationId: 'createWorkspace',
    summary: 'Make a workspace',
    description:
      'A standard one makes 200 images in any 60 minutes, and begins with 0 credits. It has no key yet: `POST /v1/keys` makes one.',
    request: { body: { required: true, ...json(newWorkspaceSchema, 'Its id and terms.') } },
    responses: { 201: json(workspaceSchema, 'The workspace.') },
  },
);

export const getWorkspaceRoute = defineRoute('operate', ['not-found'], {
  method: 'get',
  path: '/v1/workspaces/{workspace}',
  tags: ['workspaces'],
  operationId: 'getWorkspace',
  summary: 'One workspace',
  request: { params: workspaceParam },
  responses: { 200: json(workspaceSchema, 'The workspace.') },
});

export const changeWorkspaceRoute = defineRoute(
  'operate',
  ['malformed-request', 'invalid', 'not-found', 'too-large'],
  {
    method: 'patch',
    path: '/v1/workspaces/{workspace}',
    tags: ['workspaces'],
    operationId: 'changeWorkspace',
    summary: 'Rename, suspend, or set the ceiling of a workspace',
    request: {
      params: workspaceParam,
      body: { required: true, ...json(workspaceChangeSchema, 'What changes.') },
    },
    responses: { 200: json(workspaceSchema, 'The workspace as it is now.') },
  },
);
