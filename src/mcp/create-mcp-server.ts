/** An MCP server whose tools call the API: the same over stdio and over HTTP. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { VERSION } from '../engine/version.ts';
import { addImageTools } from './image-tools.ts';
import { addMakingTools } from './making-tools.ts';
import { addRunTools } from './run-tools.ts';
import type { ToolDeps } from './tool-deps.ts';

const INSTRUCTIONS = `Imagemill makes many images from prompts, with several vendors' models.
Look at list_models and plan_images before spending; make_images spends credits, within the budget that the user
gave (budget). A run goes on by itself: watch it with run_status and wait_seconds, then list_items and get_image.
Unknown images may have been paid for: never make them again without asking the user.`;

export function createMcpServer(deps: ToolDeps): McpServer {
  const server = new McpServer(
    { name: 'imagemill', title: 'Imagemill', version: VERSION },
    { instructions: INSTRUCTIONS },
  );
  addMakingTools(server, deps);
  addRunTools(server, deps);
  addImageTools(server, deps);
  return server;
}
