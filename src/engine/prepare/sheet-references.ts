/** Looks at what rows refer to, ahead of the plan, so that the plan itself needs no waiting. */
import type { ReferenceFinding } from '../core/reference.ts';
import type { SheetRow } from '../input/sheet.ts';

/** Lines whose references are looked at while an earlier line is planned. */
const LOOK_AHEAD = 64;
/** Findings that are remembered: facts of a few hundred bytes each, never pictures. */
const MOST_REMEMBERED = 50_000;

export class SheetReferences {
  readonly #find: (reference: string) => Promise<ReferenceFinding>;
  readonly #found = new Map<string, ReferenceFinding>();
  readonly #underWay = new Map<string, Promise<ReferenceFinding>>();

  constructor(find: (reference: string) => Promise<ReferenceFinding>) {
    this.#find = find;
  }

  /** What was found of a reference of the newest line, or of one before it. */
  readonly factsOf = (reference: string): ReferenceFinding | undefined =>
    this.#found.get(reference);

  /** The same lines, each once all of its references have been looked at. */
  async *ahead(lines: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
    const waiting: SheetRow[] = [];
    for await (const line of lines) {
      this.#begin(line);
      waiting.push(line);
      if (waiting.length <= LOOK_AHEAD) continue;
      yield await this.#finished(waiting.shift()!);
    }
    for (const line of waiting) yield await this.#finished(line);
  }

  #begin(line: SheetRow): void {
    for (const reference of referencesOf(line)) {
      if (!this.#found.has(reference)) void this.#look(reference).catch(() => undefined);
    }
  }

  async #finished(line: SheetRow): Promise<SheetRow> {
    for (const reference of referencesOf(line)) {
      if (this.#found.has(reference)) continue;
      this.#remember(reference, await this.#look(reference));
    }
    return line;
  }

  #look(reference: string): Promise<ReferenceFinding> {
    const known = this.#underWay.get(reference);
    if (known !== undefined) return known;
    const looking = this.#find(reference);
    this.#underWay.set(reference, looking);
    return looking;
  }

  #remember(reference: string, finding: ReferenceFinding): void {
    this.#underWay.delete(reference);
    this.#found.set(reference, finding);
    const [oldest] = this.#found.keys();
    if (this.#found.size > MOST_REMEMBERED && oldest !== undefined) this.#found.delete(oldest);
  }
}

const NONE: readonly string[] = [];

function referencesOf(line: SheetRow): readonly string[] {
  return line.kind === 'row' ? line.row.references : NONE;
}
