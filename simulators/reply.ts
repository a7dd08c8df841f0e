import type { FaultName } from './behaviour.ts';
import type { BillEntry } from './bill.ts';
import { connectionLost, cutInTheMiddle } from './broken-reply.ts';
import { drawMs } from './chance.ts';
import type { Call, VendorState } from './simulator.ts';

/**
 * Sends the answer to a submit, or what its fault leaves of it, and notes on the bill whether it left
 * complete.
 */
export async function replyTo(
  state: VendorState,
  call: Call,
  response: Response,
  ...entries: readonly (BillEntry | undefined)[]
): Promise<Response> {
  const { fault } = call.log;
  if (fault === 'replyLost') throw connectionLost();
  if (fault === 'hang') return new Promise<never>(() => {});
  if (fault === 'truncated') return cutInTheMiddle(response);
  const billed = entries.filter((entry) => entry !== undefined);
  for (const entry of billed) entry.delivered = !call.signal.aborted;
  return state.tieToBill(response, ...billed);
}

/** Half of the time that a task vendor takes to answer: one half passes before the work, one after. */
export async function waitHalf(state: VendorState, call: Call): Promise<void> {
  const waitMs = drawMs(call.random, state.behaviour.replyMs) / 2;
  if (waitMs > 0) await state.clock.sleep(waitMs);
}

/** The status of the faults after which nobody can tell whether something was made. */
export function unclearStatus(fault: FaultName | undefined): 500 | 502 | 504 | undefined {
  switch (fault) {
    case 'status500':
      return 500;
    case 'status502':
      return 502;
    case 'status504':
      return 504;
    default:
      return undefined;
  }
}

/** What the gateway before an API answers when the API itself does not: a page of HTML. */
export function gatewayPage(status: 502 | 504): Response {
  const title = status === 502 ? '502 Bad Gateway' : '504 Gateway Time-out';
  const page = `<html><head><title>${title}</title></head><body>${title}</body></html>`;
  return new Response(page, { status, headers: { 'content-type': 'text/html' } });
}

/** An id in the form of a UUID that is the same whenever seed and request number are. */
export function uuidFor(call: Call): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(call.random.next() * 16).toString(16));
  const text = digits.join('');
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(13, 16)}`,
    `8${text.slice(17, 20)}`,
    text.slice(20),
  ].join('-');
}
