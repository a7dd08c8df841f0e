/** An endpoint on this machine that is told what happens, and answers as a test wants. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly id: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A status, or whatever is done to the answer. */
export type Reply = number | ((answer: ServerResponse) => void);

export interface WebhookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** The next answers, in order; then 204 for ever. */
  readonly replies: Reply[];
}

export async function webhookReceiver(...replies: Reply[]): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, answer: ServerResponse) => {
    const headers = request.headers as Record<string, string>;
    received.push({ id: headers['webhook-id'] ?? '', headers, body: await text(request) });
    const reply = replies.shift() ?? 204;
    if (typeof reply === 'function') return reply(answer);
    answer.writeHead(reply).end();
  };
  const server = createServer((request, answer) => void take(request, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, replies };
}
