/** The row of a new sheet that makes an item of another run again, changed. Pure. */
import { InputError } from '../core/errors.ts';
import { digest } from '../core/ids.ts';
import type { PlannedRow } from '../core/plan.ts';
import { formatSize, type Size } from '../core/size.ts';
import { plainHeading, usualMeaning } from '../input/headings.ts';
import { LONGEST_PROMPT } from '../input/read-prompt.ts';
import { deliveredPlaces } from '../input/results-sheet.ts';
import type { ChosenItem } from '../store/follow-up-store.ts';
import type { StoredRun } from '../store/store.ts';

/** Columns by which a results sheet tells where each image comes from. */
export const SOURCE_COLUMNS = ['source_run', 'source_row', 'source_item'] as const;

export interface FollowUpChanges {
  /** The new prompt; `{prompt}` stands for the one so far. */
  readonly prompt?: string;
  /** Put behind the prompt. */
  readonly note?: string;
  readonly replace?: { readonly find: string; readonly with: string };
  /** Empty: none. */
  readonly negative?: string;
  /** Of each image: another one, the one so far, or this. */
  readonly seed: 'new' | 'same' | number;
}

export interface FollowUpFrame {
  readonly run: Pick<StoredRun, 'id' | 'columns' | 'settings'>;
  readonly changes: FollowUpChanges;
  /** What the new run's settings say for all rows, so that no row says it for itself. */
  readonly says: { readonly models: boolean; readonly size: boolean; readonly quality: boolean };
  /** Whether a seed of ours reaches the model; of one that the settings name, or the row's own. */
  readonly takesSeed: (ownModel: string) => boolean;
  /** How often the run was followed up before: another time gives another seed. */
  readonly round: number;
  /** The run's styles are there, and put into the prompts again. */
  readonly hasStyles: boolean;
}

/** Cells by heading. `references`: as the new sheet finds them. */
export function followUpRow(
  { record, planned, amendment }: ChosenItem,
  references: readonly string[],
  frame: FollowUpFrame,
): Record<string, string> {
  const { run, changes, says } = frame;
  const { row } = planned;
  // A person has rewritten it as it was sent, with its style.
  const isRewritten = amendment?.by === 'retry' && amendment.prompt !== undefined;
  const isStyled = row.style !== undefined && frame.hasStyles && !isRewritten;
  const hasLostStyle = row.style !== undefined && run.settings.stylesFile !== undefined;
  const prompt = isRewritten || (hasLostStyle && !isStyled) ? record.sentPrompt : row.prompt;
  const negative = changes.negative ?? (isRewritten ? record.negativePrompt : row.negativePrompt);
  const seed = seedOf(record, frame);
  return withoutEmpty({
    prompt: changedPrompt(prompt, changes),
    negative_prompt: negative ?? '',
    name: row.name ?? '',
    model: says.models ? '' : record.model,
    ...sizeCells(planned, says.size),
    quality: says.quality ? '' : record.quality,
    seed: seed === undefined ? '' : String(seed),
    style: isStyled || (row.style !== undefined && !hasLostStyle) ? row.style! : '',
    image: references.join(' | '),
    ...otherCells(record.row.cells, frame),
    source_run: run.id,
    source_row: String(row.number),
    source_item: record.itemId,
  });
}

/** Throws `InputError` when it would be longer than any prompt. */
export function changedPrompt(given: string, { prompt, note, replace }: FollowUpChanges): string {
  const rewritten = prompt === undefined ? given : replaceAll(prompt, '{prompt}', given);
  const replaced =
    replace === undefined ? rewritten : replaceAll(rewritten, replace.find, replace.with);
  if (note === undefined) return replaced;
  return `${replaced}${/[.!?,;:]\s*$/.test(replaced) ? ' ' : ', '}${note}`;
}

/** Asks for the length first: of a few thousand characters, changes make gigabytes. */
function replaceAll(text: string, find: string, by: string): string {
  const found = text.split(find).length - 1;
  const length = text.length + found * (by.length - find.length);
  if (length <= LONGEST_PROMPT) return text.replaceAll(find, () => by);
  throw new InputError([
    {
      column: 'prompt',
      message: `A changed prompt would have ${length} characters; models take at most ${LONGEST_PROMPT}`,
      remedy: 'Change it to something shorter.',
    },
  ]);
}

function seedOf(
  { itemId, model, seed }: ChosenItem['record'],
  { changes, takesSeed, round }: FollowUpFrame,
): number | undefined {
  if (changes.seed === 'same') return seed;
  if (changes.seed !== 'new') return changes.seed;
  // 31 bits: what every vendor takes. A function of the item, so that its plan stays the same one.
  return takesSeed(model)
    ? Number.parseInt(digest('seed', itemId, round).slice(0, 8), 16) >>> 1
    : undefined;
}

/** A new size keeps the shape that the row asked for. */
function sizeCells({ row, size }: PlannedRow, isSaid: boolean): Record<string, string> {
  if (!isSaid) return { size: formatSize(size) };
  if (row.aspectRatio !== undefined) return { aspect_ratio: row.aspectRatio.join(':') };
  return row.size === undefined ? {} : { aspect_ratio: ratioText(row.size) };
}

function ratioText({ width, height }: Size): string {
  const divisor = commonDivisor(width, height);
  return `${width / divisor}:${height / divisor}`;
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}

/** Columns that mean nothing to us go along: names of files may have them. */
function otherCells(
  cells: Readonly<Record<string, string>>,
  { run }: FollowUpFrame,
): Record<string, string> {
  const delivered = deliveredPlaces(run.columns);
  const mapped = new Set(Object.keys(run.settings.columnMap).map(plainHeading));
  const ours = new Set(SOURCE_COLUMNS.map(plainHeading));
  const others = run.columns.filter((heading, place) => {
    const plain = plainHeading(heading);
    const means = usualMeaning(heading) !== undefined || mapped.has(plain) || ours.has(plain);
    return !means && !delivered.has(place);
  });
  return Object.fromEntries(others.map((heading) => [heading, cells[heading] ?? '']));
}

function withoutEmpty(cells: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''));
}
