/** Serves an assistant over this process's own streams: nothing else may be written to stdout. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer } from './create-mcp-server.ts';
import type { ToolDeps } from './tool-deps.ts';

/** Resolves when the assistant has gone, or `stop` is aborted. */
export async function serveStdio(deps: ToolDeps, stop: AbortSignal): Promise<void> {
  const server = createMcpServer(deps);
  const gone = Promise.withResolvers<void>();
  const end = () => gone.resolve();
  process.stdin.once('end', end);
  process.stdin.once('close', end);
  // Nobody reads any more what is written.
  process.stdout.once('error', end);
  stop.addEventListener('abort', end, { once: true });
  await server.connect(new StdioServerTransport());
  if (stop.aborted) end();
  await gone.promise;
  await server.close();
}
