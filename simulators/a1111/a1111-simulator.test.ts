import sharp from 'sharp';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { createA1111Simulator } from './a1111-simulator.ts';

function world(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createA1111Simulator({ clock, ...options });
  const post = (way: string, body: unknown, authorization = '') =>
    simulator.fetch(
      new Request(`http://a1111.simulated/sdapi/v1/${way}`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(body),
      }),
    );
  return { clock, simulator, post };
}

interface Answer {
  readonly images: readonly string[];
  readonly info: string;
}

test('a batch is painted by the checkpoint that was asked for, its seeds counted up', async () => {
  const { simulator, post } = world();
  const override_settings = { sd_model_checkpoint: 'sd_xl_base_1.0' };
  const size = { width: 512, height: 768 };
  const body = { prompt: 'a fox', seed: 7, batch_size: 2, ...size, override_settings };
  const answer = (await (await post('txt2img', body)).json()) as Answer;
  const bytes = Buffer.from(answer.images[0] ?? '', 'base64');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', ...size });
  expect(readSimulatedMark(bytes)?.promptHash).toBe(hashPrompt('a fox'));
  expect(JSON.parse(answer.info)).toMatchObject({
    all_seeds: [7, 8],
    sd_model_name: 'sd_xl_base_1.0',
  });
  expect(simulator.bill.entries).toMatchObject([
    { model: 'sd_xl_base_1.0', images: 2, usdMicros: 0, delivered: true },
  ]);
});

test('an unknown checkpoint is passed over without a word', async () => {
  const { simulator, post } = world();
  const override_settings = { sd_model_checkpoint: 'none' };
  expect((await post('txt2img', { prompt: 'a fox', override_settings })).status).toBe(200);
  expect(simulator.bill.entries[0]?.model).toBe('v1-5-pruned-emaonly');
});

test('one request is painted after the other, and nobody is refused', async () => {
  const { clock, simulator, post } = world({ latencyMs: 1000 });
  const answers = [1, 2, 3].map(() => post('txt2img', { prompt: 'a fox' }));
  await clock.advance(2000);
  expect(simulator.bill.images).toBe(2);
  await clock.advance(1000);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(audit(simulator.log, { windowMs: 60_000, max: Infinity }).peakSlots).toBe(3);
});

test.each([
  ['txt2img', { prompt: 7 }, 422],
  ['txt2img', { prompt: 'a', width: '512' }, 422],
  ['txt2img', { prompt: 'a', sampler_name: 'none' }, 404],
  ['img2img', { prompt: 'a' }, 404],
  ['none', {}, 404],
])('%s with %j is a %i', async (way, body, status) => {
  expect((await world().post(way, body)).status).toBe(status);
});

test('a card that is full is an error in the server’s own shape', async () => {
  const { simulator, post } = world({ faults: { taskFailed: 1 } });
  const answer = await post('txt2img', { prompt: 'a fox' });
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: 'OutOfMemoryError' });
  expect(simulator.bill.images).toBe(0);
});

test('a password is asked for only where there is one', async () => {
  const { post } = world({ apiKey: 'me:secret' });
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  const statuses = await Promise.all(
    ['', 'Basic bWU6bm8=', basic].map(async (key) => {
      return (await post('txt2img', { prompt: 'a fox' }, key)).status;
    }),
  );
  expect(statuses).toEqual([401, 401, 200]);
});
