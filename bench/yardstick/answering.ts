import type { Simulator } from '../../simulators/index.ts';

/** The same vendor, with the same bill, log and behaviour, which answers in another way. */
export function answering(
  simulator: Simulator,
  ways: Pick<Simulator, 'fetch'> & Partial<Pick<Simulator, 'markUndelivered'>>,
): Simulator {
  return {
    name: simulator.name,
    bill: simulator.bill,
    log: simulator.log,
    get behaviour() {
      return simulator.behaviour;
    },
    change: (change) => simulator.change(change),
    markUndelivered: (response) => simulator.markUndelivered(response),
    ...ways,
  };
}
