import type { Model } from './model.ts';
import type { Quality } from './quality.ts';
import type { Size } from './size.ts';

/** What a vendor is asked for so that a wanted size can be delivered. */
export type AskedSize =
  | { readonly kind: 'size'; readonly made: Size }
  /** `made` is the picture that this ratio and class make (`sizeOfRatio` of the class's square). */
  | {
      readonly kind: 'ratio';
      readonly ratio: string;
      readonly className: string;
      readonly made: Size;
    };

export type SizeFit =
  | { readonly ok: true; readonly asked: AskedSize }
  | { readonly ok: false; readonly message: string; readonly remedy: string };

/**
 * `list`: the guide's or the vendor's own figure; `proportional`: ours, worked out from one; `quote`:
 * what the vendor said when it was asked for this plan.
 */
export type PriceSource = 'list' | 'proportional' | 'quote';

/** What a vendor said, when it was asked, that an image of this kind costs at most. */
export interface Quote {
  readonly model: string;
  readonly size: Size;
  readonly quality: Quality;
  /** How many reference pictures are sent along. */
  readonly references: number;
  readonly usdMicrosPerImage: number;
}

/** The price of one delivered image. */
export interface ImagePrice {
  readonly creditMicros: number;
  readonly creditSource: PriceSource;
  /** `undefined`: nobody knows. */
  readonly usdMicros: number | undefined;
  readonly usdSource: PriceSource;
}

/** One paid call, as far as its price depends on it. */
export interface PricedRequest {
  readonly size: Size;
  readonly quality: Quality;
  readonly count: number;
  /** UTF-8 bytes of the prompt as sent, the negative prompt included. */
  readonly promptBytes: number;
  readonly references: number;
}

/** Dollars of one request; `undefined` where the price is not known. */
export interface RequestUsd {
  readonly expectedMicros: number | undefined;
  readonly worstMicros: number | undefined;
}

/** Whether a model may still be used. */
export type Standing =
  | { readonly kind: 'usable' }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** The models that can be used, with all that can be asked about them. Pure: no key, no network. */
export interface Catalog {
  /** Date of the figures, `YYYY-MM-DD`. */
  readonly date: string;
  readonly all: readonly Model[];
  /** A model by its id or an alias, in any case. */
  find(name: string): Model | undefined;
  /** Up to three ids that are spelled like `name`, the closest first. */
  suggest(name: string): readonly string[];
  standing(model: Model): Standing;
  fitSize(model: Model, size: Size): SizeFit;
  imagePrice(model: Model, size: Size, quality: Quality): ImagePrice;
  requestUsd(model: Model, request: PricedRequest): RequestUsd;
}
