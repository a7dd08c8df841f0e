import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A small run over one model, without faults: what differs after a kill is the kill's doing. */
function calm(model: string): Scenario {
  const behaviour = { latencyMs: 2_000, replyMs: 20, limits: {} };
  return {
    seed: 7,
    sheet: 'prompt,count\na red kite,1\na blue door,2\na green hill,1\na white bird,1\n',
    settings: { ...DEFAULT_SETTINGS, models: [model], spendingAllowed: true, concurrency: 2 },
    behaviours: { openai: behaviour, bfl: behaviour, kling: behaviour, dashscope: behaviour },
    config: {},
    killsAfter: [],
  };
}

/** Images of the requests that may be under way at once: two requests of at most two images. */
const MOST_IN_FLIGHT = 4;

describe('killed after every durable write and every sending', () => {
  test.each(['kling-v3', 'kling-v3-omni', 'flux-kontext-pro', 'gpt-image-2', 'wan2.7-image'])(
    '%s ends as without a kill',
    async (model) => {
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
        if (model.startsWith('kling')) expect(unknown, `killed after event ${point}`).toBe(0);
      }
    },
  );
});
