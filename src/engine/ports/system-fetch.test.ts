import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  createKlingSimulator,
  createOpenaiSimulator,
  serveSimulators,
  type SimulatorOptions,
} from '../../../simulators/index.ts';
import { systemClock } from '../../../simulators/system-clock.ts';
import { laneRequest } from '../../../test/support/lane-request.ts';
import { createKlingLane } from '../vendors/kling/kling.ts';
import { createOpenaiLane } from '../vendors/openai/openai.ts';
import { call } from '../vendors/http.ts';
import { createSystemFetch } from './system-fetch.ts';

const signal = new AbortController().signal;

async function serve(options: Omit<SimulatorOptions, 'clock'>) {
  const openai = createOpenaiSimulator({ clock: systemClock, billedShare: 1, ...options });
  const kling = createKlingSimulator({ clock: systemClock, billedShare: 1, ...options });
  const served = await serveSimulators({ openai, kling });
  const system = createSystemFetch();
  const ports = { apiKey: 'key', fetch: system.fetch, clock: systemClock };
  return {
    openai,
    kling,
    openaiLane: createOpenaiLane({ ...ports, baseUrl: served.urls.openai }),
    klingLane: createKlingLane({ ...ports, baseUrl: served.urls.kling }),
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await served.close();
    },
  };
}

describe('createSystemFetch()', () => {
  test('carries a picture from a real socket', async () => {
    await using world = await serve({});
    const answer = await world.openaiLane.submit(laneRequest({ model: 'gpt-image-2' }), { signal });
    expect(answer).toMatchObject({ kind: 'answered', usdMicros: world.openai.bill.usdMicros });
  });

  test.each(['replyLost', 'truncated', 'status502'] as const)(
    'sends once and calls the outcome unknown after %s',
    async (fault) => {
      await using world = await serve({ faults: { [fault]: 1 } });
      const request = laneRequest({ model: 'gpt-image-2' });
      const answer = await world.openaiLane.submit(request, { signal });
      expect(answer).toMatchObject({ kind: 'failed', failure: { kind: 'unknown' } });
      expect(world.openai.log.entries).toHaveLength(1);
    },
  );

  test('lets what was lost on the way be found', async () => {
    await using world = await serve({ faults: { replyLost: 1 } });
    const request = laneRequest({ model: 'kling-v3' });
    await world.klingLane.submit(request, { signal });
    expect((await world.klingLane.find!(request, { signal })).kind).toBe('accepted');
  });

  test('knows that nothing was sent to a port where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await using system = createSystemFetch();
    const url = `http://127.0.0.1:${port}/`;
    const answer = await call({ fetch: system.fetch, method: 'POST', url, body: {}, signal });
    expect(answer).toMatchObject({ kind: 'lost', sent: false });
  });

  test('does not take a key along a redirect', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using system = createSystemFetch();
    const url = `http://127.0.0.1:${port}/paid`;
    const headers = { 'x-key': 'key' };
    const answer = await call({
      fetch: system.fetch,
      method: 'POST',
      url,
      headers,
      body: {},
      signal,
    });
    expect(answer).toMatchObject({ kind: 'response', status: 307 });
    expect(seen).toEqual(['/paid']);
    server.close();
  });

  test('ends the calls under way when it is disposed of', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const system = createSystemFetch();
    const url = `http://127.0.0.1:${port}/`;
    const answering = call({ fetch: system.fetch, method: 'GET', url, signal });
    await once(server, 'request');
    await system[Symbol.asyncDispose]();
    expect(await answering).toMatchObject({ kind: 'lost', sent: true });
    server.close();
  });
});
