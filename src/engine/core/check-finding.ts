/** What a check finds about pictures: facts with words. */
import { type Size, formatSize } from './size.ts';
import type { ScreenLabel } from './screening.ts';

export type CheckFinding =
  // What fails a picture.
  | { readonly kind: 'broken' | 'unreadable' | 'broken-credentials'; readonly reason: string }
  | { readonly kind: 'blank' | 'missing-file' | 'changed-file' }
  | {
      readonly kind: 'wrong-size';
      readonly asked: Size;
      readonly actual: Size;
      readonly how: 'smaller' | 'larger' | 'other-ratio';
    }
  // What a person should look at. `of`: the other file, by its name.
  | { readonly kind: 'exact-duplicate' | 'near-duplicate'; readonly of: string }
  /** `share` of the median detail of `among` pictures of its folder and model. */
  | { readonly kind: 'low-detail'; readonly share: number; readonly among: number }
  | { readonly kind: 'screened'; readonly label: ScreenLabel; readonly score: number }
  | { readonly kind: 'wrong-extension'; readonly is: string }
  /** `unmarked`: an image of a run whose marks are gone; `stray`: it belongs to no row of the run. */
  | { readonly kind: 'unmarked' | 'stray' }
  | { readonly kind: 'unread'; readonly reason: string }
  // What is good to know.
  | { readonly kind: 'large'; readonly bytes: number; readonly usual: number }
  | { readonly kind: 'animated'; readonly frames: number }
  | { readonly kind: 'turned' | 'cmyk' | 'deep' };

export type CheckFindingKind = CheckFinding['kind'];
export type FindingWeight = 'fails' | 'flags' | 'notes';

/** The worst first: the order in which they are told. */
export const FINDING_WEIGHTS: Readonly<Record<CheckFindingKind, FindingWeight>> = {
  'missing-file': 'fails',
  unreadable: 'fails',
  broken: 'fails',
  'changed-file': 'fails',
  'broken-credentials': 'fails',
  'wrong-size': 'fails',
  blank: 'fails',
  screened: 'flags',
  'exact-duplicate': 'flags',
  'near-duplicate': 'flags',
  'low-detail': 'flags',
  unmarked: 'flags',
  stray: 'flags',
  'wrong-extension': 'flags',
  unread: 'flags',
  large: 'notes',
  animated: 'notes',
  cmyk: 'notes',
  deep: 'notes',
  turned: 'notes',
};

export const FINDING_KINDS = Object.keys(FINDING_WEIGHTS) as readonly CheckFindingKind[];

/** The worst of a picture's findings; `undefined`: there is none. */
export function worstOf(findings: readonly CheckFinding[]): FindingWeight | undefined {
  const weights = new Set(findings.map(({ kind }) => FINDING_WEIGHTS[kind]));
  return (['fails', 'flags', 'notes'] as const).find((weight) => weights.has(weight));
}

/** What was found, in words that need no more: `near-duplicate of red.png`. */
export function findingText(finding: CheckFinding): string {
  switch (finding.kind) {
    case 'broken':
    case 'unreadable':
      return `${finding.kind}: ${finding.reason}`;
    case 'broken-credentials':
      return `content credentials do not hold: ${finding.reason}`;
    case 'unread':
      return `not looked into: ${finding.reason}`;
    case 'wrong-size':
      return `${formatSize(finding.actual)} for ${formatSize(finding.asked)}: ${SIZE_WORDS[finding.how]}`;
    case 'exact-duplicate':
      return `the same bytes as ${finding.of}`;
    case 'near-duplicate':
      return `near-duplicate of ${finding.of}`;
    case 'low-detail':
      return `low detail: ${percent(finding.share)} of the median of ${finding.among} like it`;
    case 'screened':
      return `flagged for review: ${finding.label} ${percent(finding.score)}`;
    case 'wrong-extension':
      return `its content is ${finding.is}`;
    case 'large':
      return `${megabytes(finding.bytes)} where ${megabytes(finding.usual)} is usual`;
    case 'animated':
      return `${finding.frames} frames; the first is measured`;
    case 'blank':
    case 'missing-file':
    case 'changed-file':
    case 'unmarked':
    case 'stray':
    case 'turned':
    case 'cmyk':
    case 'deep':
      return WORDS[finding.kind];
    default:
      return finding satisfies never;
  }
}

const SIZE_WORDS = {
  smaller: 'smaller',
  larger: 'larger',
  'other-ratio': 'another ratio',
} as const;

const WORDS = {
  blank: 'practically one colour',
  'missing-file': 'the file is missing',
  'changed-file': 'the file was changed since it was delivered',
  unmarked: 'its marks of origin are gone',
  stray: 'it belongs to no row of the run',
  turned: 'stored turned; shown upright by its EXIF note',
  cmyk: 'CMYK colours',
  deep: 'more than 8 bits a colour',
} as const;

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
