import type { Model } from '../core/model.ts';
import type { RowProblem } from './row-problem.ts';

/** Facts of a reference on disk; `undefined`: there is no such file, or it is no picture. */
export type ReferenceFacts = (
  path: string,
) => { readonly bytes: number; readonly mediaType: string } | undefined;

const NONE: readonly RowProblem[] = [];

/** What of a row's references the model cannot take. Addresses (http) are read by nobody before sending. */
export function checkReferences(
  references: readonly string[],
  model: Model,
  factsOf: ReferenceFacts | undefined,
): readonly RowProblem[] {
  if (references.length === 0) return NONE;
  const most = model.references.count;
  const problems: RowProblem[] = [];
  if (references.length > most) {
    problems.push({
      column: 'image',
      value: references.join(' '),
      message: `${references.length} reference images are given, and ${model.title} takes ${most}`,
      remedy:
        most === 0 ? 'Choose a model that takes references.' : `Keep at most ${most} of them.`,
    });
  }
  for (const reference of references) {
    const message =
      factsOf && !isAddress(reference) ? complaint(reference, model, factsOf) : undefined;
    if (message) problems.push({ column: 'image', value: reference, ...message });
  }
  return problems;
}

function complaint(
  path: string,
  model: Model,
  factsOf: ReferenceFacts,
): Pick<RowProblem, 'message' | 'remedy'> | undefined {
  const facts = factsOf(path);
  const { bytes, mediaTypes } = model.references;
  if (!facts) {
    return {
      message: 'The reference image cannot be read',
      remedy: 'Correct the path (it counts from the sheet’s folder), or empty the cell.',
    };
  }
  if (facts.bytes > bytes) {
    return {
      message: `The reference image has ${megabytes(facts.bytes)}, and ${model.title} takes ${megabytes(bytes)}`,
      remedy: 'Make the file smaller.',
    };
  }
  if (mediaTypes.includes(facts.mediaType)) return undefined;
  return {
    message: `The reference image is ${facts.mediaType}, and ${model.title} takes ${mediaTypes.join(', ')}`,
    remedy: 'Convert the file.',
  };
}

function isAddress(reference: string): boolean {
  return /^(?:https?|data):/i.test(reference);
}

function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}
