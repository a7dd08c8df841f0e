/** What is done to a copy of a reference, in words. */
import type { Reference, ReferenceFit } from '../../queries/references.ts';

export function fitSteps(
  { steps, width, height }: ReferenceFit,
  reference: Pick<Reference, 'width' | 'height'>,
): string {
  const words = {
    'own-master': 'from its stored master',
    turned: 'turned upright',
    'first-frame': 'its first picture only',
    colours: 'colours made plain RGB',
    converted: 'converted to a format that is taken',
    scaled: `scaled from ${reference.width} × ${reference.height} to ${width} × ${height}`,
    recompressed: 'made smaller in bytes',
    flattened: 'transparency made white',
  } as const satisfies Record<ReferenceFit['steps'][number], string>;
  return steps.map((step) => words[step]).join(', ');
}
