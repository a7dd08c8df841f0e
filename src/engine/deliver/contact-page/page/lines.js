'use strict';

/** More images of one model and prompt than this go on in another line. */
const MOST_OF_A_MODEL = 10;

/**
 * The sheet: one item after the other.
 *
 * @param {ShownItem[]} found
 * @param {number} columns
 * @returns {Lines}
 */
function sheetLines(found, columns) {
  /** @type {Map<ShownItem, number> | undefined} */
  let places;
  return {
    count: Math.ceil(found.length / columns),
    columns,
    cellsOf: (line) => found.slice(line * columns, (line + 1) * columns),
    placeOf: (item) => {
      places ??= new Map(found.map((each, at) => [each, at]));
      const at = places.get(item);
      if (at === undefined) return undefined;
      return { line: Math.floor(at / columns), column: at % columns };
    },
  };
}

/**
 * Side by side: a line for each prompt that has several images, a column for each model (of each run,
 * and for each of its images). A line is shown when one of its images is asked for, and then whole.
 *
 * @param {ShownItem[]} found
 * @returns {Lines}
 */
function comparedLines(found) {
  const groups = comparedGroups();
  const wanted = found.map((item) => groups.lineOf.get(item)).filter((line) => line !== undefined);
  const lines = [...new Set(wanted)].filter(({ size }) => size > 1);
  const columns = groups.columns.filter(
    ({ model, source }) =>
      (wish.chosen.model.size === 0 || wish.chosen.model.has(model)) &&
      (wish.chosen.source.size === 0 || wish.chosen.source.has(String(source))),
  );
  const used = columns.filter(({ key }) => lines.some((line) => line.has(key)));
  const numbers = new Map(lines.map((line, at) => [line, at]));
  return {
    count: lines.length,
    columns: used.length,
    cellsOf: (line) => used.map(({ key }) => lines[line]?.get(key)),
    placeOf: (item) => {
      const cells = groups.lineOf.get(item);
      const line = cells && numbers.get(cells);
      const column = used.findIndex(({ key }) => cells?.get(key) === item);
      return line === undefined || column < 0 ? undefined : { line, column };
    },
    headings: used.map(({ label }) => label),
    leaderOf: (line) => /** @type {ShownItem} */ ([...(lines[line]?.values() ?? [])][0]),
  };
}

/** Whether images are side by side: where that is asked for, and anything has several. */
function isCompared() {
  return wish.compare && comparedGroups().several;
}

/** @typedef {{ key: string, label: string, model: string, source: number, place: number }} Column */

/** Kept until items come in. */
const comparing = {
  of: -1,
  groups: {
    /** @type {Column[]} */ columns: [],
    /** @type {Map<ShownItem, Map<string, ShownItem>>} */ lineOf: new Map(),
    /** Whether any line has several images. */
    several: false,
  },
};

function comparedGroups() {
  if (comparing.of === items.length) return comparing.groups;
  /** @type {Map<string, Map<string, ShownItem>[]>} */
  const groups = new Map();
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {Map<string, Column>} */
  const columns = new Map();
  /** @type {Map<ShownItem, Map<string, ShownItem>>} */
  const lineOf = new Map();
  let several = false;
  for (const item of items) {
    const { model = '', source } = item;
    const prompt = promptKey(item);
    const [maker, asked] = [`${source}\n${model}`, `${source}\n${model}\n${prompt}`];
    const earlier = seen.get(asked) ?? 0;
    seen.set(asked, earlier + 1);
    const lines = groups.get(prompt) ?? [];
    groups.set(prompt, lines);
    const cells = (lines[Math.floor(earlier / MOST_OF_A_MODEL)] ??= new Map());
    const place = earlier % MOST_OF_A_MODEL;
    const key = `${maker}\n${place}`;
    cells.set(key, item);
    lineOf.set(item, cells);
    several ||= cells.size > 1;
    if (!columns.has(key))
      columns.set(key, { key, label: columnLabel(item, place), model, source, place });
  }
  const first = [
    ...new Set([...columns.values()].map(({ source, model }) => `${source}\n${model}`)),
  ];
  const inOrder = [...columns.values()].sort(
    (a, b) =>
      first.indexOf(`${a.source}\n${a.model}`) - first.indexOf(`${b.source}\n${b.model}`) ||
      a.place - b.place,
  );
  comparing.of = items.length;
  comparing.groups = { columns: inOrder, lineOf, several };
  return comparing.groups;
}

/**
 * The model, and what tells its columns apart.
 *
 * @param {ShownItem} item
 * @param {number} place
 */
function columnLabel(item, place) {
  return [makerOf(item), place > 0 ? `image ${place + 1}` : ''].filter(Boolean).join(' · ');
}

/**
 * The model; and its run or folder, where the page has several.
 *
 * @param {ShownItem} item
 */
function makerOf({ model, source }) {
  const from = pageFacts.sources.length > 1 ? pageFacts.sources[source]?.title : undefined;
  return [model, from].filter(Boolean).join(' · ') || 'pictures';
}
