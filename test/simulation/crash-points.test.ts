import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import { SIMULATED_VENDORS } from '../../simulators/index.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { MANY_PROMPTS_MODEL } from './world.ts';

/** A small run over one model, without faults: what differs after a kill is the kill's doing. */
function calm(model: string, lane: 'live' | 'batch' = 'live'): Scenario {
  const behaviour = { latencyMs: 2_000, replyMs: 20, limits: {} };
  return {
    seed: 7,
    sheet: 'prompt,count\na red kite,1\na blue door,2\na green hill,1\na white bird,1\n',
    settings: {
      ...DEFAULT_SETTINGS,
      models: [model],
      lane,
      spendingAllowed: true,
      concurrency: 2,
    },
    behaviours: Object.fromEntries(SIMULATED_VENDORS.map((name) => [name, behaviour])),
    config: {},
    killsAfter: [],
  };
}

/** Vendors that can be asked for a request by our own id. */
const FOUND_AGAIN = /^(kling|many-prompts)/;

/** Images of the requests that may be under way at once: two requests of at most two images. */
const MOST_IN_FLIGHT = 4;

describe('killed after every durable write and every sending', () => {
  test.each([
    'kling-v3',
    'kling-v3-omni',
    'flux-kontext-pro',
    'gpt-image-2',
    'wan2.7-image',
    'gemini-nano-banana-2.1',
    MANY_PROMPTS_MODEL,
  ])('%s ends as without a kill', async (model) => {
    const scenario = calm(model);
    const undisturbed = await runScenario(scenario);
    expect(undisturbed.report.items.delivered).toBe(5);
    const points = undisturbed.events[0]!;
    expect(points).toBeGreaterThan(20);
    for (let point = 1; point <= points; point += 1) {
      const { report, billedImages } = await runScenario(scenario, { killsAfter: [point] });
      const { delivered, unknown } = report.items;
      expect(delivered + unknown, `killed after event ${point}`).toBe(5);
      expect(unknown, `killed after event ${point}`).toBeLessThanOrEqual(MOST_IN_FLIGHT);
      // Nothing is bought twice, whatever the moment of the kill.
      expect(billedImages, `killed after event ${point}`).toBeLessThanOrEqual(5);
      if (FOUND_AGAIN.test(model)) expect(unknown, `killed after event ${point}`).toBe(0);
    }
  });

  test.each(['gpt-image-2', 'gemini-nano-banana-2.1'])(
    '%s by batch ends as without a kill, and nothing is unknown',
    async (model) => {
      const scenario = calm(model, 'batch');
      const undisturbed = await runScenario(scenario);
      expect(undisturbed.report.items.delivered).toBe(5);
      const points = undisturbed.events[0]!;
      expect(points).toBeGreaterThan(10);
      for (let point = 1; point <= points; point += 1) {
        const { report, billedUsdMicros } = await runScenario(scenario, { killsAfter: [point] });
        expect(report.items.delivered, `killed after event ${point}`).toBe(5);
        expect(billedUsdMicros, `killed after event ${point}`).toBe(undisturbed.billedUsdMicros);
      }
    },
  );
});
