import { expect, onTestFinished, test } from 'vitest';
import { stallingRelay } from './stalling-relay.ts';
import { beginMachines, expectSound, testCluster } from './test-cluster.ts';

const IMAGES = 6;
const LONGEST_SECONDS = 4;

test('a vendor that takes calls and never answers is not asked twice: told as unknown, or looked up', async () => {
  const cluster = await testCluster({ longestSeconds: LONGEST_SECONDS });
  await beginMachines(cluster);
  await cluster.vendors.change('openai', { faults: { hang: 1 } });
  await cluster.vendors.change('kling', { faults: { hang: 0.5 } });
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  const { images, unknownRequests, billedImages } = await expectSound(cluster);
  // OpenAI cannot be asked what became of a call. Kling can.
  expect(images).toEqual({ unknown: IMAGES, delivered: IMAGES });
  expect(unknownRequests).toBe(IMAGES);
  expect(billedImages).toBe(2 * IMAGES);
}, 120_000);

test('an answer that begins and never ends is told as unknown, and not asked for again', async () => {
  const cluster = await testCluster({ longestSeconds: LONGEST_SECONDS });
  const relay = await stallingRelay(cluster.vendors.environment['OPENAI_BASE_URL']!);
  onTestFinished(() => relay[Symbol.asyncDispose]());
  const environment = { OPENAI_BASE_URL: `${relay.url}/v1` };
  await cluster.serve('server-0', { environment });
  cluster.worker('worker-0', { environment });
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
  await cluster.order('rich', 'gpt-image-2', IMAGES);
  const { images, billedImages } = await expectSound(cluster);
  expect(images).toEqual({ unknown: IMAGES });
  expect(billedImages).toBe(IMAGES);
}, 120_000);
