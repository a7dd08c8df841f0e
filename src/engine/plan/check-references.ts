import type { Model } from '../core/model.ts';
import type { PlannedRow } from '../core/plan.ts';
import {
  decideReferenceFit,
  type MasterFacts,
  type ReferenceFinding,
  type ReferenceStep,
} from '../core/reference.ts';
import type { RowProblem } from './row-problem.ts';
import type { RowWish } from './row-wish.ts';

/** What was found of a reference; `undefined`: nobody has looked at it. */
export type ReferenceFacts = (reference: string) => ReferenceFinding | undefined;

/** A row's reference that its model can take. */
export interface PlannedReference {
  readonly facts: MasterFacts;
  /** What is done to a copy of it before it is sent; empty: the very bytes are sent. */
  readonly steps: readonly ReferenceStep[];
}

export interface CheckedReferences {
  /** Of all of the row's references, or none: of a row with problems, or that nobody has looked at. */
  readonly pictures: readonly PlannedReference[];
  readonly problems: readonly RowProblem[];
}

/** The facts that a planned row has kept of its references. */
export function plannedFacts({
  references,
  masters,
}: Pick<PlannedRow, 'references' | 'masters'>): ReferenceFacts {
  return (reference) => {
    const facts = masters?.[references.indexOf(reference)];
    return facts === undefined ? undefined : { kind: 'picture', facts };
  };
}

const NONE: CheckedReferences = { pictures: [], problems: [] };

/** What becomes of a row's references at a model, and what of them it cannot take. */
export function checkReferences(
  wish: Pick<RowWish, 'references' | 'referenceColumn'>,
  model: Model,
  factsOf: ReferenceFacts | undefined,
): CheckedReferences {
  const { references, referenceColumn } = wish;
  if (references.length === 0) return NONE;
  const most = model.references.count;
  const problems: RowProblem[] = [];
  const column = referenceColumn === undefined ? {} : { column: referenceColumn };
  if (references.length > most) {
    problems.push({
      ...column,
      value: references.join(' '),
      message: `${references.length} reference images are given, and ${model.title} takes ${most}`,
      remedy:
        most === 0 ? 'Choose a model that takes references.' : `Keep at most ${most} of them.`,
    });
  }
  const pictures: PlannedReference[] = [];
  for (const reference of references) {
    const finding = factsOf?.(reference);
    if (finding === undefined) continue;
    const picture = fit(finding, model);
    if ('message' in picture) problems.push({ ...column, value: reference, ...picture });
    else pictures.push(picture);
  }
  return pictures.length === references.length ? { pictures, problems } : { ...NONE, problems };
}

function fit(
  finding: ReferenceFinding,
  model: Model,
): PlannedReference | Pick<RowProblem, 'message' | 'remedy'> {
  if (finding.kind === 'problem') return { message: finding.message, remedy: finding.remedy };
  const { facts } = finding;
  const decided = decideReferenceFit(facts, model);
  switch (decided.kind) {
    case 'as-it-is':
      return { facts, steps: [] };
    case 'changed':
      return { facts, steps: decided.steps };
    case 'impossible':
      return { message: decided.message, remedy: decided.remedy };
    default:
      return decided satisfies never;
  }
}
