import sharp from 'sharp';
import { expect, test } from 'vitest';
import { hashPrompt, readSimulatedMark } from '../../../simulators/index.ts';
import {
  PROMPTS,
  faulty,
  downloadAll,
  linesOf,
  failureOf,
  usdOf,
  type Subject,
} from './subject.ts';

/** Each line comes back once, by its key, with its own picture, price and end. */
export function describeLines({ harness, bundleOf, carry }: Subject): void {
  test('brings each line back once, by its key, with the picture of its own prompt', async () => {
    const { lane, ended, orders } = await carry();
    const lines = linesOf(ended);
    expect(lines.map(({ key }) => key).toSorted()).toEqual(
      PROMPTS.map((_prompt, index) => `run-7f3a-row-${index}`),
    );
    for (const { key, answer } of lines) {
      const [bytes, ...more] = await downloadAll(lane, answer);
      expect(more).toEqual([]);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: 1024, height: 1024 });
      expect(readSimulatedMark(bytes!)?.promptHash).toBe(
        hashPrompt(PROMPTS[Number(key.split('-').at(-1))]!),
      );
    }
    expect(orders()).toHaveLength(1);
  });

  test.runIf(harness.imagesPerRequest > 1)('brings several pictures of one line', async () => {
    const bundle = bundleOf(['a fox', 'a mill'], { count: 2 });
    const { lane, ended, simulator } = await carry({}, bundle);
    const all = await Promise.all(linesOf(ended).map(({ answer }) => downloadAll(lane, answer)));
    const ids = all.flat().map((bytes) => readSimulatedMark(bytes)?.imageId);
    expect(all.map((pictures) => pictures.length)).toEqual([2, 2]);
    expect(new Set(ids).size).toBe(4);
    expect(simulator.bill.images).toBe(4);
  });

  test.runIf(harness.tellsDollars)('tells the dollars that the vendor bills', async () => {
    const { ended, simulator } = await carry();
    expect(usdOf(linesOf(ended))).toBe(simulator.bill.usdMicros);
    expect(simulator.bill.usdMicros).toBeGreaterThan(0);
  });

  test.each(['input', 'output'] as const)(
    'keeps a refusal of the %s to its own line',
    async (stage) => {
      const { lane, ended, simulator } = await carry({ refusals: { pattern: 'herons', stage } });
      const lines = linesOf(ended);
      const refused = lines.filter(({ answer }) => answer.kind === 'failed');
      expect(refused.map(({ key }) => key)).toEqual(['run-7f3a-row-2']);
      expect(failureOf(refused[0]!.answer)).toMatchObject(harness.refusals[stage]);
      expect(failureOf(refused[0]!.answer).words).not.toBe('');
      const made = lines.filter(({ answer }) => answer.kind === 'answered');
      for (const { answer } of made) expect(await downloadAll(lane, answer)).toHaveLength(1);
      expect([made.length, simulator.bill.images]).toEqual([4, 4]);
      if (harness.tellsDollars) expect(usdOf(lines)).toBe(simulator.bill.usdMicros);
    },
  );

  test.runIf(harness.lineFailure !== undefined)(
    'knows lines whose making failed, which are not billed',
    async () => {
      const { ended, simulator } = await carry(faulty('taskFailed'));
      const kinds = linesOf(ended).map(({ answer }) => failureOf(answer).kind);
      expect(kinds).toEqual(PROMPTS.map(() => harness.lineFailure));
      expect(simulator.bill.images).toBe(0);
    },
  );
}
