import { expect, test } from 'vitest';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { createBflSimulator } from './bfl/bfl-simulator.ts';
import { createDashscopeSimulator } from './dashscope/dashscope-simulator.ts';
import { createKlingSimulator } from './kling/kling-simulator.ts';
import { createOpenaiSimulator } from './openai/openai-simulator.ts';
import { simulatedFetch } from './simulated-fetch.ts';

const SETTINGS = {
  limits: { imagesPerMinute: 30, slots: 6 },
  refusals: { share: 0.2 },
  pollError: 0.1,
  faults: { replyLost: 0.1, truncated: 0.1, status503: 0.1, status500: 0.1, expiredUrl: 0.2 },
} as const;

/** Submits, polls and fetches at several vendors at once; everything that happened, as text. */
async function runOnce(seed: number, settleTurns: number): Promise<string> {
  const clock = new VirtualClock({ settleTurns });
  const options = { ...SETTINGS, latencyMs: [500, 9000] as [number, number], clock, seed };
  const vendors = {
    'http://openai.simulated': createOpenaiSimulator({ ...options, replyMs: 0 }),
    'http://bfl.simulated': createBflSimulator({ ...options, replyMs: [5, 80] }),
    'http://kling.simulated': createKlingSimulator({ ...options, replyMs: [5, 80] }),
    'http://dashscope.simulated': createDashscopeSimulator({ ...options, replyMs: [5, 80] }),
  };
  const reach = simulatedFetch(vendors);
  const headers = { authorization: 'Bearer k', 'x-key': 'k' };
  const send = async (url: string, body?: unknown) => {
    const post = {
      method: 'POST',
      headers: { ...headers, 'x-dashscope-async': 'enable' },
      body: JSON.stringify(body),
    };
    const response = await reach(url, body === undefined ? { headers } : post);
    return await response.text();
  };
  const textOf = (url: string, body?: unknown) =>
    send(url, body).catch((error: Error) => error.message);
  const quietly = async (url: string, body?: unknown) => {
    const text = await textOf(url, body);
    return [...text.matchAll(/http:[^"]*/g)].map(([address]) => address);
  };
  const client = async (name: number) => {
    for (let turn = 0; turn < 6; turn += 1) {
      const prompt = `${name} ${turn}`;
      const key = `${name}-${turn}`;
      const openai = 'http://openai.simulated/v1/images/generations';
      await quietly(openai, { model: 'gpt-image-2', prompt, n: 1 + (turn % 3) });
      const [polling] = await quietly('http://bfl.simulated/v1/flux-kontext-pro', { prompt });
      const kling = 'http://kling.simulated/v1/images/generations';
      await quietly(kling, { model_name: 'kling-v3', prompt, external_task_id: key });
      const dashscope = 'http://dashscope.simulated/api/v1';
      const ordered = await textOf(`${dashscope}/services/aigc/image-generation/generation`, {
        model: 'wan2.7-image',
        input: { messages: [{ role: 'user', content: [{ text: prompt }] }] },
        parameters: { n: 1, size: '1K' },
      });
      const task = /"task_id":"([^"]+)"/.exec(ordered)?.[1] ?? 'lost';
      await clock.sleep(10_000);
      for (const address of [polling, `${kling}/${key}`, `${dashscope}/tasks/${task}`]) {
        for (const picture of address === undefined ? [] : await quietly(address)) {
          await quietly(picture);
        }
      }
    }
  };
  await clock.runUntil(Promise.all([1, 2, 3, 4].map(client)));
  return JSON.stringify(Object.values(vendors).map(({ log, bill }) => [log, bill]));
}

test('the same seed on a virtual clock gives the same logs and bills at all vendors', async () => {
  const first = await runOnce(7, 3);
  expect(await runOnce(7, 3)).toBe(first);
  expect(await runOnce(8, 3)).not.toBe(first);
});

test('nothing waits for anything but the clock: one turn of the event loop settles all', async () => {
  expect(await runOnce(7, 1)).toBe(await runOnce(7, 5));
});

test('an origin that is not simulated cannot be reached', async () => {
  await expect(simulatedFetch({})('http://nobody.simulated/')).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
});

test('a call that is aborted before it starts is not seen by the vendor', async () => {
  const simulator = createOpenaiSimulator({ clock: new VirtualClock() });
  const reach = simulatedFetch({ 'http://openai.simulated': simulator });
  const call = reach('http://openai.simulated/v1/models', { signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(simulator.log.entries).toEqual([]);
});

test('a client that leaves while it waits is billed, not delivered', async () => {
  const clock = new VirtualClock();
  const simulator = createOpenaiSimulator({ clock, latencyMs: 5000 });
  const leave = new AbortController();
  const call = simulator.fetch(
    new Request('http://openai.simulated/v1/images/generations', {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify({ model: 'gpt-image-2', prompt: 'a fox' }),
      signal: leave.signal,
    }),
  );
  const rejected = expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await clock.advance(1000);
  leave.abort();
  await rejected;
  await clock.runUntilIdle();
  expect(simulator.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
});
