import { join } from 'node:path';
import { keepInFlight } from '../keep-in-flight.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { figure, type Section } from '../section.ts';
import { simulatedOpenai } from '../simulated-openai.ts';
import { startServer } from './start-server.ts';

/** Calls of each way at each concurrency. */
const CALLS = { 1: 60, 16: 192, 64: 320 } as const;
const ROUNDS = 3;
const WARM_UP = 8;

interface Way {
  readonly baseUrl: string;
  readonly key: string;
}

/** What the OpenAI-compatible route adds to a call, and how many calls it takes in a second. */
export async function openaiRoute(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  await using simulator = await simulatedOpenai({ seed });
  await using server = await startServer({
    home: join(scratch.path, 'home'),
    baseUrl: simulator.baseUrl,
    concurrency: 64,
  });
  const straight: Way = { baseUrl: simulator.baseUrl, key: 'simulated-key' };
  const routed: Way = { baseUrl: `${server.url}/openai/v1`, key: server.secret };
  for (const way of [straight, routed]) await measure(way, WARM_UP, 2);
  const rows: Section['rows'][number][] = [];
  for (const [concurrency, calls] of Object.entries(CALLS)) {
    rows.push(await compare(straight, routed, Number(concurrency), calls));
  }
  return {
    title:
      'OpenAI-compatible route beside calling the simulator straight: a PNG of 1024x1024 a call',
    how: [
      'The client, the service and the simulated vendor are a process each; straight leaves the service out.',
      'The vendor has no latency but its painting, and no limits; both ways take turns in one run.',
      'A call over the route is planned, paid from the ledger, checked, flushed to the store, and answered.',
    ],
    rows,
  };
}

interface Measured {
  /** Of each call, in order of time. */
  readonly tookMs: readonly number[];
  readonly wallMs: number;
}

async function compare(
  straight: Way,
  routed: Way,
  concurrency: number,
  calls: number,
): Promise<Section['rows'][number]> {
  const rounds: [Measured, Measured][] = [];
  // In turns, so that what else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round += 1) {
    const part = Math.ceil(calls / ROUNDS);
    rounds.push([
      await measure(straight, part, concurrency),
      await measure(routed, part, concurrency),
    ]);
  }
  const [bare, own] = [
    joined(rounds.map(([each]) => each)),
    joined(rounds.map(([, each]) => each)),
  ];
  return {
    concurrency,
    calls,
    'straight p50 ms': figure(percentile(bare, 0.5)),
    'straight p95': figure(percentile(bare, 0.95)),
    'route p50 ms': figure(percentile(own, 0.5)),
    'route p95': figure(percentile(own, 0.95)),
    'added p50 ms': figure(percentile(own, 0.5) - percentile(bare, 0.5)),
    'added p95': figure(percentile(own, 0.95) - percentile(bare, 0.95)),
    'straight/s': figure((calls / bare.wallMs) * 1000),
    'route/s': figure((calls / own.wallMs) * 1000),
  };
}

async function measure(way: Way, calls: number, concurrency: number): Promise<Measured> {
  const tookMs: number[] = [];
  const started = performance.now();
  await keepInFlight(calls, concurrency, async (at) => {
    const begun = performance.now();
    await call(way, `a boat, number ${at}`);
    tookMs.push(performance.now() - begun);
  });
  return { tookMs, wallMs: performance.now() - started };
}

async function call({ baseUrl, key }: Way, prompt: string): Promise<void> {
  const answer = await fetch(`${baseUrl}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'gpt-image-2', prompt, size: '1024x1024', quality: 'medium' }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { b64_json: string }[] };
  if (!data[0]?.b64_json) throw new Error('The answer has no picture.');
}

function joined(parts: readonly Measured[]): Measured {
  return {
    tookMs: parts.flatMap(({ tookMs }) => tookMs).toSorted((one, other) => one - other),
    wallMs: parts.reduce((sum, { wallMs }) => sum + wallMs, 0),
  };
}

function percentile({ tookMs }: Measured, share: number): number {
  return tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? Number.NaN;
}
