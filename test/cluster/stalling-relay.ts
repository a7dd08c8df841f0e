/** Stands before a vendor: what it answers begins to come, and then nothing more does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StallingRelay extends AsyncDisposable {
  readonly url: string;
}

export async function stallingRelay(target: string): Promise<StallingRelay> {
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    const pass = async () => {
      const chunks = await Array.fromAsync(incoming as AsyncIterable<Buffer>);
      const answer = await fetch(new URL(incoming.url ?? '/', target), {
        method: incoming.method ?? 'GET',
        headers: {
          authorization: incoming.headers.authorization ?? '',
          'content-type': incoming.headers['content-type'] ?? '',
        },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      outgoing.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
        'content-length': body.length,
      });
      outgoing.write(body.subarray(0, body.length >> 1));
    };
    void pass().catch(() => outgoing.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
