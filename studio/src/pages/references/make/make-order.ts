/** From pictures and prompts to the rows of a sheet: pure. */
import type { SheetUpload } from '../../../../../src/api/client/index.ts';
import type { Draft, Table } from '../../../parts/draft/draft.ts';
import { EMPTY_DRAFT, promptsOf } from '../../../parts/draft/draft.ts';

/** `each`: every picture with every prompt. `together`: every prompt with all the pictures at once. */
export type Pairing = 'each' | 'together';

export interface Wish {
  readonly pairing: Pairing;
  /** `@name`s. */
  readonly references: readonly string[];
  /** One prompt a line. */
  readonly text: string;
  /** `auto`: the rule chooses. */
  readonly model: string;
  readonly size: string;
  readonly count: number;
}

export interface WishedRow {
  readonly prompt: string;
  /** As sheets write several: with bars between them. */
  readonly image: string;
}

export function rowsOf({ pairing, references, text }: Wish): readonly WishedRow[] {
  const prompts = promptsOf(text);
  if (references.length === 0) return [];
  if (pairing === 'together') {
    return prompts.map((prompt) => ({ prompt, image: references.join(' | ') }));
  }
  return prompts.flatMap((prompt) => references.map((image) => ({ prompt, image })));
}

/** Undefined: nothing can be made of it yet. */
export function orderOf(wish: Wish, proof: number): SheetUpload | undefined {
  const rows = rowsOf(wish);
  if (rows.length === 0) return undefined;
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  return {
    sheet: new File([lines.join('')], `${titleOf(wish)}.jsonl`),
    title: titleOf(wish),
    settings: settingsOf(wish, proof),
  };
}

/** The same for the generator, where each row can be changed. */
export function draftOf(wish: Wish, proof: number): Draft {
  const rows = rowsOf(wish);
  const source: Table = {
    kind: 'table',
    name: titleOf(wish),
    columns: [
      { heading: 'prompt', meaning: 'prompt' },
      { heading: 'image', meaning: 'image' },
    ],
    rows: rows.map(({ prompt, image }, id) => ({ id, cells: [prompt, image] })),
    nextId: rows.length,
  };
  return { ...EMPTY_DRAFT, source, settings: settingsOf(wish, proof), title: titleOf(wish) };
}

function settingsOf({ model, size, count }: Wish, proof: number) {
  return { models: [model], size, count, proof };
}

function titleOf({ references, text }: Wish): string {
  const [first = '', ...others] = references;
  const shown = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `${shown}: ${promptsOf(text)[0] ?? ''}`.replaceAll('/', ' ').slice(0, 80);
}
