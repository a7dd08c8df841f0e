/** Counts texts in order of first appearance: `12 rows: …`. Bounded by how many different ones there are. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  lines(): string[] {
    return [...this.#counts].map(
      ([text, count]) => `${count} ${count === 1 ? 'row' : 'rows'}: ${text}`,
    );
  }
}
