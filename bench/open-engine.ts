import {
  createEngine,
  DEFAULT_SETTINGS,
  type Engine,
  type VendorAccount,
} from '../src/engine/index.ts';
import type { RunSettings } from '../src/engine/index.ts';

export const MODEL = 'gpt-image-2';

/** An engine on a store of its own whose only vendor is a simulated OpenAI. */
export function openEngine(home: string, account: VendorAccount): Promise<Engine> {
  const vendors = { openai: { apiKey: 'simulated-key', ...account } };
  return createEngine({ home, config: { vendors } });
}

export function settingsOf(change: Partial<RunSettings> = {}): RunSettings {
  return { ...DEFAULT_SETTINGS, models: [MODEL], spendingAllowed: true, ...change };
}
