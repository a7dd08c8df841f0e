import { describe, expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import type { MasterFacts, ReferenceFinding } from '../core/reference.ts';
import type { Row } from '../core/row.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { createPlanner, type PlannerOptions } from './plan-run.ts';

const catalog = createCatalog(MODELS);

type Pictures = Readonly<Record<string, Partial<MasterFacts> | string>>;

/** What was found of each reference: a picture, or in words why there is none. */
function findings(pictures: Pictures): PlannerOptions['referenceFacts'] {
  const found = new Map(
    Object.entries(pictures).map(([reference, picture]): [string, ReferenceFinding] => [
      reference,
      typeof picture === 'string'
        ? { kind: 'problem', message: picture, remedy: 'Mend it.' }
        : {
            kind: 'picture',
            facts: {
              hash: reference,
              bytes: 1_000,
              mediaType: 'image/png',
              width: 1024,
              height: 1024,
              ...picture,
            },
          },
    ]),
  );
  return (reference) => found.get(reference);
}

function plan(
  rows: readonly Partial<Row>[],
  pictures: Pictures,
  settings: Partial<RunSettings> = {},
) {
  const planner = createPlanner({
    catalog,
    available: MODELS.map((model) => model.id),
    settings: { ...DEFAULT_SETTINGS, models: ['flux'], ...settings },
    referenceFacts: findings(pictures)!,
  });
  const answers = rows.map((row, place) =>
    planner.add({
      kind: 'row',
      row: {
        number: place + 1,
        line: place + 2,
        prompt: 'a cat',
        references: [],
        cells: {},
        ...row,
      },
    }),
  );
  return {
    rows: answers.flatMap((answer) =>
      answer.kind === 'planned' && answer.line.kind === 'row' ? [answer.line.row] : [],
    ),
    problems: answers.flatMap((answer) => (answer.kind === 'problems' ? answer.problems : [])),
    finish: () => planner.finish(),
  };
}

describe('a row’s reference is an error of the plan', () => {
  const kling = { models: ['kling'] };

  test('when it cannot be read, with its line, column and value', () => {
    const { problems } = plan([{}, { references: ['/none.png'] }], { '/none.png': 'No file' });
    expect(problems).toEqual([
      { line: 3, column: 'image', value: '/none.png', message: 'No file', remedy: 'Mend it.' },
    ]);
  });

  test.each<[string, Partial<MasterFacts>, string]>([
    [
      'too small',
      { width: 299, height: 400 },
      '299x400 pixels, and Kling 3.0 takes no side below 300',
    ],
    ['too long', { width: 3001, height: 1200 }, 'differ more than Kling 3.0 takes (2.5:1)'],
  ])('when it is %s for the row’s own model, and not for another', (_, picture, words) => {
    const pictures = { '/a.png': picture };
    const row = { references: ['/a.png'] };
    expect(plan([row], pictures, kling).problems[0]?.message).toContain(words);
    expect(plan([row], pictures).problems).toEqual([]);
    const { problems } = plan([{ ...row, model: 'kling' }, row], pictures);
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });

  test('without a column when the run lent it', () => {
    const lent = { references: ['/a.png'], lentReferences: true } as const;
    const { problems } = plan([lent], { '/a.png': { width: 10 } }, kling);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toHaveProperty('column');
  });

  test('and leaves a model out of the comparison', () => {
    const { finish } = plan([{ references: ['/a.png'] }], { '/a.png': { width: 10, height: 20 } });
    const alternatives = finish().alternatives.filter(({ excluded }) => excluded !== undefined);
    expect(alternatives.map(({ model }) => model)).toEqual(
      expect.arrayContaining(['kling-v3', 'wan2.7-image']),
    );
    expect(alternatives.map(({ model }) => model)).not.toContain('gpt-image-2');
  });
});

describe('a planned row', () => {
  test('has the facts of its masters, and rows with and without references mix', () => {
    const { rows } = plan([{}, { references: ['/a.png', '@b'] }], { '/a.png': {}, '@b': {} });
    expect(rows[0]).not.toHaveProperty('masters');
    expect(rows[1]?.masters?.map(({ hash }) => hash)).toEqual(['/a.png', '@b']);
  });

  test('is known by the pictures that it refers to, not by their paths', () => {
    const key = (pictures: Pictures, ...references: string[]) =>
      plan([{ references }], pictures).rows[0]!.key;
    const before = key({ '/old/a.png': { hash: 'one' } }, '/old/a.png');
    expect(key({ '/new/a.png': { hash: 'one' } }, '/new/a.png')).toBe(before);
    expect(key({ '/old/a.png': { hash: 'two' } }, '/old/a.png')).not.toBe(before);
    const both = { '/a.png': { hash: 'one' }, '/b.png': { hash: 'two' } };
    expect(key(both, '/a.png', '/b.png')).not.toBe(key(both, '/b.png', '/a.png'));
  });

  test('keeps the key of earlier releases when it has no reference', () => {
    // Another key would buy every row of every sheet again.
    expect(plan([{}], {}).rows[0]!.key).toBe('db2c83dd564be2b8454ecb7eb62eeeb7');
  });
});

describe('the plan tells', () => {
  test('how many pictures are fitted, of each kind, each picture once', () => {
    const pictures = {
      '/fits.jpg': {},
      '/photo.heic': {
        mediaType: 'image/avif',
        turned: true,
        width: 3024,
        height: 4032,
        bytes: 3e6,
      },
      '/large.png': { width: 5000, height: 3000, bytes: 16e6 },
    } as const;
    const row = { references: Object.keys(pictures) };
    const made = plan([row, row, { ...row, model: 'gpt-image-2' }], pictures).finish();
    expect(made.references).toEqual({ pictures: 3, fitted: 2 });
    expect(made.warnings).toEqual([
      '3 reference images, 2 of them fitted to the model in a copy (the originals stay as they are)',
      '1 reference image turned upright',
      '1 reference image converted to a format that the model takes',
      '2 reference images scaled down to the pixels that the model takes',
      '2 reference images compressed to the bytes that the model takes',
    ]);
  });

  test('nothing of pictures that are sent as they are, and nothing without any', () => {
    const made = plan([{ references: ['/a.png'] }], { '/a.png': {} }).finish();
    expect(made.references).toEqual({ pictures: 1, fitted: 0 });
    expect(made.warnings).toEqual([]);
    expect(plan([{}], {}).finish()).not.toHaveProperty('references');
  });
});

describe('auto', () => {
  test('takes a model that takes as many references as the row has', () => {
    const names = ['/1', '/2', '/3', '/4', '/5'];
    const pictures = Object.fromEntries(names.map((name) => [name, {}]));
    const size = { width: 768, height: 768 };
    const { rows, finish } = plan(
      [{ size }, { size, references: names.slice(0, 4) }, { size, references: names }],
      pictures,
      { models: ['auto'] },
    );
    expect(rows[0]?.model).toBe('flux-kontext-pro');
    expect(rows[1]?.model).toBe('flux-kontext-pro');
    expect(rows[2]?.model).not.toBe('flux-kontext-pro');
    expect(finish().choice.join('\n')).toContain('left out for 5 references: FLUX Kontext Pro');
  });
});

describe('a seed', () => {
  const SAME = 'repeats an earlier one with the same seed';

  test('that copies of a row share is warned of where the model honours it', () => {
    const warned = (rows: readonly Partial<Row>[], settings: Partial<RunSettings>) =>
      plan(rows, {}, settings)
        .finish()
        .warnings.filter((text) => text.includes(SAME));
    const twice = [{ seed: 7 }, { seed: 7 }, { seed: 8 }];
    expect(warned(twice, {})).toEqual([expect.stringMatching(/^1 row: .*FLUX Kontext Pro makes/)]);
    expect(warned(twice, { models: ['gpt-image-2'] })).toEqual([]);
    expect(warned([{}, {}], {})).toEqual([]);
    expect(warned([{}, {}], { seed: 3 })).toHaveLength(1);
    expect(warned(twice, { duplicates: 'collapse' })).toEqual([]);
  });
});
