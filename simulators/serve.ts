import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Simulator } from './simulator.ts';
import { simulatedVendors, SIMULATED_VENDORS, type SimulatedVendor } from './simulated-vendors.ts';

/** Base URLs as each vendor's settings want them: OpenAI's ends in `/v1`, the others are roots. */
export type BaseUrls = Readonly<Record<SimulatedVendor, string>>;

export interface ServedSimulators extends AsyncDisposable {
  /** Only of the vendors that are served; the others' are ''. */
  readonly urls: BaseUrls;
  /** Closes the servers and every open connection. */
  readonly close: () => Promise<void>;
}

export interface ServeOptions extends Partial<Readonly<Record<SimulatedVendor, Simulator>>> {
  /** The first simulator's port, the others take the next ones; 0 (default): any free ports. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
}

/** More than any vendor takes in one call. */
const MOST_BODY_BYTES = 256 * 1024 * 1024;

/** Serves each simulator over real HTTP on a port of its own. */
export async function serveSimulators(options: ServeOptions): Promise<ServedSimulators> {
  const { port = 0, host = '127.0.0.1' } = options;
  const simulators = SIMULATED_VENDORS.flatMap((name) => {
    const simulator = options[name];
    return simulator === undefined ? [] : [{ name, simulator }];
  });
  const servers: Server[] = [];
  const urls = Object.fromEntries(SIMULATED_VENDORS.map((name) => [name, ''])) as Record<
    SimulatedVendor,
    string
  >;
  const close = async () => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    for (const [index, { name, simulator }] of simulators.entries()) {
      const server = createServer((request, response) => {
        void relay(simulator, request, response);
      });
      servers.push(server);
      server.listen(port === 0 ? 0 : port + index, host);
      await once(server, 'listening');
      const root = `http://${host}:${(server.address() as AddressInfo).port}`;
      urls[name] = `${root}${simulatedVendors[name].basePath}`;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { urls, close, [Symbol.asyncDispose]: close };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** One call: what the simulator loses or cuts, this loses or cuts by ending the connection. */
async function relay(
  simulator: Simulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  try {
    const request = await toRequest(incoming, gone.signal);
    if (!request) {
      outgoing.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const answer = simulator.fetch(request);
    // Only now: a call that arrived whole is dealt with, even if its client has left already.
    if (outgoing.closed) gone.abort();
    else outgoing.once('close', () => gone.abort());
    const response = await answer;
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) simulator.markUndelivered(response);
    });
    await send(response, outgoing);
  } catch {
    outgoing.destroy();
  }
}

async function toRequest(
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Request | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BODY_BYTES) return undefined;
    parts.push(part);
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Buffer.concat(parts) } : {}),
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const part of response.body ?? []) {
    await new Promise<void>((resolve, reject) => {
      outgoing.write(part, (error) => (error ? reject(error) : resolve()));
    });
  }
  outgoing.end();
}
