import type { Simulator } from './simulator.ts';

/**
 * A `fetch` that reaches simulators in this process and nothing else: `{'http://bfl.simulated':
 * simulator}`. An unknown origin rejects as an unreachable host does, before anything is sent.
 */
export function simulatedFetch(
  simulators: Readonly<Record<string, Simulator>>,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const simulator = simulators[new URL(request.url).origin];
    if (!simulator) throw unreachable(request.url);
    return simulator.fetch(request);
  };
}

function unreachable(url: string): TypeError {
  const cause = Object.assign(new Error(`connect ECONNREFUSED ${new URL(url).host}`), {
    code: 'ECONNREFUSED',
  });
  return new TypeError('fetch failed', { cause });
}
