/** What was done to a picture, in the words of the standard's list (C2PA 2.2 to 2.4, actions). */
import type { FileFormat } from '../../core/quality.ts';
import { formatSize, type Size } from '../../core/size.ts';
import { SOURCE_TYPE_SCHEME } from '../../core/source-type.ts';
import type { Move } from '../convert/plan-moves.ts';
import type { Generator } from './signing-identity.ts';

export interface EditAction {
  readonly action: string;
  readonly description?: string;
  readonly softwareAgent?: Generator | { readonly name: string };
  readonly digitalSourceType?: string;
  readonly parameters?: { readonly ingredientIds: readonly string[] };
}

export interface Edits {
  /** The master's, upright. */
  readonly size: Size;
  readonly moves: readonly Move[];
  /** The pixels were encoded anew; absent: they are the master's. */
  readonly encoded?: { readonly from: string; readonly to: FileFormat };
  /** The master lay on its side or head, and says so. */
  readonly turned: boolean;
}

export function editActions({ size, moves, encoded, turned }: Edits, by: Generator): EditAction[] {
  const actions: EditAction[] = [];
  const add = (action: string, description: string, more: Partial<EditAction> = {}) => {
    actions.push({ action, description, softwareAgent: by, ...more });
  };
  if (turned) add('c2pa.orientation', 'turned upright');
  let before = size;
  for (const move of moves) before = addMove(add, move, before);
  if (encoded === undefined) return actions;
  const to = `image/${encoded.to}`;
  if (encoded.from === to) add('c2pa.transcoded', `encoded again as ${to}`);
  else add('c2pa.converted', `${encoded.from} to ${to}`);
  return actions;
}

type Add = (action: string, description: string, more?: Partial<EditAction>) => void;

function addMove(add: Add, move: Move, before: Size): Size {
  if (move.kind === 'upscale') {
    const { factor, method } = move;
    add('c2pa.resized.proportional', `enlarged ${factor} times`);
    if (method === 'learned') {
      add('c2pa.enhanced', 'details drawn by a trained network that is not generative', {
        digitalSourceType: `${SOURCE_TYPE_SCHEME}algorithmicallyEnhanced`,
      });
    }
    return { width: before.width * factor, height: before.height * factor };
  }
  const to = `to ${formatSize(move)}`;
  if (move.kind === 'cut') {
    add('c2pa.cropped', to);
  } else if (move.fit === 'contain') {
    add('c2pa.resized', `${to}, with margins`);
  } else {
    const isCut = move.fit === 'cover';
    const isScaled = !isCut || (move.width !== before.width && move.height !== before.height);
    if (isScaled) add('c2pa.resized.proportional', isCut ? `to cover ${formatSize(move)}` : to);
    if (isCut) add('c2pa.cropped', to);
  }
  return { width: move.width, height: move.height };
}
