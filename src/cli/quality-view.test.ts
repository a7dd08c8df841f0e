import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { noFlags } from '../../test/support/no-flags.ts';
import type { ModelQuality, QualityReport } from '../engine/engine-types.ts';
import { qualityLines, qualityTable, sparkline } from './quality-view.ts';

const NO_FLAGS = noFlags();

describe('quality', () => {
  test('is a line of bars for each model, with its start, its latest and a verdict', () => {
    const fallen = aModel({
      model: 'gpt-image-2',
      start: 412.4,
      latest: 95.2,
      ratio: 0.23,
      verdict: 'fell',
      curve: [400, 390, 200, 100].map((detail, at) => ({ from: at * 10 + 1, images: 10, detail })),
    });
    expect(table(fallen, aModel({ model: 'kling-v3' }))).toEqual([
      'Model        Detail along its queue  Start  Latest  Left  Verdict',
      'gpt-image-2  ██▅▃                      412    95.2  23 %  fell below its start',
      'kling-v3     █                                            too early to say',
    ]);
  });

  test('has a column for canaries where there are any', () => {
    const canaries = [
      { number: 2, row: 30, ratio: 1, difference: 0, verdict: 'same' as const },
      { number: 3, row: 60, ratio: 0.41, difference: 0.02, verdict: 'less-detail' as const },
    ];
    const [titles, row] = table(aModel({ model: 'flux-kontext-pro', canaries }));
    expect(titles).toMatch(/Verdict +Canaries$/);
    expect(row).toMatch(/2, last 41 %$/);
    expect(lines(aModel({ model: 'flux-kontext-pro', canaries }))).toEqual([
      'The canary of flux-kontext-pro has 41 % of its first’s detail: the model has lost detail',
    ]);
  });

  test('leaves points of one or two images out of the bars, where there are others', () => {
    const curve = [3, 3, 1].map((images, at) => ({
      from: at * 5 + 1,
      images,
      detail: 1 + at * 40,
    }));
    expect(table(aModel({ curve }))[1]).toMatch(/^a-model  ▁█ /);
    expect(table(aModel({ curve: curve.slice(2) }))[1]).toMatch(/^a-model  █ /);
  });

  test('calls no model steady that stands far below its start', () => {
    const [, far, near] = table(
      aModel({ verdict: 'steady', ratio: 0.1 }),
      aModel({ verdict: 'steady', ratio: 0.9 }),
    );
    expect(far).toMatch(/10 % +lower, but may be chance$/);
    expect(near).toMatch(/90 % +steady$/);
  });

  test('says nothing while all is well', () => {
    expect(lines(aModel({ verdict: 'steady', ratio: 0.9 }))).toEqual([]);
    expect(table()).toEqual([]);
  });

  test('names what has fallen, and counts what is flagged', () => {
    const flags = { ...NO_FLAGS, 'near-duplicate': 3, drifted: 1, blank: 1 };
    const quality = { models: [aModel({ verdict: 'fell', ratio: 0.301 })], flags };
    expect(qualityLines({ quality })).toEqual([
      'Detail of a-model is at 30 % of its start: look at its latest images (subjects differ in it too)',
      'Flagged: 1 blank, 3 near-duplicates, 1 drifted (column flags of results.csv)',
    ]);
  });

  test('draws bars from nothing to the largest value', () => {
    expect(sparkline([])).toBe('');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([8, 4, 1, 0])).toBe('█▅▂▁');
  });
});

function aModel(change: Partial<ModelQuality>): ModelQuality {
  return {
    model: 'a-model',
    verdict: 'too-early',
    curve: [{ from: 1, images: 3, detail: 300 }],
    canaries: [],
    ...change,
  };
}

function report(models: readonly ModelQuality[]): { quality: QualityReport } {
  return { quality: { models, flags: NO_FLAGS } };
}

function table(...models: ModelQuality[]): string[] {
  return qualityTable(report(models), picocolors.createColors(false)).map((line) =>
    stripVTControlCharacters(line),
  );
}

function lines(...models: ModelQuality[]): string[] {
  return qualityLines(report(models));
}
