import { describe, expect, test } from 'vitest';
import { comfyWorkflow } from '../../../../test/support/comfy-workflow.ts';
import { InputError } from '../../core/errors.ts';
import { checkConfigured } from './check-configured.ts';
import type { ComfyuiVendor, ConfiguredVendor, JsonObject } from './configured-vendor.ts';

function problemsOf(vendor: ConfiguredVendor, name = 'own') {
  try {
    checkConfigured({ [name]: vendor });
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

const forge = { kind: 'automatic1111' } as const;
const comfy = (workflow: JsonObject): ComfyuiVendor => ({
  kind: 'comfyui',
  workflows: { '*': workflow },
});

describe('checkConfigured()', () => {
  test('has nothing to say of what can be used', () => {
    expect(problemsOf({ ...forge, keyVariable: 'FORGE_PASSWORD' })).toEqual([]);
    expect(problemsOf({ ...forge, options: { seed: '{{seed}}' } })).toEqual([]);
    expect(problemsOf(comfy(comfyWorkflow))).toEqual([]);
  });

  test('refuses the name of a built-in vendor, and one that cannot be written', () => {
    expect(problemsOf(forge, 'openai')).toMatchObject([{ column: 'vendors.openai' }]);
    expect(problemsOf(forge, 'my/server')).toMatchObject([{ value: 'my/server' }]);
  });

  test('refuses a key in the place of its variable, and does not repeat it', () => {
    const problems = problemsOf({ ...forge, keyVariable: 'sk-very-secret' });
    expect(problems).toMatchObject([{ column: 'vendors.own.key_variable' }]);
    expect(JSON.stringify(problems)).not.toContain('very-secret');
  });

  test('refuses a placeholder that nothing fills', () => {
    const options = { prompt: '{{prompt}}, {{mood}}' };
    expect(problemsOf({ ...forge, options })).toMatchObject([
      { column: 'vendors.own.options', value: '{{mood}}' },
    ]);
    expect(problemsOf({ ...forge, optionsFor: { turbo: options } })).toMatchObject([
      { column: 'vendors.own.options_for.turbo' },
    ]);
  });

  test('knows a workflow of the interface’s own format', () => {
    const saved = { nodes: [{ id: 1, type: 'KSampler' }], links: [], version: 0.4 };
    expect(problemsOf(comfy(saved))[0]?.message).toContain('API format');
  });

  test('wants a place for the prompt, and places for pictures without a gap', () => {
    const node = (text: string) => ({ class_type: 'CLIPTextEncode', inputs: { text } });
    expect(problemsOf(comfy({ '6': node('a fox') }))[0]?.message).toContain('same picture');
    expect(problemsOf(comfy({ '6': node('{{prompt}} {{image_2}}') }))[0]?.message).toContain(
      '{{image_1}}',
    );
  });

  test('lets a workflow have places for its options', () => {
    const workflow = {
      '6': { class_type: 'Text', inputs: { text: '{{prompt}}', cfg: '{{cfg}}' } },
    };
    expect(problemsOf(comfy(workflow))).toHaveLength(1);
    expect(problemsOf({ ...comfy(workflow), options: { cfg: 3.5 } })).toEqual([]);
  });
});
