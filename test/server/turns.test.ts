import { describe, expect, test } from 'vitest';
import { type LiveServer, liveServer } from '../support/live-server.ts';

const SLOTS = 4;
const LARGE = 400;

async function order({ call }: LiveServer, title: string, images: number, key?: string) {
  const prompts = Array.from({ length: images }, (_, place) => `${title}, number ${place}`);
  const answer = await call('POST', '/v1/runs', {
    body: { prompts, title, settings: { models: ['flux-kontext-pro'] }, approve: true },
    ...(key !== undefined && { key }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { run: string }).run;
}

/** How often each run's prompts stand in the vendor's bill, by the beginning of the prompt. */
function billed({ simulation }: LiveServer, title: string): number {
  return simulation.bfl.bill.entries.filter(({ prompt }) => prompt.startsWith(title)).length;
}

/** A vendor with few places, and a large run that has them all. */
async function busyServer() {
  const server = await liveServer({
    vendors: { latencyMs: 120, limits: { slots: SLOTS } },
    config: { turns: { mostInFlight: SLOTS } },
  });
  await order(server, 'large', LARGE);
  await expect.poll(() => billed(server, 'large'), { timeout: 60_000 }).toBeGreaterThan(2 * SLOTS);
  return server;
}

describe('a large run has all places of a vendor', () => {
  test.each([
    ['of the same workspace', 'local'],
    ['of another workspace', 'studio'],
  ])('a run of ten %s is made in turns with it', { timeout: 120_000 }, async (_, workspace) => {
    const server = await busyServer();
    const key = await server.issueKey({ workspace });
    if (workspace !== 'local') {
      const creditMicros = 1_000_000_000;
      await server.engine.service.credits.enter({
        workspace,
        kind: 'grant',
        creditMicros,
        reason: 'test',
      });
    }
    const small = await order(server, 'small', 10, key);
    const before = billed(server, 'large');
    await expect
      .poll(async () => (await server.engine.run(small))?.state, { timeout: 90_000, interval: 50 })
      .toBe('done');
    const meanwhile = billed(server, 'large') - before;
    expect(billed(server, 'small')).toBe(10);
    // Turn by turn, and what was on its way when the small one came, or while its end was told.
    expect(meanwhile).toBeLessThan(10 + 6 * SLOTS);
    expect(billed(server, 'large')).toBeLessThan(LARGE);
  });

  test('a single request does not wait for it', { timeout: 120_000 }, async () => {
    const server = await busyServer();
    const before = billed(server, 'large');
    const answer = await server.call('POST', '/openai/v1/images/generations', {
      body: { model: 'flux-kontext-pro', prompt: 'single', size: '1024x1024' },
    });
    expect(answer.status).toBe(200);
    expect(billed(server, 'large') - before).toBeLessThan(8 * SLOTS);
  });
});
