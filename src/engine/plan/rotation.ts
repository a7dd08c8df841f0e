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

/** Prompts of a turn where something else than a number decides: the guide's figure. */
const USUAL_TURN = 30;

/** Models that take turns, `rotateEvery` prompts each, in the order given. One model never ends its turn. */
export function rotation(
  models: readonly Model[],
  rotateEvery: RunSettings['rotateEvery'],
): Rotation {
  const promptsATurn = typeof rotateEvery === 'number' ? rotateEvery : USUAL_TURN;
  let turn = 0;
  let promptsInTurn = 0;
  const current = () => models[turn % models.length];
  const titles = models.map((model) => model.title).join(', ');
  return {
    models,
    explanation:
      models.length > 1 ? `${titles} in turn, ${promptsATurn} prompts each` : `${titles}, as asked`,
    current,
    advance() {
      if (models.length < 2) return undefined;
      promptsInTurn += 1;
      if (promptsInTurn < promptsATurn) return undefined;
      const ended = current();
      promptsInTurn = 0;
      turn += 1;
      return ended;
    },
  };
}
