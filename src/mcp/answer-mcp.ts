/** One request of MCP's streamable HTTP transport, answered without a session. */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createMcpServer } from './create-mcp-server.ts';
import type { ToolDeps } from './tool-deps.ts';

/** The transport's own problems come as errors of JSON-RPC. */
export async function answerMcp(request: Request, deps: ToolDeps): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport();
  const server = createMcpServer(deps);
  await server.connect(transport);
  // Nobody waits any more for what is being watched.
  request.signal.addEventListener('abort', () => void server.close(), { once: true });
  return transport.handleRequest(request);
}
