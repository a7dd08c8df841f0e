import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Behaviour } from '../behaviour.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import { createManyPromptsSimulator } from './many-prompts-simulator.ts';

const KEY = 'im-request-1';

function createWorld(behaviour: Behaviour = {}) {
  const clock = new VirtualClock();
  const simulator = createManyPromptsSimulator({ clock, ...behaviour });
  const ask = (method: string, path: string, body?: unknown, headers = {}) =>
    simulator.fetch(
      new Request(`http://many.simulated${path}`, {
        method,
        headers: { authorization: 'Bearer k', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  return { clock, simulator, ask };
}

function order(prompts: readonly string[], given: { readonly key?: string } = {}) {
  return {
    key: given.key ?? KEY,
    model: 'painter-2',
    prompts: prompts.map((prompt, place) => ({
      key: `prompt-${place}-of-it`,
      prompt,
      width: 128,
      height: 128,
      quality: 'medium',
      count: 1,
      format: 'png',
    })),
  };
}

interface Result {
  readonly key: string;
  readonly usd: number;
  readonly images?: readonly { readonly b64: string }[];
  readonly refused?: { readonly stage: string };
}

async function resultsOf(response: Response): Promise<readonly Result[]> {
  return ((await response.json()) as { results: Result[] }).results;
}

describe('the many-prompts simulator', () => {
  test('makes each prompt its own picture and bills it', async () => {
    const { simulator, ask } = createWorld();
    const results = await resultsOf(await ask('POST', '/prompts', order(['a fox', 'an owl'])));
    expect(results.map(({ key, usd }) => [key, usd])).toEqual([
      ['prompt-0-of-it', 0.02],
      ['prompt-1-of-it', 0.02],
    ]);
    const marks = results.map(({ images }) =>
      readSimulatedMark(Buffer.from(images![0]!.b64, 'base64')),
    );
    expect(marks.map((mark) => mark?.promptHash)).toEqual([
      hashPrompt('a fox'),
      hashPrompt('an owl'),
    ]);
    expect(simulator.bill.toJSON()).toMatchObject({ images: 2, usdMicros: 40_000 });
    expect(simulator.bill.entries.every(({ delivered }) => delivered)).toBe(true);
  });

  test('refuses all prompts for one, and makes and bills nothing', async () => {
    const { simulator, ask } = createWorld({ refusals: { pattern: 'blood', stage: 'input' } });
    const refused = await ask('POST', '/prompts', order(['a fox', 'blood', 'an owl']));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ error: { code: 'refused', stage: 'input' } });
    expect(simulator.bill.images).toBe(0);
  });

  test('bills the prompts of a refused request where it is told to', async () => {
    const { simulator, ask } = createWorld({
      refusals: { pattern: 'blood' },
      refusedPromptUsd: 0.001,
    });
    const refused = await ask('POST', '/prompts', order(['a fox', 'blood', 'an owl']));
    expect(await refused.json()).toMatchObject({ error: { code: 'refused', usd: 0.003 } });
    expect(simulator.bill.toJSON()).toMatchObject({ images: 0, usdMicros: 3_000 });
  });

  test('refuses one prompt only where it is told to', async () => {
    const { simulator, ask } = createWorld({
      refusals: { pattern: 'blood', stage: 'output' },
      refuseWhole: false,
    });
    const results = await resultsOf(await ask('POST', '/prompts', order(['a fox', 'blood'])));
    expect(results[1]).toMatchObject({ usd: 0, refused: { stage: 'output' } });
    expect(simulator.bill.images).toBe(1);
  });

  test('makes a key once, and answers it again', async () => {
    const { simulator, ask } = createWorld();
    const first = await resultsOf(await ask('POST', '/prompts', order(['a fox'])));
    const again = await resultsOf(await ask('POST', '/prompts', order(['a fox'])));
    const found = await resultsOf(await ask('GET', `/prompts/${KEY}`));
    expect([again, found]).toEqual([first, first]);
    expect(simulator.bill.images).toBe(1);
  });

  test('takes no key for another content', async () => {
    const { ask } = createWorld();
    await ask('POST', '/prompts', order(['a fox']));
    const other = await ask('POST', '/prompts', order(['an owl']));
    expect([other.status, await other.json()]).toMatchObject([
      409,
      { error: { code: 'key_used' } },
    ]);
  });

  test('says that it still works when the caller waits no longer', async () => {
    const { clock, simulator, ask } = createWorld({ latencyMs: 60_000 });
    const asking = ask('POST', '/prompts', order(['a fox']), { prefer: 'wait=5' });
    await clock.advance(5000);
    expect((await asking).status).toBe(202);
    expect((await ask('GET', `/prompts/${KEY}`)).status).toBe(202);
    await clock.advance(55_000);
    expect(await resultsOf(await ask('GET', `/prompts/${KEY}`))).toHaveLength(1);
    expect(simulator.bill.images).toBe(1);
  });

  test('keeps what was made before its answer was lost', async () => {
    const { simulator, ask } = createWorld({ faults: { replyLost: 1 } });
    await expect(ask('POST', '/prompts', order(['a fox']))).rejects.toThrow('fetch failed');
    expect(await resultsOf(await ask('GET', `/prompts/${KEY}`))).toHaveLength(1);
    expect(simulator.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
  });

  test('knows nothing of a request that it turned away', async () => {
    const { ask } = createWorld({ faults: { status503: 1 } });
    expect((await ask('POST', '/prompts', order(['a fox']))).status).toBe(503);
    expect((await ask('GET', `/prompts/${KEY}`)).status).toBe(404);
  });

  test('counts the images of a request against the limit', async () => {
    const { ask } = createWorld({ limits: { imagesPerMinute: 3 } });
    expect((await ask('POST', '/prompts', order(['a', 'b']))).status).toBe(200);
    const full = await ask('POST', '/prompts', order(['c', 'd'], { key: 'im-request-2' }));
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '60']);
  });

  test('quotes for nothing', async () => {
    const { simulator, ask } = createWorld();
    const quote = await ask('POST', '/quote', order(['a fox', 'an owl']));
    expect(await quote.json()).toEqual({ usd: 0.04 });
    expect(simulator.bill.images).toBe(0);
  });

  test.each([
    ['no prompt', { ...order([]) }],
    [
      'two prompts of one key',
      { ...order(['a']), prompts: [...order(['a']).prompts, ...order(['b']).prompts] },
    ],
    ['a key of other letters', order(['a'], { key: 'NOT OURS' })],
  ])('turns away %s', async (_what, body) => {
    const { ask } = createWorld();
    const answer = await ask('POST', '/prompts', body);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_request' } },
    ]);
  });
});
