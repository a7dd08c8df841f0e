import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const versions = z.record(z.string(), z.string());
const manifestSchema = z.object({
  version: z.string(),
  license: z.string(),
  dependencies: versions.default({}),
  optionalDependencies: versions.default({}),
  devDependencies: versions.default({}),
});

const manifest = readManifest('package.json');
const wanted = {
  ...manifest.dependencies,
  ...manifest.optionalDependencies,
  ...manifest.devDependencies,
};

describe('packages', () => {
  test('are pinned to one exact version each', () => {
    const loose = Object.entries(wanted).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  // npm under an older Node silently prefers older majors of some packages.
  test.each([
    ['node', 24],
    ['typescript', 7],
    ['vitest', 5],
    ['openai', 7],
    ['@google/genai', 3],
    ['@ai-sdk/provider', 4],
    ['@ai-sdk/openai', 4],
    ['zod', 4],
    ['kysely', 0],
    ['onnxruntime-node', 1],
    ['nsfwjs', 4],
  ])('%s is installed in major %i, in the version that is pinned', (name, major) => {
    const { version } = readManifest(`node_modules/${name}/package.json`);
    expect(Number(version.split('.')[0])).toBe(major);
    expect(version).toBe(wanted[name]);
  });

  test('kysely is a 0.29: below 1.0 a minor may change anything', () => {
    expect(wanted['kysely']).toMatch(/^0\.29\./);
  });

  test('Node 24 runs this test', () => {
    expect(Number(process.versions.node.split('.')[0])).toBe(24);
  });
});

test('the licence that is named is the licence that is there', () => {
  expect(manifest.license).toBe('Apache-2.0');
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/);
});

function readManifest(path: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse({
    license: '',
    ...z.looseObject({}).parse(JSON.parse(readFileSync(join(root, path), 'utf8'))),
  });
}
