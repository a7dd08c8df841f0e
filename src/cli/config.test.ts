import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../engine/core/errors.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { checkConfig, readConfig } from './config.ts';
import { engineConfig, homeFolder } from './session.ts';

function problemsOf(text: string) {
  try {
    checkConfig(text, 'imagemill.yaml');
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

describe('the config file', () => {
  test('gives defaults, accounts, models for auto and the workspace', () => {
    const text = `
defaults: { size: 1024x1536, budget: 500 }
vendors:
  openai: { tier: tier-3, limits: { images-per-minute: 50 }, concurrency: 8, base_url: http://localhost:9100/v1 }
auto: [kling-v3]
workspace: { images_per_hour: 500 }
models: { kling-v3: { credits: 1.5 } }
`;
    expect(checkConfig(text, '/x/imagemill.yaml')).toEqual({
      file: '/x/imagemill.yaml',
      defaults: { size: '1024x1536', budget: 500 },
      vendors: {
        openai: {
          tier: 'tier-3',
          limits: { 'images-per-minute': 50 },
          concurrency: 8,
          base_url: 'http://localhost:9100/v1',
        },
      },
      auto: ['kling-v3'],
      imagesPerHour: 500,
      models: { 'kling-v3': { credits: 1.5 } },
    });
  });

  test('may let references be read from private networks, which is said to the engine', () => {
    const config = checkConfig('references: { allow_private: true }', 'imagemill.yaml');
    expect(engineConfig(config, [], {})).toMatchObject({ references: { allowPrivate: true } });
    const usual = checkConfig('references: {}', 'imagemill.yaml');
    expect(engineConfig(usual, [], {})).not.toHaveProperty('references');
    const [problem] = problemsOf('references: { private: true }');
    expect(problem).toMatchObject({
      column: 'references.private',
      remedy: expect.stringContaining('allow_private') as string,
    });
  });

  test('may be empty', () => {
    expect(checkConfig('', 'imagemill.yaml')).toMatchObject({ defaults: {}, vendors: {} });
  });

  test('knows the tier standard as 200 images an hour', () => {
    expect(checkConfig('workspace: { tier: standard }', 'f').imagesPerHour).toBe(200);
  });

  test('refuses a key, and does not repeat it', () => {
    const problems = problemsOf('vendors: { openai: { api_key: sk-very-secret } }');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ column: 'vendors.openai.api_key' });
    expect(problems[0]?.remedy).toContain('OPENAI_API_KEY');
    expect(JSON.stringify(problems)).not.toContain('sk-very-secret');
  });

  test('tells every problem with its path', () => {
    const problems = problemsOf(`
default: { size: 12 }
vendors: { openai: { concurrency: many, speed: 3 } }
workspace: { tier: golden }
`);
    expect(new Set(problems.map(({ column }) => column))).toEqual(
      new Set(['default', 'vendors.openai.concurrency', 'vendors.openai.speed', 'workspace']),
    );
  });

  test('that is not YAML is told with its line', () => {
    expect(problemsOf('defaults:\n  size: [1')[0]).toMatchObject({ file: 'imagemill.yaml' });
    expect(problemsOf('defaults:\n  size: [1')[0]?.line).toBeGreaterThan(1);
  });

  test("is the working folder's before the home folder's", async () => {
    const folder = await temporaryFolder();
    const places = { workingFolder: join(folder, 'work'), home: join(folder, 'home') };
    await mkdir(places.workingFolder);
    await mkdir(places.home);
    expect((await readConfig(places)).file).toBeUndefined();
    await writeFile(join(places.home, 'imagemill.yaml'), 'auto: [a]');
    expect((await readConfig(places)).auto).toEqual(['a']);
    await writeFile(join(places.workingFolder, 'imagemill.yaml'), 'auto: [b]');
    expect((await readConfig(places)).auto).toEqual(['b']);
  });

  test('that was named must be there', async () => {
    const folder = await temporaryFolder();
    const places = { given: 'mine.yaml', workingFolder: folder, home: folder };
    await expect(readConfig(places)).rejects.toThrow('mine.yaml');
  });
});

describe('the account of a vendor', () => {
  const vendors = [
    { name: 'openai', keyVariable: 'OPENAI_API_KEY', baseUrlVariable: 'OPENAI_BASE_URL' },
    { name: 'demo' },
  ];

  test('has its key from the environment, whose base URL goes before the file’s', () => {
    const file = checkConfig('vendors: { openai: { base_url: "http://file", tier: tier-1 } }', 'f');
    const environment = { OPENAI_API_KEY: ' key ', OPENAI_BASE_URL: 'http://environment' };
    expect(engineConfig(file, vendors, environment).vendors).toEqual({
      openai: { apiKey: 'key', baseUrl: 'http://environment', tier: 'tier-1' },
      demo: {},
    });
    expect(engineConfig(file, vendors, {}).vendors['openai']?.baseUrl).toBe('http://file');
  });
});

test('the home folder is the option, the variable, or .imagemill in the user’s own', () => {
  expect(homeFolder('a', { IMAGEMILL_HOME: '/b' }, '/here')).toBe('/here/a');
  expect(homeFolder(undefined, { IMAGEMILL_HOME: '/b' }, '/here')).toBe('/b');
  expect(homeFolder(undefined, {}, '/here')).toMatch(/\.imagemill$/);
});
