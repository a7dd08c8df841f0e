/**
 * References (image to image): what is known of a picture, and what a model's limits make of it. The
 * decision is pure and made twice from the same facts: by the plan, which tells of it, and before
 * sending, when it is carried out (`references/fit-reference.ts`).
 */
import { formatName } from './media-type.ts';
import type { Model } from './model.ts';
import { formatSize, type Size } from './size.ts';

/** A master, as it was given to us: its bytes never change, since they are named by their hash. */
export interface MasterFacts extends Size {
  /** SHA-256 of its bytes, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly mediaType: string;
  // Width and height are those of the picture turned upright.
  /** It lies on its side or is mirrored, and says so (EXIF). */
  readonly turned?: true;
  /** An animation or a file of several pages: only the first is used. */
  readonly frames?: number;
  readonly alpha?: true;
  /** Not the 8 bits of red, green and blue (or grey) that every reader expects. */
  readonly colours?: 'cmyk' | 'deep' | 'other';
  /** It stands for a delivered file of ours: the stored master is used, not the finished copy. */
  readonly ownMaster?: true;
}

/** What a look at a reference gave. */
export type ReferenceFinding =
  | { readonly kind: 'picture'; readonly facts: MasterFacts }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** What is done to a copy of a master before it is sent. */
export const REFERENCE_STEPS = [
  'own-master',
  'turned',
  'first-frame',
  'colours',
  'converted',
  'scaled',
  'recompressed',
  'flattened',
] as const;
export type ReferenceStep = (typeof REFERENCE_STEPS)[number];

/** What was sent of one reference instead of the master's own bytes. */
export interface ReferenceChange {
  /** The reference in short: a file's name, an address without its query, `@hero`. */
  readonly reference: string;
  readonly steps: readonly ReferenceStep[];
  readonly from: ReferenceState;
  readonly to: ReferenceState;
}

interface ReferenceState extends Size {
  readonly bytes: number;
  readonly mediaType: string;
}

export type ReferenceFit =
  /** The very bytes are sent. */
  | { readonly kind: 'as-it-is' }
  /** Bytes may need fewer pixels still: what an encoder makes is known only afterwards. */
  | { readonly kind: 'changed'; readonly steps: readonly ReferenceStep[]; readonly size: Size }
  | { readonly kind: 'impossible'; readonly message: string; readonly remedy: string };

/** What must be done to a master so that `model` takes it, or why it cannot be done. */
export function decideReferenceFit(
  facts: MasterFacts,
  { title, references: limits }: Pick<Model, 'title' | 'references'>,
): ReferenceFit {
  const { smallestSide = 1, longestRatio = Infinity } = limits;
  const [short, long] = [Math.min(facts.width, facts.height), Math.max(facts.width, facts.height)];
  const shown = formatSize(facts);
  if (short < smallestSide) {
    return impossible(
      `The reference image has ${shown} pixels, and ${title} takes no side below ${smallestSide}`,
      'Use a larger picture.',
    );
  }
  if (long / short > longestRatio) {
    return impossible(
      `The reference image has ${shown} pixels: its sides differ more than ${title} takes (${roundText(longestRatio)}:1)`,
      'Cut a part out of it.',
    );
  }
  const size = sizeWithin(facts, limits);
  if (Math.min(size.width, size.height) < smallestSide) {
    return impossible(
      `The reference image has ${shown} pixels; scaled to what ${title} takes, a side is below ${smallestSide}`,
      'Cut a part out of it.',
    );
  }
  const steps = stepsOf(facts, limits, size);
  return steps.length === 0 ? { kind: 'as-it-is' } : { kind: 'changed', steps, size };
}

function stepsOf(facts: MasterFacts, limits: Model['references'], size: Size): ReferenceStep[] {
  const isScaled = size.width !== facts.width || size.height !== facts.height;
  return [
    ...(facts.turned ? (['turned'] as const) : []),
    ...(facts.frames === undefined ? [] : (['first-frame'] as const)),
    ...(facts.colours === undefined ? [] : (['colours'] as const)),
    ...(limits.mediaTypes.includes(facts.mediaType) ? [] : (['converted'] as const)),
    ...(isScaled ? (['scaled'] as const) : []),
    ...(facts.bytes > limits.bytes ? (['recompressed'] as const) : []),
  ];
}

