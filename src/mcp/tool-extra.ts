import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';

/** What comes with a call of a tool: how it is cancelled, and how its progress is told. */
export type ToolExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;
