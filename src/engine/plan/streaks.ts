/** Counts the images that each model is given since its turn began. */
export class Streaks {
  readonly #images = new Map<string, number>();

  /** The place of the first of `count` more images in the model's streak, from 1. */
  add(model: string, count: number): number {
    const before = this.#images.get(model) ?? 0;
    this.#images.set(model, before + count);
    return before + 1;
  }

  /** The model's turn is over: its next image begins a new streak. */
  end(model: string): void {
    this.#images.delete(model);
  }
}
