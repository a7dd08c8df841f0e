import type { Flag } from './flag.ts';
import type { PictureMeasures } from './picture-measures.ts';
import type { RefusalCategory, RefusalStage } from './refusal.ts';
import type { Size } from './size.ts';
import type { ImageFormat } from './quality.ts';

/** Where an item can be. It is in exactly one of these at every instant. */
export const ITEM_STATES = [
  'waiting',
  'sent',
  'delivered',
  'refused',
  'failed',
  'unknown',
  'cancelled',
] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** Delivered bytes: named by their hash, with their facts. */
export interface ImageFacts extends Size {
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly format: ImageFormat;
  /** Absent where nothing could be decoded. */
  readonly measures?: PictureMeasures;
}

/** Why something was not delivered. */
export type Verdict =
  | {
      readonly state: 'refused';
      readonly reason: string;
      readonly stage?: RefusalStage;
      readonly category?: RefusalCategory;
    }
  | {
      readonly state: 'failed';
      readonly reason: string;
      /** The vendor certainly made nothing of it, and never will: it may be asked for elsewhere. */
      readonly unmade?: true;
    };

/** What settlement records of one item. */
export type ItemOutcome =
  | { readonly index: number; readonly state: 'delivered'; readonly image: ImageFacts }
  | (Verdict & { readonly index: number })
  /** A complete but useless picture is kept: its bytes were paid for. */
  | {
      readonly index: number;
      readonly state: 'failed';
      readonly reason: string;
      readonly image?: ImageFacts;
      readonly flag?: Flag;
    };

export type ItemCounts = Readonly<Record<ItemState, number>>;

export function noItems(): Record<ItemState, number> {
  return {
    delivered: 0,
    refused: 0,
    failed: 0,
    unknown: 0,
    waiting: 0,
    sent: 0,
    cancelled: 0,
  };
}

/** All items of a count, whatever their state. */
export function totalItems(counts: ItemCounts): number {
  return ITEM_STATES.reduce((sum, state) => sum + counts[state], 0);
}
