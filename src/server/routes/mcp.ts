/**
 * `POST /mcp`: the tools of an assistant over MCP's streamable HTTP transport, without sessions, in the name of
 * the caller's key. It speaks JSON-RPC, and so is no route of the contract.
 */
import { createClient } from '../../api/client/index.ts';
import { answerMcp } from '../../mcp/index.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { isUpload } from '../files/bound-body.ts';
import { checkShape } from '../problems/check-request.ts';
import { checkAccess } from '../handle-route.ts';
import { ProblemError } from '../problems/problem-error.ts';

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

export function mcpRoutes(app: App, { settings }: ServerDeps): void {
  app.post('/mcp', async (c) => {
    checkOrigin(c, settings.publicUrl);
    checkAccess(c, 'any-key');
    // A browser that is signed in must not be led here by another page.
    if (c.var.caller.by !== 'key') {
      throw new ProblemError('unauthenticated', 'Send `Authorization: Bearer im_…`.');
    }
    const apiKey = c.req
      .header('authorization')!
      .replace(/^Bearer\s+/i, '')
      .trim();
    const client = createClient({
      baseUrl: new URL(c.req.url).origin,
      apiKey,
      fetch: async (input, init) => app.fetch(new Request(input, init), c.env),
    });
    return answerMcp(await checked(c), { client });
  });
}

/** What is no JSON is refused by the transport, unread. */
async function checked(c: AppContext): Promise<Request> {
  if (isUpload(c.req.header('content-type'))) return c.req.raw;
  const body = await c.req.text();
  checkShape(body);
  return new Request(c.req.raw, { method: 'POST', body });
}

/**
 * A page whose name was made to lead to this machine has an Origin of its own: programs have none.
 * https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#security-warning
 */
function checkOrigin(c: AppContext, publicUrl: string): void {
  const origin = c.req.header('origin');
  if (origin === undefined || origin === new URL(publicUrl).origin || LOOPBACK.test(origin)) return;
  throw new ProblemError(
    'forbidden',
    `Pages of ${origin.slice(0, 100)} may not call this. Call it from a program, or from ${publicUrl}.`,
  );
}
