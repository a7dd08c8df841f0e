/** An S3 server of this machine behind a proxy that answers 503, cuts bodies in both directions and stalls. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import S3rver from 's3rver';
import type { Random } from '../../src/engine/core/random.ts';
import type { S3Settings } from '../../src/engine/store/s3-blobs.ts';

/** Shares of all calls; the rest pass. */
export interface S3Faults {
  /** 503 `SlowDown`, as Amazon's own. */
  readonly unavailable?: number;
  /** Half of what is put arrives, then the connection ends. */
  readonly cutPut?: number;
  /** The bytes arrive whole and are kept, and no answer comes back. */
  readonly lostAnswer?: number;
  /** Half of what is got comes back, then the connection ends. */
  readonly cutGet?: number;
  /** Passes after `stallMs`. */
  readonly stall?: number;
  readonly stallMs?: number;
}

type Fault = Exclude<keyof S3Faults, 'stallMs'>;
const FAULTS = ['unavailable', 'cutPut', 'lostAnswer', 'cutGet', 'stall'] as const;

export interface FaultyS3 extends AsyncDisposable {
  /** As processes under test reach it. */
  readonly environment: Readonly<Record<string, string>>;
  /** As who audits reaches it. */
  readonly direct: S3Settings;
  faults: S3Faults;
  /** How often each fault has been met. */
  readonly met: Readonly<Record<Fault, number>>;
}

/** What the server takes as credentials. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' } as const;
const BUCKET = 'pictures';

export async function faultyS3(folder: string, random: Random): Promise<FaultyS3> {
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  const met = { unavailable: 0, cutPut: 0, lostAnswer: 0, cutGet: 0, stall: 0 };
  const state: { faults: S3Faults } = { faults: {} };
  const proxy = createServer((incoming, outgoing) => {
    const fault = drawFault(state.faults, incoming.method, random);
    if (fault !== undefined) met[fault] += 1;
    outgoing.on('error', () => {});
    void relay(port, incoming, outgoing, fault, state.faults.stallMs ?? 0).catch(() =>
      outgoing.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    environment: {
      IMAGEMILL_S3_BUCKET: BUCKET,
      IMAGEMILL_S3_ENDPOINT: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      ...S3_KEYS,
    },
    direct: { bucket: BUCKET, endpoint: `http://127.0.0.1:${port}` },
    met,
    get faults() {
      return state.faults;
    },
    set faults(faults) {
      state.faults = faults;
    },
    [Symbol.asyncDispose]: async () => {
      proxy.close();
      proxy.closeAllConnections();
      await server.close();
    },
  };
}

/** One number decides, so that the shares add up; a fault that this call cannot meet is none. */
function drawFault(
  faults: S3Faults,
  method: string | undefined,
  random: Random,
): Fault | undefined {
  let left = random.next();
  for (const fault of FAULTS) {
    left -= faults[fault] ?? 0;
    if (left >= 0) continue;
    const isPossible =
      fault === 'cutGet' ? method === 'GET' : fault !== 'cutPut' || method === 'PUT';
    return isPossible ? fault : undefined;
  }
  return undefined;
}

async function relay(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
  stallMs: number,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  if (fault === 'unavailable') {
    outgoing.writeHead(503, { 'content-type': 'application/xml' });
    outgoing.end(
      '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>',
    );
    return;
  }
  if (fault === 'stall') await pause(stallMs);
  const call = request({
    port,
    host: '127.0.0.1',
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
  });
  if (fault === 'cutPut') {
    call.on('error', () => {});
    call.write(body.subarray(0, body.length >> 1), () => call.destroy());
    outgoing.destroy();
    return;
  }
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  call.end(body);
  const [answer] = await answered;
  const bytes = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
  if (fault === 'lostAnswer') {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  if (fault === 'cutGet' && bytes.length > 1) {
    outgoing.write(bytes.subarray(0, bytes.length >> 1), () => outgoing.destroy());
    return;
  }
  outgoing.end(bytes);
}
