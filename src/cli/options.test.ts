import { describe, expect, test } from 'vitest';
import { InputError } from '../engine/core/errors.ts';
import { DEFAULT_UPSCALE_METHOD } from '../engine/core/recipe.ts';
import { DEFAULT_SETTINGS } from '../engine/core/settings.ts';
import { type OptionSources, readChanges, readRunOptions, variableOf } from './options.ts';
import { RUN_OPTIONS } from './run-options.ts';

function read(sources: Partial<OptionSources>) {
  return readRunOptions({ options: {}, environment: {}, workingFolder: '/here', ...sources });
}

function problemsOf(sources: Partial<OptionSources>) {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

describe('where an option comes from', () => {
  test('without anything said the built-in defaults hold', () => {
    expect(read({}).settings).toEqual(DEFAULT_SETTINGS);
  });

  test('the command line goes before the environment, and that before the config file', () => {
    const defaults = {
      file: '/etc/imagemill.yaml',
      values: { count: 2, 'batch-size': 2, seed: 2 },
    };
    const environment = { IMAGEMILL_COUNT: '3', IMAGEMILL_BATCH_SIZE: '3' };
    const { settings } = read({ options: { count: '4' }, environment, defaults });
    expect(settings).toMatchObject({ count: 4, batchSize: 3, seed: 2 });
  });

  test('an empty variable is as none', () => {
    expect(read({ environment: { IMAGEMILL_COUNT: ' ' } }).settings.count).toBe(1);
  });

  test('a config file may write what YAML has: lists, numbers, mappings, either dash', () => {
    const values = {
      model: ['gpt-image-2', 'kling-v3'],
      batch_size: 10,
      map: { Caption: 'prompt', Link: null },
      'skip-bad-rows': true,
    };
    expect(read({ defaults: { file: '/etc/imagemill.yaml', values } }).settings).toMatchObject({
      models: ['gpt-image-2', 'kling-v3'],
      batchSize: 10,
      columnMap: { Caption: 'prompt', Link: '' },
      skipBadRows: true,
    });
  });

  test('finishing is a recipe, and marks are left out by switches that begin with no', () => {
    const settings = (options: Record<string, unknown>) => read({ options }).settings;
    expect(settings({ finish: 'upscale 2x; webp 82' }).finish).toEqual({
      outputs: [
        {
          steps: [
            { kind: 'upscale', factor: 2, method: DEFAULT_UPSCALE_METHOD },
            { kind: 'encode', format: 'webp', quality: 82 },
          ],
        },
      ],
    });
    expect(settings({ finish: 'none' }).finish).toBe('none');
    // As commander gives --no-marks and --no-prompt-in-files.
    expect(settings({ marks: false })).toMatchObject({ marks: 'none' });
    expect(settings({ marks: true })).not.toHaveProperty('marks');
    expect(settings({ promptInFiles: false })).toMatchObject({
      marks: 'no-prompt',
      nameTemplate: '{row}-{name}-{index}.{ext}',
    });
    expect(settings({ promptInFiles: false, name: '{prompt}' }).nameTemplate).toBe('{prompt}');
    // Neither of them takes the other's part back.
    expect(settings({ promptInFiles: false, marks: false })).toMatchObject({
      marks: 'none',
      nameTemplate: '{row}-{name}-{index}.{ext}',
    });
    expect(settings({ promptInFiles: false })).not.toHaveProperty('promptlessNames');
    const defaults = { file: '/etc/imagemill.yaml', values: { 'no-marks': true } };
    expect(read({ defaults }).settings.marks).toBe('none');
    expect(read({ environment: { IMAGEMILL_NO_PROMPT_IN_FILES: 'yes' } }).settings.marks).toBe(
      'no-prompt',
    );
  });

  test('pictures are paths from where they were written, addresses or names, one or several', () => {
    const images = (sources: Partial<OptionSources>) => read(sources).settings.images;
    const given = ['cats, dogs.png', '/photos', 'https://example.org/a,b.png', '@Hero'];
    const same = ['/here/cats, dogs.png', '/photos', 'https://example.org/a,b.png', '@hero'];
    expect(images({ options: { image: given } })).toEqual(same);
    const environment = { IMAGEMILL_IMAGE: 'a.png | @hero' };
    expect(images({ environment })).toEqual(['/here/a.png', '@hero']);
    const defaults = (image: unknown) => ({ file: '/etc/imagemill.yaml', values: { image } });
    expect(images({ defaults: defaults(['a.png', './@b.png']) })).toEqual([
      '/etc/a.png',
      '/etc/@b.png',
    ]);
    expect(images({ defaults: defaults('a.png') })).toEqual(['/etc/a.png']);
    expect(images({ options: { image: ['file:///photos/a%20b.png'] } })).toEqual([
      '/photos/a b.png',
    ]);
  });

  test.each([
    [['@no name'], 'no name'],
    [['https://'], 'malformed web address'],
    [['https://me:secret@example.org/a.png'], 'user name or password'],
    [['ftp://example.org/a.png'], 'address of a kind'],
    [['data:image/png;base64,AAAA'], 'address of a kind'],
    [[' '], 'names no picture'],
  ])('a picture cannot be %j', (image, words) => {
    const [problem] = problemsOf({ options: { image } });
    expect(problem?.message).toMatch(/^--image /);
    expect(problem?.message).toContain(words);
  });

  test('paths are relative to where they were written', () => {
    const defaults = { file: '/etc/imagemill.yaml', values: { styles: 'styles.csv' } };
    const { settings, out } = read({ options: { out: 'pictures' }, defaults });
    expect(out).toBe('/here/pictures');
    expect(settings.stylesFile).toBe('/etc/styles.csv');
  });

  test('each option has a variable of its own', () => {
    const variables = RUN_OPTIONS.map(({ name }) => variableOf(name));
    expect(new Set(variables).size).toBe(RUN_OPTIONS.length);
    expect(variables).toContain('IMAGEMILL_IMAGES_PER_HOUR');
  });
});

describe('what an option means', () => {
  test.each([
    ['model', 'auto', { models: ['auto'] }],
    ['model', 'gpt-image-2, kling-v3', { models: ['gpt-image-2', 'kling-v3'] }],
    ['size', '1024x1536', { size: { width: 1024, height: 1536 } }],
    ['batchSize', 'max', { batchSize: 'max' }],
    ['proof', 'batch', { proof: 'batch' }],
    ['proof', '10', { proof: 10 }],
    ['budget', '12.5', { budgetCreditMicros: 12_500_000 }],
    ['maxUsd', '$3', { maxUsdMicros: 3_000_000 }],
    ['name', '{row}.{ext}', { nameTemplate: '{row}.{ext}' }],
    ['onUnknown', 'retry', { onUnknown: 'retry' }],
    ['rotateEvery', '40', { rotateEvery: 40 }],
    ['rotateEvery', 'half', { rotateEvery: 'half' }],
    ['rotateEvery', 'auto', { rotateEvery: 'auto' }],
    ['keepStyle', true, { keepStyle: true }],
    ['canary', '25', { canary: 25 }],
    ['map', ['image=,aspect_ratio='], { columnMap: { image: '', aspect_ratio: '' } }],
    [
      'map',
      ['Title, long=prompt', 'b=seed'],
      { columnMap: { 'Title, long': 'prompt', b: 'seed' } },
    ],
    ['fallback', 'kling-v3', { fallback: 'kling-v3' }],
    ['maxRefusals', '30%', { refusalBreaker: { share: 0.3, after: 20 } }],
    ['maxRefusals', '0.3/50', { refusalBreaker: { share: 0.3, after: 50 } }],
    ['maxRefusals', 'OFF', { refusalBreaker: 'off' }],
    ['yes', true, { spendingAllowed: true }],
  ])('--%s %s', (name, value, expected) => {
    expect(read({ options: { [name]: value } }).settings).toMatchObject(expected);
  });

  test('--new is told apart from the settings of the run', () => {
    expect(read({ options: { new: true } })).toMatchObject({ fresh: true });
  });
});

describe('what cannot be used', () => {
  test('each part of a recipe that is wrong is told by itself', () => {
    const problems = problemsOf({ options: { finish: 'upscale 9x; sharpen; webp 82' } });
    expect(problems.map(({ message, value }) => [message, value])).toEqual([
      ['--finish is not a recipe: this is no enlargement', 'upscale 9x'],
      ['--finish is not a recipe: there is no such step', 'sharpen'],
    ]);
  });

  test('is told all at once, each with its place, value and remedy', () => {
    const problems = problemsOf({
      options: { size: '12y', count: '0' },
      environment: { IMAGEMILL_QUALITY: 'best' },
      defaults: { file: '/etc/imagemill.yaml', values: { budget: 'much', sise: 12 } },
    });
    expect(problems.map(({ message, value }) => [message, value])).toEqual([
      ['--size is not a size', '12y'],
      ['IMAGEMILL_QUALITY is not one of the values', 'best'],
      ['--count is not a whole number that can be used', '0'],
      ['defaults.budget is not an amount', 'much'],
      ['There is no option of this name', undefined],
    ]);
    expect(problems.every(({ remedy }) => remedy !== '')).toBe(true);
  });

  test.each([
    ['model', ','],
    ['model', 'auto,demo'],
    ['batchSize', '0'],
    ['seed', '-1'],
    ['seed', '4294967296'],
    ['proof', '1.5'],
    ['rotateEvery', '0'],
    ['rotateEvery', 'third'],
    ['canary', '-1'],
    ['map', ['prompt']],
    ['map', ['=prompt']],
    ['maxUsd', '-1'],
    ['maxRefusals', '0'],
    ['maxRefusals', '120%'],
    ['maxRefusals', '30%/0'],
    ['maxRefusals', 'few'],
  ])('--%s %s is refused', (name, value) => {
    expect(problemsOf({ options: { [name]: value } })).toHaveLength(1);
  });
});

test('a run that goes on takes only what was said on the command line', () => {
  expect(readChanges({ budget: '5', json: true }, '/here')).toEqual({
    budgetCreditMicros: 5_000_000,
  });
  expect(() => readChanges({ concurrency: 'x' }, '/here')).toThrow(InputError);
});
