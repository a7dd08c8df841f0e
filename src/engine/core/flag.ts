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
  | { readonly kind: 'drifted'; readonly from: 'reference' | 'start' };

export type FlagKind = Flag['kind'];

export const FLAG_KINDS = [
  'blank',
  'wrong-size',
  'broken',
  'near-duplicate',
  'drifted',
] as const satisfies readonly FlagKind[];

/** `near-duplicate of row 12`, as the results and the command line say it. */
export function flagText(flag: Flag): string {
  switch (flag.kind) {
    case 'near-duplicate': {
      const image = flag.index === 1 ? '' : ` image ${flag.index}`;
      return `near-duplicate of row ${flag.row}${image}`;
    }
    case 'drifted':
      return flag.from === 'reference' ? 'drifted from its reference' : 'drifted from the start';
    case 'blank':
    case 'wrong-size':
    case 'broken':
      return flag.kind;
    default:
      return flag satisfies never;
  }
}
