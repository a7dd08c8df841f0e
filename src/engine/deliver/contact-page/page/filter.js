'use strict';

/** Order of the states' buttons; those without an item have none. */
const STATES = [
  'delivered',
  'refused',
  'failed',
  'unknown',
  'cancelled',
  'sent',
  'waiting',
  'skipped',
];

/** What a person may choose from, and what of it an item has. */
const GROUPS = /** @type {Record<Group, (item: ShownItem) => readonly string[]>} */ ({
  state: (item) => [item.state],
  model: (item) => (item.model === undefined ? [] : [item.model]),
  flag: (item) => item.flags?.map(([kind]) => kind) ?? [],
  source: (item) => [String(item.source)],
});
const GROUP_NAMES = /** @type {Group[]} */ (Object.keys(GROUPS));

const TILE = { least: 96, usual: 220, narrow: 150, most: 480 };

/** What the person asked to see; it stands in the address, so that it can be kept and shared. */
const wish = {
  query: '',
  /** Nothing chosen in a group: everything. */
  chosen: /** @type {Record<Group, Set<string>>} */ ({
    state: new Set(),
    model: new Set(),
    flag: new Set(),
    source: new Set(),
  }),
  order: 'listed',
  compare: false,
  /** Least width of a tile in CSS pixels. */
  tile: innerWidth < 600 ? TILE.narrow : TILE.usual,
};
const USUAL_TILE = wish.tile;
/** Several runs or folders are put on a page to be compared. */
const USUAL_COMPARE = pageFacts.sources.length > 1;

/**
 * The items that are asked for, in order, and for each choice how many items it would show beside what
 * is chosen in the other groups.
 */
function findItems() {
  const words = wish.query.normalize().toLowerCase().split(/\s+/).filter(Boolean);
  const counts = /** @type {Record<Group, Map<string, number>>} */ (
    Object.fromEntries(GROUP_NAMES.map((group) => [group, new Map()]))
  );
  const found = items.filter((item) => {
    if (!words.every((word) => item.text.includes(word))) return false;
    const missed = GROUP_NAMES.filter((group) => !isChosen(group, item));
    for (const group of GROUP_NAMES) {
      if (missed.some((other) => other !== group)) continue;
      for (const value of GROUPS[group](item)) {
        counts[group].set(value, (counts[group].get(value) ?? 0) + 1);
      }
    }
    return missed.length === 0;
  });
  return { found: inOrder(found), counts };
}

/**
 * @param {Group} group
 * @param {ShownItem} item
 */
function isChosen(group, item) {
  const chosen = wish.chosen[group];
  return chosen.size === 0 || GROUPS[group](item).some((value) => chosen.has(value));
}

/** @param {ShownItem[]} found */
function inOrder(found) {
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  switch (wish.order) {
    case 'reversed':
      return found.toReversed();
    case 'name':
      return found.toSorted((a, b) => compare(nameOf(a), nameOf(b)));
    case 'model':
      return found.toSorted((a, b) => compare(a.model ?? '', b.model ?? ''));
    case 'state':
      return found.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
    default:
      return found;
  }
}

function isFiltered() {
  return wish.query !== '' || GROUP_NAMES.some((group) => wish.chosen[group].size > 0);
}

function showAll() {
  wish.query = '';
  for (const group of GROUP_NAMES) wish.chosen[group].clear();
}

/** Reads the wish from the address; gives the item that it names, as `numberOf` says it. */
function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  wish.query = told.get('q') ?? '';
  for (const group of GROUP_NAMES) wish.chosen[group] = new Set(told.getAll(group));
  const order = told.get('order') ?? '';
  wish.order = ['reversed', 'name', 'model', 'state'].includes(order) ? order : 'listed';
  wish.compare = told.has('view') ? told.get('view') === 'compare' : USUAL_COMPARE;
  const tile = Math.round(Number(told.get('tile')));
  wish.tile = tile >= TILE.least && tile <= TILE.most ? tile : USUAL_TILE;
  return told.get('item');
}

/** @param {ShownItem} [open] the item in the large view */
function writeAddress(open) {
  const told = new URLSearchParams();
  if (wish.query !== '') told.set('q', wish.query);
  for (const group of GROUP_NAMES) {
    for (const value of wish.chosen[group]) told.append(group, value);
  }
  if (wish.order !== 'listed') told.set('order', wish.order);
  if (wish.compare !== USUAL_COMPARE) told.set('view', wish.compare ? 'compare' : 'sheet');
  if (wish.tile !== USUAL_TILE) told.set('tile', String(wish.tile));
  if (open !== undefined) told.set('item', itemKey(open));
  const address = told.size === 0 ? location.href.replace(/#.*/, '') : `#${told}`;
  history.replaceState(null, '', address);
}

/** @param {ShownItem} item */
function itemKey(item) {
  return item.source === 0 ? numberOf(item) : `${numberOf(item)}@${item.source}`;
}