/** The size within all of the model's bounds on pixels and sides; the same one if it is. */
function sizeWithin(facts: Size, limits: Model['references']): Size {
  const { pixels = Infinity, largestSide = Infinity, longestRatio = Infinity } = limits;
  const { width, height } = facts;
  const scale = Math.min(
    1,
    Math.sqrt(pixels / (width * height)),
    largestSide / Math.max(width, height),
  );
  return scaledSize(facts, scale, longestRatio);
}

/** Rounded down; where rounding would pass the longest ratio, the long side gives way by a pixel. */
export function scaledSize(size: Size, scale: number, longestRatio = Infinity): Size {
  if (scale >= 1) return { width: size.width, height: size.height };
  const width = Math.max(1, Math.floor(size.width * scale));
  const height = Math.max(1, Math.floor(size.height * scale));
  return {
    width: Math.min(width, Math.floor(height * longestRatio)),
    height: Math.min(height, Math.floor(width * longestRatio)),
  };
}

function impossible(message: string, remedy: string): ReferenceFit {
  return { kind: 'impossible', message, remedy };
}

function roundText(ratio: number): string {
  return String(Math.round(ratio * 100) / 100);
}

/** `hero.jpg`, `example.org/a.png` (without a query, which may hold a token), `@hero`. */
export function referenceLabel(reference: string): string {
  const url = /^https?:\/\//i.test(reference) ? URL.parse(reference) : null;
  if (url !== null) return `${url.host}${url.pathname}`;
  return reference.split(/[/\\]/).at(-1) ?? reference;
}

/** `hero.jpg: turned upright, 5640x3172 → 1696x954, HEIC → JPEG, 16.0 MB → 0.8 MB`. */
export function describeReferenceChange({ reference, steps, from, to }: ReferenceChange): string {
  const words = steps.flatMap((step) => STEP_WORDS[step] ?? []);
  const sizes = steps.includes('scaled') ? [`${formatSize(from)} → ${formatSize(to)}`] : [];
  const types =
    from.mediaType === to.mediaType
      ? []
      : [`${formatName(from.mediaType)} → ${formatName(to.mediaType)}`];
  const bytes = `${formatBytes(from.bytes)} → ${formatBytes(to.bytes)}`;
  return `${reference}: ${[...words, ...sizes, ...types, bytes].join(', ')}`;
}

/** Steps that figures do not tell. */
const STEP_WORDS: Readonly<Partial<Record<ReferenceStep, string>>> = {
  'own-master': 'taken from its stored master',
  turned: 'turned upright',
  'first-frame': 'first picture of several',
  colours: 'colours made plain RGB',
  flattened: 'transparency made white',
};

/** `640 B`, `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1000 ? `${Math.round(kilobytes)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** A picture that sheets know by name: `@hero`. Its bytes are in the store and never change. */
export interface NamedReference extends Size {
  /** As it is written after the `@`, in small letters. */
  readonly name: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** The file, or the address without its query. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

export type RenamedReference = 'renamed' | 'taken' | 'missing';

/** A row's references with what was known of each when it was planned: its bytes stay in the store. */
export interface ItemReferences {
  readonly references: readonly string[];
  readonly masters: readonly MasterFacts[];
}

/** What a vendor keeps of ours, so that it is sent once. */
export interface KeptUpload {
  /** The vendor's name of the picture. */
  readonly handle: string;
  /** Milliseconds since 1970; absent: the vendor names no end. */
  readonly expiresAt?: number;
  readonly uploadedAt: number;
}

/** `@hero`, `@brand-2`: letters, digits, dot, hyphen and underscore after the sign. */
export const REFERENCE_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** The name that `@Hero` stands for; `undefined` for what is no name. */
export function referenceName(reference: string): string | undefined {
  const name = reference.startsWith('@') ? reference.slice(1).normalize('NFC').toLowerCase() : '';
  return REFERENCE_NAME.test(name) ? name : undefined;
}
