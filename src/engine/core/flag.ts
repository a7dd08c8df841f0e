import type { ScreenLabel } from './screening.ts';

/**
 * What was found about a picture. The first three fail the image; the others only mark one that a person
 * should look at.
 */
export type Flag =
  | { readonly kind: 'blank' }
  | { readonly kind: 'wrong-size' }
  | { readonly kind: 'broken' }
  /** It looks like an earlier image of the run: image `index` of row `row`. */
  | { readonly kind: 'near-duplicate'; readonly row: number; readonly index: number }
  /** Much farther from its reference, or from the run's own start, than others of its kind. */
  | { readonly kind: 'drifted'; readonly from: 'reference' | 'start' }
  /** The very bytes of another image of the run. */
  | { readonly kind: 'exact-duplicate'; readonly row: number; readonly index: number }
  /** Far softer than the others of its model; `share` of their median detail, 0 to 1. */
  | { readonly kind: 'low-detail'; readonly share: number }
  /** Flagged for review (`Screening`); an image without this flag was not found to be anything. */
  | { readonly kind: 'screened'; readonly label: ScreenLabel; readonly score: number }
  /** Of a file of the image in the out folder; `output`: which one, absent: its own. */
  | { readonly kind: FileFlagKind; readonly output?: string };

/** It is gone, is not what was delivered, has lost its marks, or its content credentials do not hold. */
export type FileFlagKind = (typeof FILE_FLAG_KINDS)[number];
export const FILE_FLAG_KINDS = [
  'missing-file',
  'changed-file',
  'unmarked',
  'broken-credentials',
] as const;

export type FlagKind = Flag['kind'];

export const FLAG_KINDS = [
  'blank',
  'wrong-size',
  'broken',
  'near-duplicate',
  'drifted',
  'exact-duplicate',
  'low-detail',
  'screened',
  ...FILE_FLAG_KINDS,
] as const satisfies readonly FlagKind[];

/** `near-duplicate of row 12`, as the results and the command line say it. */
export function flagText(flag: Flag): string {
  switch (flag.kind) {
    case 'near-duplicate':
    case 'exact-duplicate': {
      const image = flag.index === 1 ? '' : ` image ${flag.index}`;
      return `${flag.kind} of row ${flag.row}${image}`;
    }
    case 'drifted':
      return flag.from === 'reference' ? 'drifted from its reference' : 'drifted from the start';
    case 'blank':
    case 'wrong-size':
    case 'broken':
      return flag.kind;
    case 'low-detail':
      return `low detail (${percent(flag.share)} of the median)`;
    case 'screened':
      return `flagged for review: ${flag.label} ${percent(flag.score)}`;
    case 'missing-file':
    case 'changed-file':
    case 'unmarked':
    case 'broken-credentials':
      return `${flag.output === undefined ? '' : `${flag.output}: `}${FILE_WORDS[flag.kind]}`;
    default:
      return flag satisfies never;
  }
}

const FILE_WORDS: Readonly<Record<FileFlagKind, string>> = {
  'missing-file': 'file is missing',
  'changed-file': 'file was changed',
  unmarked: 'marks are gone',
  'broken-credentials': 'content credentials do not hold',
};

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
