import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepInFlight } from '../keep-in-flight.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { figure, type Section } from '../section.ts';
import { simulatedOpenai } from '../simulated-openai.ts';
import { watchStream } from './event-client.ts';
import { type StartedServer, startServer } from './start-server.ts';

const STREAMS = [0, 1, 100, 1_000];
const IMAGES = 40;
/** Streams that are being opened at a time. */
const OPENING = 32;
/** Streams that a server has had before it is measured. */
const WARM_UP = 50;
/** What making and opening left behind is cleared away in so long. */
const SETTLE_MS = 3_000;
const MEGABYTE = 1024 * 1024;

/** Memory of a server with many open streams, and how long an entry of a journal takes to them. */
export async function eventStreams(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  await using simulator = await simulatedOpenai({ seed, latencyMs: 200 });
  const rows: Section['rows'][number][] = [];
  for (const streams of STREAMS) {
    await using server = await startServer({
      home: join(scratch.path, `home-${streams}`),
      baseUrl: simulator.baseUrl,
      concurrency: 4,
    });
    await warmUp(server);
    rows.push(await measure(server, streams));
  }
  return {
    title: `Open event streams: memory of the server, and how long an entry of the journal takes`,
    how: [
      `All streams watch one run of ${IMAGES} images, and are read by one other process; server, client and`,
      'simulated vendor share the machine. Every server has had some streams before, and has made nothing yet.',
      "ms: from the time that the store gave the entry, before its commit was flushed, to the client's reading.",
    ],
    rows,
  };
}

async function measure(server: StartedServer, streams: number): Promise<Section['rows'][number]> {
  const run = await makeRun(server);
  await sleep(SETTLE_MS);
  const before = await server.bytesHeld();
  const url = `${server.url}/v1/runs/${run}/events`;
  const watches = Array.from<ReturnType<typeof watchStream>>({ length: streams });
  await keepInFlight(streams, OPENING, async (at) => {
    watches[at] = watchStream(url, server.secret);
    await watches[at].opened;
  });
  await sleep(SETTLE_MS);
  const open = await server.bytesHeld();
  const started = performance.now();
  await workOn(server, run);
  await Promise.all(watches.map(({ ended }) => ended));
  const seconds = (performance.now() - started) / 1000;
  const took = watches.flatMap(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
  const at = (share: number) => took[Math.floor((took.length - 1) * share)];
  return {
    streams,
    'MB before': figure(before / MEGABYTE),
    'MB open': figure(open / MEGABYTE),
    'kB a stream': streams < 100 ? '' : figure((open - before) / 1024 / streams),
    'MB after the run': figure((await server.bytesHeld()) / MEGABYTE),
    'run s': figure(seconds),
    entries: took.length,
    'p50 ms': at(0.5) ?? '',
    'p95 ms': at(0.95) ?? '',
    'p99 ms': at(0.99) ?? '',
  };
}

async function warmUp(server: StartedServer): Promise<void> {
  const url = `${server.url}/v1/runs/${await makeRun(server)}/events`;
  const watches = Array.from({ length: WARM_UP }, () => watchStream(url, server.secret));
  await Promise.all(watches.map(({ opened }) => opened));
  for (const { leave } of watches) leave();
}

async function makeRun(server: StartedServer): Promise<string> {
  const rows = Array.from({ length: IMAGES }, (_, at) => ({ prompt: `a boat, number ${at}` }));
  const body = { rows, settings: { models: ['gpt-image-2'] }, approve: false };
  const { run } = (await call(server, 'POST', '/v1/runs', body)) as { run: string };
  while ((await stateOf(server, run)) !== 'awaiting_approval') await sleep(50);
  return run;
}

async function workOn(server: StartedServer, run: string): Promise<void> {
  await call(server, 'POST', `/v1/runs/${run}/approve`);
  while ((await stateOf(server, run)) !== 'done') await sleep(200);
}

async function stateOf(server: StartedServer, run: string): Promise<string> {
  return ((await call(server, 'GET', `/v1/runs/${run}`)) as { state: string }).state;
}

async function call(
  { url, secret }: StartedServer,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
