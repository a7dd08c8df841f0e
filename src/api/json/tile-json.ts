/** Items as a contact sheet needs them. */
import type { Tile } from '../../engine/engine-types.ts';
import { TILE_PROMPT_LENGTH } from '../schemas/tiles.ts';

/** Hex digits: of a run's pictures no two share them. */
const VERSION_LENGTH = 12;
/** A vendor's words can be long; all of them are with the item. */
const REASON_LENGTH = 200;

export function tileJson(tile: Tile) {
  const { prompt, reason, hash } = tile;
  return {
    item: tile.id,
    row: tile.row,
    index: tile.index,
    model: tile.model,
    state: tile.state,
    reason: reason === undefined ? null : cut(reason, REASON_LENGTH),
    refusal_category: tile.category ?? null,
    flags: [...tile.flags],
    verdict: tile.verdict ?? null,
    stars: tile.stars,
    has_note: tile.hasNote,
    mark: tile.mark ?? null,
    version: hash === undefined ? null : hash.slice(0, VERSION_LENGTH),
    width: tile.width ?? null,
    height: tile.height ?? null,
    ...(prompt !== undefined && { prompt: cut(prompt, TILE_PROMPT_LENGTH) }),
  };
}

/** By characters, so that none is cut in two. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : Array.from(text).slice(0, length).join('');
}
