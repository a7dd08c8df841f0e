import type { AllLives } from './run-all.ts';

export async function writeResults(results: AllLives): Promise<void> {
  void results;
}
