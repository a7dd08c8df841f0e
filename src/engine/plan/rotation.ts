import type { Model } from '../core/model.ts';
import type { RunSettings } from '../core/settings.ts';

export interface Rotation {
  readonly models: readonly Model[];
  readonly explanation: string;
  /** Whose turn it is; `undefined` when there is no model to take turns. */
  current(): Model | undefined;
  /** Counts a planned prompt. Returns the model whose turn it ended, if it did. */
  advance(): Model | undefined;
}

/**
 * Models that take turns in the order given: `rotateEvery` prompts each; with `half` one part of the
 * sheet's rows each; with `auto` the first has the turn until its detail falls, which only the run can
 * see. One model never ends its turn.
 *
 * @param rows rows that take turns, counted before: what `half` divides
 */
export function rotation(
  models: readonly Model[],
  rotateEvery: RunSettings['rotateEvery'],
  rows = Infinity,
): Rotation {
  let turn = 0;
  let prompts = 0;
  const current = () => models[turn % models.length];
  return {
    models,
    explanation: explain(models, rotateEvery),
    current,
    advance() {
      if (models.length < 2) return undefined;
      prompts += 1;
      if (prompts < endOfTurn(turn, models.length, rotateEvery, rows)) return undefined;
      const ended = current();
      turn += 1;
      return ended;
    },
  };
}

/** Prompts planned in all when turn `turn` (from 0) is over. */
function endOfTurn(
  turn: number,
  models: number,
  rotateEvery: RunSettings['rotateEvery'],
  rows: number,
): number {
  if (rotateEvery === 'auto') return Infinity;
  if (rotateEvery !== 'half') return (turn + 1) * rotateEvery;
  // The last part has no end, should the rows have been counted too low.
  return turn + 1 < models ? Math.ceil(((turn + 1) * rows) / models) : Infinity;
}

function explain(models: readonly Model[], rotateEvery: RunSettings['rotateEvery']): string {
  const titles = models.map((model) => model.title);
  const [first = '', second = '', ...more] = titles;
  if (titles.length < 2) return `${first}, as asked`;
  if (rotateEvery === 'auto') {
    const next = [second, ...more].join(', then ');
    return `${first} first; when its detail falls clearly below its own start, ${next} takes over`;
  }
  if (rotateEvery !== 'half') return `${titles.join(', ')} in turn, ${rotateEvery} prompts each`;
  return more.length === 0
    ? `${first} for the first half of the rows, ${second} for the second half`
    : `${titles.join(', ')}: one part of the rows each, in this order`;
}
