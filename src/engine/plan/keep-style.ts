import type { Model } from '../core/model.ts';
import type { Row } from '../core/row.ts';
import type { RowWish } from './row-wish.ts';

/** Styles and references remembered at most; rows of later ones take their model as if alone. */
const MOST_REMEMBERED = 100_000;

export interface StyleKeeper {
  /** How many rows were given another model than their turn's (or auto's choice), in words. */
  readonly explanation: string;
  /**
   * The model that a row's style or one of its references was given before, if it can make the row;
   * otherwise `model`, which is remembered for them.
   */
  keep(row: Row, wish: RowWish, model: Model, fits: (model: Model) => boolean): Model;
}

/** Lets rows that share a style or a reference stay with one model: the first that one of them got. */
export function keepStyles(): StyleKeeper {
  const models = new Map<string, Model>();
  let kept = 0;
  return {
    get explanation() {
      const rows = kept === 1 ? '1 row' : `${kept} rows`;
      return `rows that share a style or a reference stay with one model: ${rows} left their turn for it`;
    },
    keep(row, wish, model, fits) {
      const marks = marksOf(row, wish);
      const known = marks.map((mark) => models.get(mark)).find((each) => each !== undefined);
      const chosen = known !== undefined && known !== model && fits(known) ? known : model;
      if (chosen !== model) kept += 1;
      for (const mark of marks) {
        if (!models.has(mark) && models.size < MOST_REMEMBERED) models.set(mark, chosen);
      }
      return chosen;
    },
  };
}

/** What a row may share with others. */
function marksOf(row: Row, wish: RowWish): string[] {
  const style = row.style === undefined ? [] : [`style ${row.style.trim().toLowerCase()}`];
  return [...style, ...wish.references.map((reference) => `reference ${reference}`)];
}
