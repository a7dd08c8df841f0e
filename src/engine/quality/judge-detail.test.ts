import { describe, expect, test } from 'vitest';
import { type Random, seededRandom } from '../core/random.ts';
import { judgeDetail } from './judge-detail.ts';
import { type DetailSample, ModelDetail } from './model-detail.ts';

describe('judgeDetail()', () => {
  test('says nothing before there are 20 images of the start and 8 of the end', () => {
    const values = (count: number) => Array.from({ length: count }, (_, at) => 100 + at);
    expect(judgeDetail(values(19), values(8))).toEqual({ verdict: 'too-early' });
    expect(judgeDetail(values(20), values(7))).toEqual({ start: 109.5, verdict: 'too-early' });
    expect(judgeDetail(values(20), values(8))).toMatchObject({ verdict: 'steady' });
  });

  test('tells medians, their ratio and how likely chance is', () => {
    const start = Array.from({ length: 20 }, (_, at) => 400 + at);
    const latest = Array.from({ length: 8 }, (_, at) => 100 + at);
    const judged = judgeDetail(start, latest);
    expect(judged).toMatchObject({ start: 409.5, latest: 103.5, verdict: 'fell' });
    expect(judged.ratio).toBeCloseTo(0.253, 3);
    expect(judged.probability).toBeCloseTo(1 / 3_108_105, 12);
  });

  test('does not call a sure but small loss a fall', () => {
    const start = Array.from({ length: 20 }, (_, at) => 400 + at);
    const latest = Array.from({ length: 8 }, (_, at) => 360 + at);
    expect(judgeDetail(start, latest)).toMatchObject({ verdict: 'steady' });
  });
});

describe('ModelDetail', () => {
  test.each([
    { left: 0.1, within: 12 },
    { left: 0.25, within: 40 },
  ])(
    'nearly always finds a loss to $left of the detail within $within images',
    ({ left, within }) => {
      const found = Array.from({ length: 60 }, (_, seed) => {
        const random = seededRandom(seed + 1);
        const model = new ModelDetail();
        return Array.from({ length: 50 + within }, (_, at) => {
          model.add(sample(at, at + 1, subject(random) * (at < 50 ? 1 : left)));
          return at < 50 ? 'steady' : model.judge().verdict;
        }).includes('fell');
      });
      expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(52);
    },
  );

  test('cries wolf in few of a hundred queues of 100 images, though it is asked after each', () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => {
      const random = seededRandom(seed + 1_000);
      const model = new ModelDetail();
      let alarm = false;
      for (let order = 1; order <= 100; order += 1) {
        model.add(sample(order, order, subject(random)));
        alarm ||= model.judge().verdict === 'fell';
      }
      return alarm;
    });
    expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(3);
  });

  test('says the same in whatever order the images come', () => {
    const random = seededRandom(7);
    const samples = Array.from({ length: 60 }, (_, at) =>
      sample(at + 1, at + 1, subject(random) * (at > 45 ? 0.1 : 1)),
    );
    const judged = [samples, samples.toReversed(), shuffled(samples, random)].map((order) => {
      const model = new ModelDetail();
      for (const each of order) model.add(each);
      return model.judge();
    });
    expect(judged[0]).toMatchObject({ verdict: 'fell' });
    expect(judged[1]).toEqual(judged[0]);
    expect(judged[2]).toEqual(judged[0]);
  });

  test('does not hold the first images against themselves', () => {
    const model = new ModelDetail();
    for (let at = 1; at <= 27; at += 1) model.add(sample(at, at, at > 12 ? 20 : 400 + at));
    expect(model.judge()).toMatchObject({ verdict: 'too-early' });
    model.add(sample(28, 28, 20));
    expect(model.judge().latest).toBe(20);
  });

  test('looks at the present turn only, and at the start of the first one', () => {
    const model = new ModelDetail();
    for (let at = 1; at <= 40; at += 1) model.add(sample(at, at, at > 30 ? 50 : 400 + at));
    expect(model.judge()).toMatchObject({ verdict: 'fell' });
    // The second turn begins far down the sheet; an image of the first one comes late.
    for (let at = 1; at <= 7; at += 1) model.add(sample(200 + at, at, 390 + at));
    model.add(sample(41, 41, 50));
    expect(model.judge()).toEqual({ start: 410.5, verdict: 'too-early' });
    model.add(sample(208, 8, 390));
    expect(model.judge()).toMatchObject({ verdict: 'steady' });
    for (let at = 9; at <= 16; at += 1) model.add(sample(200 + at, at, 40 + at));
    expect(model.judge()).toMatchObject({ verdict: 'fell' });
  });

  test('notices a turn that begins out of order', () => {
    const model = new ModelDetail();
    for (let at = 1; at <= 30; at += 1) model.add(sample(at, at, 400 + at));
    model.add(sample(103, 3, 60));
    for (const place of [1, 2, 4, 5, 6, 7, 8]) model.add(sample(100 + place, place, 60 + place));
    // Was still being made when the turn had begun.
    model.add(sample(31, 31, 500));
    expect(model.judge()).toMatchObject({ verdict: 'fell', latest: 64.5 });
  });
});

function sample(order: number, streak: number, detail: number): DetailSample {
  return { order, streak, detail };
}

/** Detail of some subject: log-normal, the middle two thirds within a factor of six. */
function subject(random: Random): number {
  const normal =
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return 400 * Math.exp(0.9 * normal);
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  return values
    .map((value) => ({ value, at: random.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value);
}
