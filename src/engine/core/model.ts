import type { LimitRule } from './limit.ts';
import type { ImageFormat, Quality } from './quality.ts';
import type { RefusalCost } from './refusal.ts';
import type { Size } from './size.ts';

export type Lifecycle =
  | { readonly state: 'active' }
  | { readonly state: 'deprecated'; readonly since: string; readonly replacement: string }
  | { readonly state: 'retired'; readonly since: string; readonly replacement: string };

/** Which pictures a model can be asked for. */
export type SizeRule =
  /** Any WxH with both sides multiples of `multipleOf`, within ratio and area. */
  | {
      readonly kind: 'free';
      readonly multipleOf: number;
      /** The longest allowed ratio, long side over short side. */
      readonly longestRatio: number;
      readonly largest: Size;
      readonly smallest: Size;
    }
  /** A ratio of a list (or range) and one of a few classes, each with the area it makes. */
  | {
      readonly kind: 'ratio';
      /** `W:H` texts the vendor takes. */
      readonly ratios: readonly string[];
      /** Class name → the square it makes at 1:1, ascending. */
      readonly classes: readonly { readonly name: string; readonly square: number }[];
    };

/** A price per image, as data with a source. */
export interface PriceEntry {
  /** The picture as it is made; for a model of classes the square of the class, at any ratio. */
  readonly size: Size;
  /** Absent: the same for every quality. */
  readonly quality?: Quality;
  readonly usdMicros: number;
}

/** The half-price way to a model: many requests in one file, answered within a day. */
export interface BatchLaneFacts {
  /** The lane's price as a share of the live price, credits and dollars: 0.5. */
  readonly priceShare: number;
  /** Most requests of one batch. */
  readonly mostRequests: number;
  /** Most bytes of results that one batch may come to (base64 and JSON), by our estimate. */
  readonly mostResultBytes: number;
  /** Estimated bytes of result for each pixel of an image, base64 included. */
  readonly resultBytesPerPixel: number;
  /** A usual time from sending to the results, for the forecast. */
  readonly typicalMs: number;
  /** The vendor's own end of a batch: what is not made by then never is. */
  readonly longestMs: number;
  /** The longest that cancelling takes. */
  readonly cancelMs: number;
  readonly limits: readonly LimitRule[];
  readonly source: string;
  readonly date: string;
}

/** An entry of the catalog. */
export interface Model {
  readonly id: string;
  readonly title: string;
  readonly vendor: string;
  /** The vendor's own name of the model, where it is not the id. */
  readonly wireId?: string;
  readonly aliases: readonly string[];
  readonly lifecycle: Lifecycle;
  /** Most prompts in a batch (the guide's 50 / 30 / 40 / 10 / 10). */
  readonly batchMaximum: number;
  /** Most images of one request. */
  readonly imagesPerRequest: number;
  /** Side of the square that the guide's decision table gives this model; absent: not in the table. */
  readonly guideSide?: number;
  /** Whether `auto` may take it without being told so. */
  readonly inAuto: boolean;
  readonly sizes: SizeRule;
  readonly promptCharacters: number;
  /** `without-references`: the field may not be used together with a reference (Kling). */
  readonly negativePrompt: 'yes' | 'no' | 'without-references';
  readonly seed: boolean;
  /** `[]`: the vendor decides. */
  readonly formats: readonly ImageFormat[];
  readonly references: {
    readonly count: number;
    readonly bytes: number;
    readonly mediaTypes: readonly string[];
    /** Most pixels of one reference; absent: no bound is known. */
    readonly pixels?: number;
    /** Least and most pixels of a side. */
    readonly smallestSide?: number;
    readonly largestSide?: number;
    /** The longest allowed ratio, long side over short side. */
    readonly longestRatio?: number;
    /** Area of the largest picture that is made with a reference; absent: as without one. */
    readonly largestPicture?: Size;
  };
  readonly prices: {
    /** Credits of one image of 1024x1024 at medium quality (the guide's price, or ours). */
    readonly creditMicros: number;
    readonly creditSource: 'guide' | 'ours';
    /** Dollars by size and quality; sizes between are in proportion to pixels and marked as ours. */
    readonly usd: readonly PriceEntry[] | 'unknown';
    /** True when size and quality do not change the vendor's price. */
    readonly flat: boolean;
    /** Dollars per UTF-8 byte of prompt, an upper bound (a token has at least one byte). */
    readonly usdMicrosPerPromptByte: number;
    /** Dollars per reference picture that is sent along, an upper bound; absent: none. */
    readonly usdMicrosPerReference?: number;
    /** Dollars of what a model writes to itself before each image; absent: it writes nothing. */
    readonly usdMicrosOfThoughts?: { readonly expected: number; readonly worst: number };
    readonly source: string;
    readonly date: string;
  };
  /** Present where the vendor has a batch API for this model. */
  readonly batch?: BatchLaneFacts;
  /** Most prompts of one live request, each of another row; absent: one. */
  readonly promptsPerRequest?: number;
  /** What a refusal before and after painting costs. */
  readonly refusalCost: {
    readonly input: RefusalCost;
    readonly output: RefusalCost;
    readonly source: string;
  };
  readonly limits: readonly LimitRule[];
  /** Figures by tier name for the rules above: `{ 'tier-1': { 'images-per-minute': 5 } }`. */
  readonly tiers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The longest that one call (or task) can take, by quality; after it a slot is surely free. */
  readonly longestCallMs: Readonly<Record<Quality, number>>;
  /** A usual time to an image, for the forecast. */
  readonly typicalCallMs: Readonly<Record<Quality, number>>;
  readonly source: string;
}
