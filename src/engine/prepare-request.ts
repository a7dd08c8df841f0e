/** An admitted request in the vendor's seam's words, and its bill in ours. */
import { vendorKey } from './core/ids.ts';
import type { ItemOutcome } from './core/outcome.ts';
import type { Size } from './core/size.ts';
import type { AttemptTicket } from './store/store.ts';
import type { Answered, LaneRequest, Reference } from './vendors/vendor.ts';

export interface PrepareRequestDeps {
  readonly readReference: (reference: string) => Promise<Reference>;
  /** The size to ask the model for so that the row's size can be delivered. */
  readonly askedSize: (model: string, size: Size) => Size;
  /** The vendor's own name of a model. */
  readonly wireModel: (model: string) => string;
}

/** The request as a lane takes it, its references read; or what keeps it from being sent. */
export async function prepareRequest(
  deps: PrepareRequestDeps,
  ticket: AttemptTicket,
): Promise<{ readonly request: LaneRequest } | { readonly problem: string }> {
  const { row, indexes } = ticket;
  let references: Reference[];
  try {
    references = await Promise.all(row.references.map(deps.readReference));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  return {
    request: {
      key: vendorKey(ticket.requestId),
      model: deps.wireModel(row.model),
      prompt: row.prompt,
      ...(row.negativePrompt !== undefined && { negativePrompt: row.negativePrompt }),
      size: deps.askedSize(row.model, row.size),
      quality: row.quality,
      ...(row.seed !== undefined && { seed: row.seed + (indexes[0] ?? 1) - 1 }),
      count: indexes.length,
      references,
      format: 'png',
    },
  };
}

/**
 * What the vendor billed: what it says in the answer or said at the start; where it never says, the
 * expected price for each picture that came back.
 */
export function billOf(
  ticket: AttemptTicket,
  answer: Answered,
  outcomes: readonly ItemOutcome[],
): number {
  const told = answer.usdMicros ?? ticket.usdMicros;
  if (told !== undefined) return told;
  const made = outcomes.filter((outcome) => 'image' in outcome).length;
  return Math.round(((ticket.expectedUsdMicros ?? 0) * made) / ticket.indexes.length);
}
