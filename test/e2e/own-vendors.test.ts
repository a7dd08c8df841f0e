/** Servers of the user's own and packages of the AI SDK, named in the config file of the real command line. */
import { describe, expect, test } from 'vitest';
import { audit, simulate, type Simulation, type SimulateOptions } from '../../simulators/index.ts';
import { comfyWorkflow } from '../support/comfy-workflow.ts';
import { imagemill, type Imagemill, type RunAnswer } from '../support/imagemill.ts';

interface World extends AsyncDisposable {
  readonly simulation: Simulation;
  readonly mill: Imagemill;
}

/** Nothing in the environment but a key under a name of the user's own. */
async function world(options: SimulateOptions = {}): Promise<World> {
  const simulation = await simulate(options);
  const mill = await imagemill({ BRIDGE_API_KEY: 'a-key-of-the-bridge' });
  await mill.writeSheet('sheet.csv', 5);
  return { simulation, mill, [Symbol.asyncDispose]: () => simulation.close() };
}

const EVERYTHING = { windowMs: 60_000, max: Infinity };

function delivered(answer: RunAnswer): unknown {
  return [answer.items['delivered'], answer.exit_code, answer.state];
}

describe('a server of the user’s own', () => {
  test('makes five rows one at a time, for nothing, without a key or a word about money', async () => {
    await using scene = await world({ latencyMs: 50 });
    const { mill, simulation } = scene;
    await mill.write(
      'imagemill.yaml',
      `vendors:
  forge: { kind: automatic1111, base_url: '${simulation.urls.a1111}', slots: 1 }
models:
  forge-sdxl:
    vendor: forge
    wire: sd_xl_base_1.0.safetensors
    credits: 0
    usd: 0
    negativePrompt: true
    seed: true
`,
    );
    const { answer } = await mill.json('run', 'sheet.csv', '--model', 'forge-sdxl');
    expect(delivered(answer)).toEqual([5, 0, 'done']);
    expect(answer.credits.posted).toBe(0);
    expect(answer.usd.actual).toBe(0);
    expect(simulation.a1111.bill.images).toBe(5);
    expect(simulation.a1111.bill.entries.map(({ model }) => model)).toEqual(
      Array.from({ length: 5 }, () => 'sd_xl_base_1.0'),
    );
    expect(audit(simulation.a1111.log, EVERYTHING).peakSlots).toBe(1);
  });

  test('goes on with what ComfyUI was painting when the process was killed', async () => {
    await using scene = await world({ latencyMs: 400 });
    const { mill, simulation } = scene;
    await mill.write('flux.json', JSON.stringify(comfyWorkflow));
    await mill.write(
      'imagemill.yaml',
      `vendors:
  comfy: { kind: comfyui, base_url: '${simulation.urls.comfyui}', workflow: flux.json, slots: 2 }
models:
  comfy-flux: { vendor: comfy, wire: flux1-dev-fp8.safetensors, credits: 0, usd: 0 }
`,
    );
    const { child, ended } = mill.start('run', 'sheet.csv', '--model', 'comfy-flux', '--json');
    await expect.poll(() => simulation.comfyui.bill.images, { timeout: 20_000 }).toBeGreaterThan(2);
    child.kill('SIGKILL');
    await ended;
    const { answer } = await mill.json('resume');
    expect(delivered(answer)).toEqual([5, 0, 'done']);
    expect(simulation.comfyui.bill.images).toBe(5);
    expect(audit(simulation.comfyui.log, EVERYTHING).peakSlots).toBeLessThanOrEqual(2);
  });

  test('whose checkpoint is spelled wrong paints nothing, and says which there are', async () => {
    await using scene = await world();
    const { mill, simulation } = scene;
    await mill.write(
      'imagemill.yaml',
      `vendors: { forge: { kind: automatic1111, base_url: '${simulation.urls.a1111}' } }
models: { forge-sdxl: { vendor: forge, wire: sdxl, credits: 0, usd: 0 } }
`,
    );
    const { code, ended } = await mill.json('run', 'sheet.csv', '--model', 'forge-sdxl');
    expect(code).not.toBe(0);
    expect(ended.stderr).toContain('sd_xl_base_1.0.safetensors');
    expect(simulation.a1111.bill.images).toBe(0);
  });
});

describe('a package of the AI SDK', () => {
  const bridge = (simulation: Simulation, { name = '@ai-sdk/openai', slots = 1 } = {}) => `vendors:
  bridge:
    kind: ai-sdk
    package: '${name}'
    base_url: ${simulation.urls.openai}
    key_variable: BRIDGE_API_KEY
    slots: ${slots}
    options: { openai: { quality: '{{quality}}' } }
models:
  bridged: { vendor: bridge, wire: gpt-image-2, credits: 2, usd: 0.05 }
`;

  test('makes five rows one at a time, for the price that the user gave', async () => {
    await using scene = await world({ latencyMs: 50 });
    const { mill, simulation } = scene;
    await mill.write('imagemill.yaml', bridge(simulation));
    const { answer, ended } = await mill.json('run', 'sheet.csv', '--model', 'bridged', '--yes');
    expect(delivered(answer)).toEqual([5, 0, 'done']);
    expect(answer.credits.posted).toBe(10);
    expect(answer.usd.actual).toBeCloseTo(0.25);
    expect(simulation.openai.bill.images).toBe(5);
    expect(audit(simulation.openai.log, EVERYTHING).peakSlots).toBe(1);
    expect(ended.stdout + ended.stderr).not.toContain('a-key-of-the-bridge');
  });

  test('is not retried by anybody when a reply is lost: it is unknown, and bought once', async () => {
    await using scene = await world({ faults: { replyLost: 1 } });
    const { mill, simulation } = scene;
    // A slot stays filled as long as nobody knows that its work has ended.
    await mill.write('imagemill.yaml', bridge(simulation, { slots: 5 }));
    const { answer } = await mill.json('run', 'sheet.csv', '--model', 'bridged', '--yes');
    expect(answer.items['unknown']).toBe(5);
    expect(simulation.openai.bill.entries).toHaveLength(5);
  });

  test('that is not installed is named by doctor, with the command that installs it', async () => {
    await using scene = await world();
    const { mill, simulation } = scene;
    await mill.write('imagemill.yaml', bridge(simulation, { name: '@ai-sdk/nobody-has-this' }));
    const { stdout, code } = await mill.run('doctor');
    expect(stdout).toContain('npm install @ai-sdk/nobody-has-this');
    expect(code).not.toBe(0);
  });
});
