'use strict';

const searchField = /** @type {HTMLInputElement} */ (byId('search'));
/** What the address named, until it has come in. */
let awaited = readAddress();
/** @type {ShownItem[]} */
let shownItems = [];
let refreshing = 0;

/** Once for all that comes in before the next picture of the screen. */
function refreshSoon() {
  cancelAnimationFrame(refreshing);
  refreshing = requestAnimationFrame(() => refresh({ keepsPlace: true }));
}

/**
 * Finds what is asked for and draws it.
 *
 * @param {{ keepsPlace?: boolean }} [how] keepsPlace: the same items stay in view
 */
function refresh({ keepsPlace = false } = {}) {
  cancelAnimationFrame(refreshing);
  const { found, counts } = findItems();
  const anchor = keepsPlace ? firstSeen() : undefined;
  shownItems = found;
  showControls(counts);
  layOut();
  if (!keepsPlace) {
    scroller.scrollTop = 0;
    drawn.active = { line: 0, column: 0 };
    drawWindow();
  } else if (anchor !== undefined) restore(anchor);
  tellShown();
  if (!large.open) writeAddress();
  openAwaited();
}

/** Chooses columns and heights for the room that there is, and draws. */
function layOut() {
  const { gap, inner, leader } = roomOf();
  const compared = isCompared() ? comparedLines(shownItems) : undefined;
  const models = new Set(shownItems.map(({ model }) => model));
  const withModel = compared === undefined && models.size > 1;
  const columns = Math.max(1, Math.floor((inner + gap) / (wish.tile + gap)));
  const fitted = Math.floor((inner - gap * (columns - 1)) / columns);
  const least = Math.floor((inner - leader - gap * 2) / 2);
  const cell = compared === undefined ? fitted : Math.min(wish.tile, Math.max(TILE.least, least));
  const picture = Math.round(cell / usualRatio(shownItems));
  const caption = withModel ? 46 : 28;
  grid.style.setProperty('--cell', `${cell}px`);
  grid.style.setProperty('--picture', `${picture}px`);
  grid.classList.toggle('compared', compared !== undefined);
  showHeadings(compared, cell, gap);
  showLines(compared ?? sheetLines(shownItems, columns), picture + caption + gap, withModel);
}

/** Measures of the style sheet, in CSS pixels. */
function roomOf() {
  const style = getComputedStyle(grid);
  const gap = Number.parseFloat(style.getPropertyValue('--gap'));
  const leader = Number.parseFloat(style.getPropertyValue('--leader'));
  const { paddingLeft, paddingRight } = getComputedStyle(scroller);
  const inner =
    scroller.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return { gap, leader, inner };
}

/**
 * Width by height that most pictures have, within what looks well as a tile.
 *
 * @param {ShownItem[]} found
 */
function usualRatio(found) {
  const ratios = found
    .slice(0, 2000)
    .map(({ width = 1, height = 1 }) => width / height)
    .sort((a, b) => a - b);
  return Math.min(1.6, Math.max(0.7, ratios[Math.floor(ratios.length / 2)] ?? 1));
}

/**
 * @param {Lines | undefined} compared
 * @param {number} cell
 * @param {number} gap
 */
function showHeadings(compared, cell, gap) {
  const columns = byId('columns');
  columns.hidden = compared === undefined || compared.count === 0;
  columns.replaceChildren();
  grid.style.width = '';
  if (compared?.headings === undefined) return;
  columns.style.setProperty('--cell', `${cell}px`);
  columns.append(element('span', 'leader'));
  columns.append(...compared.headings.map((heading) => element('span', 'column', heading)));
  const width = `calc(var(--leader) + ${compared.columns * (cell + gap)}px)`;
  grid.style.width = columns.style.width = width;
}

/** The first item in view, and how far its line is from the upper edge. */
function firstSeen() {
  const line = Math.max(0, Math.floor((scroller.scrollTop - grid.offsetTop) / drawn.height));
  const item = drawn.lines.cellsOf(line).find((each) => each !== undefined);
  const active = itemAt(drawn.active);
  const offset = scroller.scrollTop - line * drawn.height;
  return item === undefined || scroller.scrollTop === 0 ? undefined : { item, offset, active };
}

/** @param {NonNullable<ReturnType<typeof firstSeen>>} anchor */
function restore({ item, offset, active }) {
  const place = drawn.lines.placeOf(item);
  if (place !== undefined) scroller.scrollTop = place.line * drawn.height + offset;
  drawn.active = (active && drawn.lines.placeOf(active)) ?? place ?? { line: 0, column: 0 };
  drawWindow();
}

function tellShown() {
  const [found, all] = [shownItems.length, items.length];
  const missing = pageFacts.items - all;
  const nothing = byId('nothing');
  nothing.hidden = drawn.lines.count > 0;
  nothing.textContent = isCompared()
    ? 'No prompt has several images among these.'
    : 'Nothing matches. Press 0 to see all images again.';
  byId('shown').textContent =
    found === all ? `${countText(all)} shown` : `${countText(found)} of ${countText(all)} shown`;
  if (missing > 0 && document.readyState === 'complete') {
    nothing.hidden = false;
    const [first] = document.querySelectorAll('script[src]');
    const folder = decodeURIComponent(first?.getAttribute('src')?.split('/')[0] ?? '');
    nothing.textContent =
      `${countText(missing)} of ${countText(pageFacts.items)} images could not be read: the folder ` +
      `“${folder}” belongs beside this page. If it came in a ZIP, unpack all of it first.`;
  }
}

/** All items that previous and next of the large view go through, as they are drawn. */
function sequence() {
  if (!isCompared()) return shownItems;
  return Array.from({ length: drawn.lines.count }, (_, line) => drawn.lines.cellsOf(line))
    .flat()
    .filter((item) => item !== undefined);
}

function openAwaited() {
  const item = awaited && items.find((each) => itemKey(each) === awaited);
  if (!item) return;
  awaited = null;
  openLarge(sequence(), item);
}

/** @param {number} size */
function resizeTiles(size) {
  wish.tile = Math.min(TILE.most, Math.max(TILE.least, size));
  refresh({ keepsPlace: true });
}

/** @param {string} query */
function search(query) {
  wish.query = query;
  refresh();
}

searchField.addEventListener('input', () => search(searchField.value));
byId('order').addEventListener('change', () => {
  wish.order = byId('order').value;
  refresh();
});
byId('compare').addEventListener('click', () => {
  wish.compare = !wish.compare;
  refresh();
});
byId('tile').addEventListener('input', () => resizeTiles(Number(byId('tile').value)));
byId('keys').addEventListener('click', () => byId('help').showModal());
byId('help-close').addEventListener('click', () => byId('help').close());
grid.addEventListener('click', (event) => {
  const item = items[Number(tileIn(event.target)?.dataset['at'])];
  if (item === undefined) return;
  drawn.active = drawn.lines.placeOf(item) ?? drawn.active;
  openLarge(sequence(), item);
});
large.addEventListener('close', () => {
  canvas.replaceChildren();
  writeAddress();
  const item = viewed();
  const place = item && drawn.lines.placeOf(item);
  if (place !== undefined) focusCell(place);
});
scroller.addEventListener('scroll', drawWindow, { passive: true });
addEventListener('hashchange', () => {
  awaited = readAddress();
  refresh();
});
addEventListener('load', () => tellShown());
// It is told once when it begins, and that draws the page for the first time.
new ResizeObserver(() => refresh({ keepsPlace: true })).observe(scroller);
showTotals();
