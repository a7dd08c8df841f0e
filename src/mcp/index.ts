/** The public names of the assistant's tools. */
export { answerMcp } from './answer-mcp.ts';
export { createMcpServer } from './create-mcp-server.ts';
export { DollarBound } from './dollar-bound.ts';
export { serveStdio } from './serve-stdio.ts';
export type { ToolDeps } from './tool-deps.ts';
