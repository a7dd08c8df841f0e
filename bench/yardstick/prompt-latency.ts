import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf } from '../../simulators/chance.ts';
import type { Simulator } from '../../simulators/index.ts';
import { answering } from './answering.ts';

export interface LatencyOptions {
  readonly seed: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** How long a prompt's picture takes to paint: the same for everybody who asks, whenever. */
export function promptLatencyMs(prompt: string, options: LatencyOptions): number {
  const { seed, leastMs, mostMs } = options;
  return Math.round(leastMs + chanceOf(seed, 'latency', prompt).next() * (mostMs - leastMs));
}

/**
 * The same vendor, whose answers take as long as their prompt says. A request counts against the
 * limits when it arrives, and what was refused for pace or by an overloaded server is said at once.
 */
export function withPromptLatency(simulator: Simulator, options: LatencyOptions): Simulator {
  return answering(simulator, {
    async fetch(request) {
      const prompt = await promptOf(request);
      if (prompt === undefined) return simulator.fetch(request);
      const wholeMs = promptLatencyMs(prompt, options);
      // A reply that is lost is lost when the picture is painted.
      const answer = await simulator.fetch(request).catch(async (error: unknown) => {
        await sleep(wholeMs);
        throw error;
      });
      await sleep(waitMs(answer.status, wholeMs));
      return answer;
    },
  });
}

function waitMs(status: number, wholeMs: number): number {
  if (status === 200) return wholeMs;
  // Prompts are judged before they are painted.
  return status === 400 ? Math.ceil(wholeMs / 10) : 0;
}

async function promptOf(request: Request): Promise<string | undefined> {
  if (!request.url.endsWith('/images/generations')) return undefined;
  const body = (await request.clone().json()) as { readonly prompt?: string };
  return body.prompt;
}
