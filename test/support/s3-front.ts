/** A front of an S3 server that does to the next calls what a test says: busy answers, cut bodies, silence. */
import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * `busy`: 503, and nothing is done. `cut`: half of the answer's body. `silent`: half of it, and then
 * nothing more. `lost`: the call is done, and its answer does not come. `half-sent`: the server is sent
 * half of the body.
 */
export type S3Fault = 'busy' | 'cut' | 'silent' | 'lost' | 'half-sent';

export interface S3Call {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

export interface S3Front {
  readonly url: string;
  /** All calls that came, in their order. */
  readonly calls: readonly S3Call[];
  /** What happens to a call; `undefined`: it passes. Default: all pass. */
  fault: (call: S3Call) => S3Fault | undefined;
}

export async function s3Front(target: string): Promise<S3Front> {
  const calls: S3Call[] = [];
  const front: Pick<S3Front, 'fault'> = { fault: () => undefined };
  const server = createServer((incoming, outgoing) => {
    const call = { method: incoming.method ?? 'GET', url: incoming.url ?? '/' };
    calls.push(call);
    outgoing.on('error', () => {});
    void relay(target, incoming, outgoing, front.fault(call)).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(front, { url: `http://127.0.0.1:${port}`, calls });
}

/** The next so many calls that `takes` meet the fault. */
export function nextCalls(
  count: number,
  fault: S3Fault,
  takes: (call: S3Call) => boolean = () => true,
): S3Front['fault'] {
  let left = count;
  return (call) => {
    if (left === 0 || !takes(call)) return undefined;
    left -= 1;
    return fault;
  };
}

async function relay(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: S3Fault | undefined,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  if (fault === 'busy') return void outgoing.writeHead(503).end();
  const { method = 'GET', headers, url = '/' } = incoming;
  const passed = send(new URL(url, target), { method, headers });
  if (fault === 'half-sent') {
    passed.on('error', () => {});
    passed.write(body.subarray(0, body.length >> 1), () => passed.destroy());
    outgoing.destroy();
    return;
  }
  passed.end(body);
  const [answer] = (await once(passed, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
  if (fault === 'lost') return void outgoing.destroy();
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  if (fault === undefined) return void outgoing.end(bytes);
  outgoing.write(bytes.subarray(0, bytes.length >> 1), () => {
    if (fault === 'cut') outgoing.destroy();
  });
}
