/** The service killed under load again and again, with clients that order, repeat and watch through it all. */
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { createClient } from '../../src/api/client/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';

const RUNS = 6;
const IMAGES = 10;
const KILLS = 3;

test(
  'a service that is killed under load loses no run, no event, and pays for nothing twice',
  { timeout: 240_000 },
  async () => {
    const simulation = await simulate({ latencyMs: [100, 400] });
    onTestFinished(() => simulation.close());
    const mill = await imagemill(simulation.environment);
    let server = await startServe(mill);
    const { key } = server;
    // Whoever calls while nobody listens comes again, as clients do.
    const client = createClient({
      baseUrl: 'http://service',
      apiKey: key,
      retries: 60,
      fetch: (address, init) =>
        fetch((address as string).replace('http://service', server.url), init),
    });

    const order = async (place: number) => {
      const rows = Array.from({ length: IMAGES }, (_, image) => ({
        prompt: `run ${place}, a boat, number ${image}`,
      }));
      const { run } = await client.runs.create(
        { rows, settings: { models: ['kling-v3'] }, approve: true },
        { idempotencyKey: `order-${place}` },
      );
      return run;
    };
    const watch = async (run: string) => {
      const sequences: number[] = [];
      for await (const event of client.runs.events(run, { lastEventId: '0' })) {
        if (event.event === 'journal') sequences.push(event.data.sequence);
      }
      return sequences;
    };
    const clients = Array.from({ length: RUNS }, async (_, place) => {
      const run = await order(place);
      return { run, sequences: await watch(run) };
    });
    const all = Promise.all(clients);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const target = (kill * RUNS * IMAGES) / (KILLS + 2);
      await expect
        .poll(() => simulation.kling.bill.images, { timeout: 60_000, interval: 20 })
        .toBeGreaterThanOrEqual(target);
      server = await killAndRestart(server, () => startServe(mill));
    }

    const served = await all;
    expect(new Set(served.map(({ run }) => run)).size).toBe(RUNS);
    for (const { run, sequences } of served) {
      expect(await client.runs.get(run)).toMatchObject({
        state: 'done',
        items: { delivered: IMAGES, unknown: 0 },
      });
      // Every entry of the journal, each once and in its order.
      expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, place) => place + 1));
      const journal = await Array.fromAsync(client.runs.journal(run));
      expect(sequences).toHaveLength(journal.length);
    }
    expect((await client.runs.list()).data).toHaveLength(RUNS);
    expect(simulation.kling.bill.images).toBe(RUNS * IMAGES);
  },
);

async function killAndRestart(
  server: ServeProcess,
  start: () => Promise<ServeProcess>,
): Promise<ServeProcess> {
  server.signal('SIGKILL');
  await server.ended;
  return start();
}
