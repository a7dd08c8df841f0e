/** An admitted request in the vendor's seam's words, and its bill in ours. */
import { vendorKey } from '../core/ids.ts';
import { parseLaneName } from '../core/lane.ts';
import type { Size } from '../core/size.ts';
import type { ReferenceCopies } from '../prepare/reference-copies.ts';
import type { ReferenceLane } from '../prepare/reference-uploads.ts';
import type { AttemptTicket, Store } from '../store/store.ts';
import type { Answered, LaneRequest, Reference } from '../vendors/vendor.ts';

export interface PrepareRequestDeps {
  readonly references: Pick<ReferenceCopies, 'forRequest' | 'forget' | 'makeReady'>;
  readonly store: Pick<Store, 'noteReferenceChanges'>;
  /** The size to ask the model for so that the row's size can be delivered. */
  readonly askedSize: (model: string, size: Size) => Size;
  /** The vendor's own name of a model. */
  readonly wireModel: (model: string) => string;
}

/**
 * The request as a lane takes it, or what keeps it from being sent. Without a lane its references are left
 * out: what was sent before is only asked about.
 */
export async function prepareRequest(
  deps: PrepareRequestDeps,
  ticket: AttemptTicket,
  lane?: ReferenceLane,
): Promise<{ readonly request: LaneRequest } | { readonly problem: string }> {
  const { row, indexes } = ticket;
  const references = lane === undefined ? [] : await sentReferences(deps, ticket, lane);
  if ('problem' in references) return references;
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

/** The row's references as they are sent; what was done to them is written down before. */
async function sentReferences(
  deps: PrepareRequestDeps,
  { row, requestId, lane: laneName, attempt, generation }: AttemptTicket,
  lane: ReferenceLane,
): Promise<readonly Reference[] | { readonly problem: string }> {
  if (row.references.length === 0) return [];
  const inBatch = parseLaneName(laneName).kind === 'batch';
  const sent = await deps.references.forRequest({ row, lane, inBatch });
  if ('problem' in sent) return sent;
  // An earlier sending may have gone to another model, for which they were fitted otherwise.
  const isFirst = attempt === 1 && generation === 0;
  if (sent.changes.length > 0 || !isFirst) {
    await deps.store.noteReferenceChanges(requestId, sent.changes);
  }
  return sent.references;
}

/**
 * What the vendor billed: what it says in the answer or said at the start; where it never says, the
 * expected price for each picture of the answer, also for one that could then not be downloaded.
 */
export function billOf(ticket: AttemptTicket, answer: Answered): number {
  const told = answer.usdMicros ?? ticket.usdMicros;
  if (told !== undefined) return told;
  const asked = ticket.indexes.length;
  const made = answer.images.filter(({ kind, index }) => kind === 'image' && index < asked).length;
  return Math.round(((ticket.expectedUsdMicros ?? 0) * made) / asked);
}
