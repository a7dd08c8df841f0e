import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { comfyWorkflow } from '../../test/support/comfy-workflow.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { createEngine, vendors } from '../engine/index.ts';
import { checkConfig } from './config.ts';
import { readOwnVendors } from './own-vendors.ts';
import { engineConfig } from './session.ts';

async function problemsOf(work: () => unknown): Promise<readonly Problem[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const vendorsOf = async (text: string, folder = '/nowhere') => {
  const file = join(folder, 'imagemill.yaml');
  return readOwnVendors(checkConfig(text, file).own ?? {}, file, '/work-here');
};

describe('a vendor of the user’s own', () => {
  test('has its kind, slots, options and the variable of its key', async () => {
    const vendors = await vendorsOf(`
vendors:
  forge:
    kind: automatic1111
    base_url: http://127.0.0.1:7860
    slots: 2
    key_variable: FORGE_API_KEY
    options: { steps: 30, override_settings: { CLIP_stop_at_last_layers: 2 } }
    options_for: { turbo.safetensors: { steps: 4 } }
  gateway:
    kind: openai-compatible
    base_url: http://127.0.0.1:4000/v1
    key_header: x-api-key
    limits: { images-per-minute: 5 }
`);
    expect(vendors).toEqual({
      forge: {
        kind: 'automatic1111',
        slots: 2,
        keyVariable: 'FORGE_API_KEY',
        options: { steps: 30, override_settings: { CLIP_stop_at_last_layers: 2 } },
        optionsFor: { 'turbo.safetensors': { steps: 4 } },
      },
      gateway: {
        kind: 'openai-compatible',
        slots: 1,
        keyHeader: 'x-api-key',
        limits: { 'images-per-minute': 5 },
      },
    });
  });

  test('brings its workflow, by a path from the config file’s folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'flux.json'), JSON.stringify(comfyWorkflow));
    const text = 'vendors: { comfy: { kind: comfyui, workflow: flux.json } }';
    expect(await vendorsOf(text, folder)).toEqual({
      comfy: { kind: 'comfyui', slots: 2, workflows: { '*': comfyWorkflow } },
    });
  });

  test('looks for a package beside the config file, then in the working folder', async () => {
    const text = `vendors: { fal: { kind: ai-sdk, package: '@ai-sdk/fal', asks_by: size } }`;
    expect(await vendorsOf(text)).toEqual({
      fal: {
        kind: 'ai-sdk',
        package: '@ai-sdk/fal',
        asksBy: 'size',
        slots: 4,
        folders: ['/nowhere', '/work-here'],
      },
    });
  });

  test('has its key from its own variable, and its address from the file', async () => {
    const text =
      'vendors: { forge: { kind: automatic1111, base_url: "http://pc:7860", key_variable: FORGE_API_KEY } }';
    const configured = await vendorsOf(text);
    const config = engineConfig(checkConfig(text, 'f'), [], { FORGE_API_KEY: 'a:b' }, configured);
    expect(config.vendors).toEqual({ forge: { apiKey: 'a:b', baseUrl: 'http://pc:7860' } });
    expect(config.configured).toEqual(configured);
  });
});

test('the example can be used as it is', async () => {
  const file = fileURLToPath(new URL('../../examples/own-vendors.yaml', import.meta.url));
  const config = checkConfig(await readFile(file, 'utf8'), file);
  const configured = await readOwnVendors(config.own ?? {}, file, '/nowhere');
  const home = await temporaryFolder();
  const environment = { OPENAI_API_KEY: 'a-key' };
  await using engine = await createEngine({
    home,
    config: engineConfig(config, vendors, environment, configured),
  });
  expect(engine.availableModels()).toEqual(
    expect.arrayContaining(Object.keys(config.models as object)),
  );
});

describe('what is wrong with a vendor of the user’s own', () => {
  test.each([
    ['kind: invokeai', 'vendors.own.kind', 'automatic1111'],
    ['kind: openai-compatible', 'vendors.own.base_url', 'Write it'],
    ['kind: automatic1111, tier: gold', 'vendors.own.tier', 'options'],
    ['kind: automatic1111, slots: 0', 'vendors.own.slots', 'Correct'],
    ['kind: comfyui', 'vendors.own', 'workflow: FILE'],
    ['kind: automatic1111, api_key: very-secret', 'vendors.own.api_key', 'OWN_API_KEY'],
    ['kind: automatic1111, base_url: "http://me:secret@pc"', 'vendors.own.base_url', 'Correct'],
  ])('{ %s } is told at %s', async (values, column, remedy) => {
    const problems = await problemsOf(() => checkConfig(`vendors: { own: { ${values} } }`, 'f'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'f', column });
    expect(problems[0]?.remedy).toContain(remedy);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test('is a workflow that is not there, or no JSON', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'broken.json'), '{');
    const text =
      'vendors: { comfy: { kind: comfyui, workflow: none.json, workflows: { flux: broken.json } } }';
    const problems = await problemsOf(() => vendorsOf(text, folder));
    expect(problems.map(({ column, value }) => [column, value])).toEqual([
      ['vendors.comfy.workflow', join(folder, 'none.json')],
      ['vendors.comfy.workflows.flux', join(folder, 'broken.json')],
    ]);
  });

  test('is that it says no kind, and that no built-in vendor has its name', async () => {
    const config = checkConfig('vendors: { forge: { concurrency: 2 } }', 'f');
    const problems = await problemsOf(() => engineConfig(config, [{ name: 'openai' }], {}));
    expect(problems).toMatchObject([{ file: 'f', column: 'vendors.forge' }]);
    expect(problems[0]?.remedy).toContain('kind: automatic1111');
  });
});
