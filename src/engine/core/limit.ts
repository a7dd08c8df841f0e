/** What a limit counts. */
export type LimitUnit = 'images' | 'requests';

/**
 * A limit's shape and figure. A window lets through at most `max` units in any `windowMs`; slots are
 * held by a request until its task ends. `max: undefined` means that the figure is not known yet and
 * is learned from the vendor's headers and refusals (`admit/learn-limit.ts`).
 */
export type LimitRule =
  | {
      readonly kind: 'window';
      /** Short name, unique within its account and model: `images-per-minute`. */
      readonly name: string;
      readonly unit: LimitUnit;
      readonly max: number | undefined;
      readonly windowMs: number;
      readonly source: string;
    }
  | {
      readonly kind: 'slots';
      readonly name: string;
      /** What one request weighs: its images (Kling) or 1 (BFL). */
      readonly unit: LimitUnit;
      readonly max: number | undefined;
      readonly source: string;
    };

/** A rule bound to what it counts for: an account and model, or a workspace. */
export type Limit = LimitRule & {
  /** `openai:3f9a…/gpt-image-2/images-per-minute`, `workspace:local/images-per-hour`. */
  readonly key: string;
  /** A workspace's share of another limit: its figure follows that of the whole. */
  readonly shareOf?: { readonly key: string; readonly part: number };
  /** False for our own ceilings: only a vendor's limit is learned from its answers. */
  readonly learnable: boolean;
};

/** Key of the window in which all images of a workspace count. */
export function workspaceLimitKey(workspace: string): string {
  return `workspace:${workspace}/images-per-hour`;
}

/** A share's figure; never less than one, or nothing could ever be sent. */
export function shareOf(whole: number | undefined, part: number): number | undefined {
  return whole === undefined ? undefined : Math.max(1, Math.floor(whole * part));
}

/** What a vendor's answer said of a limit (rate headers, or a refusal's details). */
export interface LimitReading {
  /** The rule's name, as in `LimitRule`. */
  readonly name: string;
  readonly max?: number;
  readonly remaining?: number;
  readonly resetMs?: number;
}
