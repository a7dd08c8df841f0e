import { hash } from 'node:crypto';
import type { Plan } from '../core/plan.ts';
import type { MasterFacts, ReferenceStep } from '../core/reference.ts';
import type { PlannedReference } from './check-references.ts';
import { IdentityTable } from './identity-table.ts';

/** What is told of each kind of change, of one picture and of several. */
const KINDS: readonly (readonly [step: ReferenceStep, text: (pictures: string) => string])[] = [
  [
    'own-master',
    (pictures) => `${pictures} delivered before: the stored master is used, not the finished file`,
  ],
  ['turned', (pictures) => `${pictures} turned upright`],
  ['first-frame', (pictures) => `${pictures} with several frames or pages: only the first is sent`],
  ['colours', (pictures) => `${pictures} changed to plain RGB colours`],
  ['converted', (pictures) => `${pictures} converted to a format that the model takes`],
  ['scaled', (pictures) => `${pictures} scaled down to the pixels that the model takes`],
  ['recompressed', (pictures) => `${pictures} compressed to the bytes that the model takes`],
];

/** Counts the different reference pictures of a sheet, and what is done to them. Flat memory. */
export class ReferenceTally {
  readonly #seen = new IdentityTable();
  /** Facts that were counted for a model, so that a sheet of few pictures costs nothing a row. */
  readonly #counted = new Map<string, WeakSet<MasterFacts>>();
  readonly #kinds = new Map<ReferenceStep, number>();
  #pictures = 0;
  #fitted = 0;

  add(pictures: readonly PlannedReference[], modelId: string): void {
    for (const { facts, steps } of pictures) {
      const counted = this.#counted.get(modelId) ?? new WeakSet();
      this.#counted.set(modelId, counted);
      if (counted.has(facts)) continue;
      counted.add(facts);
      if (this.#isNew(facts.hash)) this.#pictures += 1;
      if (steps.length > 0 && this.#isNew(`${facts.hash} fitted`)) this.#fitted += 1;
      for (const step of facts.ownMaster ? (['own-master', ...steps] as const) : steps) {
        if (!this.#isNew(`${facts.hash} ${step}`)) continue;
        this.#kinds.set(step, (this.#kinds.get(step) ?? 0) + 1);
      }
    }
  }

  /** Absent where the sheet has no reference that was looked at. */
  counts(): Pick<Plan, 'references'> {
    if (this.#pictures === 0) return {};
    return { references: { pictures: this.#pictures, fitted: this.#fitted } };
  }

  /** A line for all, and one for each kind of change; nothing while the very bytes are sent. */
  lines(): string[] {
    const kinds = KINDS.flatMap(([step, text]) => {
      const count = this.#kinds.get(step);
      return count === undefined ? [] : [text(picturesText(count))];
    });
    if (this.#fitted === 0) return kinds;
    const all = `${picturesText(this.#pictures)}, ${this.#fitted} of them fitted to the model in a copy (the originals stay as they are)`;
    return [all, ...kinds];
  }

  #isNew(what: string): boolean {
    const identity = hash('sha256', what);
    if (this.#seen.get(identity) > 0) return false;
    this.#seen.set(identity, 1);
    return true;
  }
}

function picturesText(count: number): string {
  return count === 1 ? '1 reference image' : `${count} reference images`;
}
