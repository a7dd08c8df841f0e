/** The catalog's and the ledger's commands as a user has them, against simulators over real HTTP. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate, type SimulateOptions } from '../../simulators/index.ts';
import { imagemill } from '../support/imagemill.ts';

async function withSimulators(options: SimulateOptions = { latencyMs: 10 }) {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  return { simulation, mill: await imagemill(simulation.environment) };
}

interface Answer {
  readonly exit_code: number;
  readonly vendors: readonly { readonly vendor: string; readonly verdict: string }[];
}

describe('imagemill reconcile', () => {
  test('ends with 0 while the vendors agree, and with 9 when one has billed more', async () => {
    const { simulation, mill } = await withSimulators();
    await mill.write('few.csv', 'prompt,model\na boat,kling\na kite,gpt-image-2\na fox,flux\n');
    const { answer, code } = await mill.json('run', 'few.csv', '--yes');
    expect(code).toBe(0);
    const agreed = await mill.json<Answer>('reconcile', answer.run);
    expect(agreed.code).toBe(0);
    expect(
      Object.fromEntries(agreed.answer.vendors.map(({ vendor, verdict }) => [vendor, verdict])),
    ).toEqual({ kling: 'agrees', openai: 'agrees', bfl: 'not-compared' });
    expect(agreed.ended.stderr).toContain('Black Forest Labs has no usage report');

    const [ours] = simulation.kling.bill.entries;
    simulation.kling.bill.add({ ...ours!, taskId: 'task-of-somebody-else' });
    const differing = await mill.run('reconcile', answer.run.slice(0, 5));
    expect(differing.code).toBe(9);
    expect(differing.stdout).toMatch(/task-of-somebody-else .* only in the report/);
    expect(differing.stdout).toContain('Who else uses this account?');
  });
});

describe('imagemill models', () => {
  test('shows all, one in full, and what a name might mean', async () => {
    const mill = await imagemill({ OPENAI_API_KEY: 'sk-test' });
    const all = await mill.json<{ models: { model: string; key_present: boolean }[] }>('models');
    expect(all.code).toBe(0);
    expect(all.answer.models.find(({ model }) => model === 'gpt-image-2')?.key_present).toBe(true);
    expect(all.ended.stderr).toContain('gemini-nano-banana-2.1');
    const one = await mill.run('models', 'gemini-3.1-flash', '--size', '2048x2048');
    expect(one.stdout).toMatch(/State +deprecated since 2026-10-06, use gemini-nano-banana-2\.1/);
    expect(one.stdout).toContain('2048x2048, medium: 2.1104 credits, $0.101');
    const none = await mill.run('models', 'gpt-imgae-2');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Did you mean gpt-image-2');
  });

  test('follows the config file, and tells all its problems at once', async () => {
    const mill = await imagemill();
    await mill.write('sheet.csv', 'prompt\na boat\n');
    await mill.write(
      'imagemill.yaml',
      'models:\n  flux: { credits: 2.5, aliases: [kontext] }\n  mine: { like: flux, usd: 0.01 }\n',
    );
    const mine = await mill.json<{ usd: number; credits: number }>('models', 'mine');
    expect(mine.answer).toMatchObject({ usd: 0.01, credits: 2.5 });
    expect((await mill.json<{ credits: number }>('models', 'kontext')).answer.credits).toBe(2.5);
    await mill.write('imagemill.yaml', 'models:\n  flux: { credit: 2 }\n  wan: { seed: often }\n');
    const wrong = await mill.run('models');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('models.flux.credit');
    expect(wrong.stderr).toContain('Did you mean credits?');
    expect(wrong.stderr).toContain('models.wan.seed');
  });
});
