/** `imagemill items RUN`: the images of a run one by one, with the vendors' words about each. */
import { UsageError } from '../../engine/core/errors.ts';
import { ITEM_STATES, type ItemState } from '../../engine/core/outcome.ts';
import { fitsReview, REVIEW_FILTERS, type ReviewFilter } from '../../engine/core/review.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import { countText } from '../amount-text.ts';
import { itemJson } from '../../api/json/item-json.ts';
import type { RawValues } from '../options.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';

/** More lines than a person reads; `--json` and results.csv have all. */
const MOST_SHOWN = 200;
const LONGEST_REASON = 100;

export async function items(id: string, options: CommonOptions & RawValues): Promise<number> {
  const states = readStates(options['state']);
  const review = readReview(options['review']);
  await using session = await openSession(options);
  const { engine, screen } = session;
  const run = await engine.findRun(id);
  const shown: string[][] = [];
  const all: unknown[] = [];
  let count = 0;
  for await (const item of engine.items(run.id, states)) {
    if (review !== undefined && !fitsReview(item.review, review)) continue;
    if (review !== undefined && item.image === undefined) continue;
    count += 1;
    if (shown.length < MOST_SHOWN) shown.push(lineOf(item));
    if (options.json === true) all.push(itemJson(item));
  }
  const columns = ['Row', 'Image', 'State', 'Model', 'File or reason'].map((title) => ({ title }));
  if (count === 0) screen.say('There is no such image.');
  else for (const line of textTable(columns, shown, screen.colours.dim)) screen.say(line);
  if (count > shown.length) {
    screen.say(`… and ${countText(count - shown.length)} more: --json and results.csv have all`);
  }
  screen.result({ run: run.id, items: all });
  return 0;
}

function readStates(text: unknown): readonly ItemState[] | undefined {
  if (typeof text !== 'string') return undefined;
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const states = ITEM_STATES.filter((state) => names.includes(state));
  if (states.length === new Set(names).size) return states;
  throw new UsageError(`--state knows ${ITEM_STATES.join(', ')}; write one or several of them.`);
}

function readReview(text: unknown): ReviewFilter | undefined {
  if (typeof text !== 'string') return undefined;
  const name = text.trim().toLowerCase();
  const filter = REVIEW_FILTERS.find((each) => each === name);
  if (filter !== undefined) return filter;
  throw new UsageError(`--review knows ${REVIEW_FILTERS.join(', ')}; write one of them.`);
}

function lineOf({ row, index, state, model, file, reason, refusal }: ItemRecord): string[] {
  const kind = [refusal?.stage, refusal?.category].filter((part) => part !== undefined).join(' ');
  const words = (reason ?? '').replaceAll(/\s+/g, ' ').slice(0, LONGEST_REASON);
  const told = kind === '' ? words : `${kind}: ${words}`;
  return [String(row.number), String(index), state, model, file ?? told];
}
