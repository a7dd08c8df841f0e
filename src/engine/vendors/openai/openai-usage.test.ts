import { describe, expect, test } from 'vitest';
import { createOpenaiSimulator } from '../../../../simulators/openai/openai-simulator.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createOpenaiLane } from './openai.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);

function aLane(adminKey: string | undefined, answer?: (request: Request) => Promise<Response>) {
  const simulator = createOpenaiSimulator({ clock: new VirtualClock() });
  const asked: URL[] = [];
  const keys: (string | null)[] = [];
  const lane = createOpenaiLane({
    apiKey: 'sk-plain-key',
    ...(adminKey !== undefined && { adminKey }),
    baseUrl: 'http://openai.simulated/v1',
    clock: new VirtualClock(),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push(new URL(request.url));
      keys.push(request.headers.get('authorization'));
      return (answer ?? ((each) => simulator.fetch(each)))(request);
    },
  });
  const bill = (at: number, images: number, model = 'gpt-image-2') =>
    simulator.bill.add({
      vendor: 'openai',
      at,
      model,
      prompt: 'a fox',
      taskId: `task-${at}`,
      images,
      usdMicros: images * 53_000,
      delivered: true,
      imageHashes: [],
    });
  const usage = (from: number, to: number) =>
    lane.usage!({ from, to }, { signal: new AbortController().signal });
  return { lane, bill, usage, asked, keys };
}

describe('OpenAI’s usage', () => {
  test('is counted by minute and model, and summed up by day', async () => {
    const { bill, usage, keys } = aLane('sk-admin-key');
    bill(NOON + 10_000, 2);
    bill(NOON + 50_000, 1);
    bill(NOON + 70_000, 4, 'gpt-image-2.5-flare');
    expect(await usage(NOON + 5_000, NOON + 2 * MINUTE)).toEqual({
      kind: 'usage',
      lines: [
        { at: NOON, spanMs: MINUTE, images: 3, model: 'gpt-image-2' },
        { at: NOON + MINUTE, spanMs: MINUTE, images: 4, model: 'gpt-image-2.5-flare' },
        { at: NOON - DAY / 2, spanMs: DAY, model: 'gpt-image-2', usdMicros: 159_000 },
        { at: NOON - DAY / 2, spanMs: DAY, model: 'gpt-image-2.5-flare', usdMicros: 212_000 },
      ],
    });
    expect(new Set(keys)).toEqual(new Set(['Bearer sk-admin-key']));
  });

  test('is read page by page', async () => {
    const { bill, usage, asked } = aLane('sk-admin-key');
    bill(NOON, 1);
    bill(NOON + 2.5 * DAY, 1);
    const answer = await usage(NOON, NOON + 3 * DAY);
    const counted = answer.kind === 'usage' ? answer.lines.filter(({ images }) => images) : [];
    expect(counted.map(({ at }) => at)).toEqual([NOON, NOON + 2.5 * DAY]);
    const pages = asked.filter(({ pathname }) => pathname === '/v1/organization/usage/images');
    expect(pages.map(({ searchParams }) => searchParams.get('bucket_width'))).toEqual([
      '1m',
      '1m',
      '1m',
    ]);
  });

  test('is counted by the hour over a long time', async () => {
    const { bill, usage, asked } = aLane('sk-admin-key');
    bill(NOON + DAY, 5);
    const answer = await usage(NOON, NOON + 20 * DAY);
    expect(answer).toMatchObject({ lines: [{ spanMs: 60 * MINUTE, images: 5 }, { spanMs: DAY }] });
    expect(asked[0]?.searchParams.get('bucket_width')).toBe('1h');
  });

  test('is not asked for without an admin key', async () => {
    const { usage, asked } = aLane(undefined);
    expect(await usage(NOON, NOON + MINUTE)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'key-unusable', words: expect.stringContaining('OPENAI_ADMIN_KEY') },
    });
    expect(asked).toEqual([]);
  });

  test.each([
    [
      'a refusal',
      () => Response.json({ error: { message: 'no' } }, { status: 403 }),
      'key-unusable',
    ],
    ['another shape', () => Response.json({ data: 'none' }), 'unknown'],
    ['a page of a proxy', () => new Response('<html>', { status: 200 }), 'unknown'],
  ])('comes as a failure after %s', async (_, respond, kind) => {
    const { usage } = aLane('sk-admin-key', async () => respond());
    expect(await usage(NOON, NOON + MINUTE)).toMatchObject({ kind: 'failed', failure: { kind } });
  });

  test('never tells the admin key', async () => {
    const { usage } = aLane('sk-admin-key', async () =>
      Response.json({ error: { message: 'bad key sk-admin-key' } }, { status: 401 }),
    );
    expect(JSON.stringify(await usage(NOON, NOON + MINUTE))).not.toContain('sk-admin-key');
  });
});
