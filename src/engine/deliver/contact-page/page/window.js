'use strict';

/** Lines drawn above and below what is seen. */
const MARGIN_LINES = 3;

const scroller = /** @type {HTMLElement} */ (byId('scroller'));
const grid = /** @type {HTMLElement} */ (byId('grid'));

/** What is drawn. Of all lines only those near the view are in the page. */
const drawn = {
  /** @type {Lines} */
  lines: { count: 0, columns: 1, cellsOf: () => [], placeOf: () => undefined },
  /** Of a line with the gap below it, in CSS pixels. */
  height: 1,
  withModel: false,
  /** How far the view was scrolled when it was drawn last. */
  top: 0,
  /** @type {Map<number, HTMLElement>} */
  elements: new Map(),
  /** The cell that the keys move from. @type {Place} */
  active: { line: 0, column: 0 },
};

/**
 * @param {Lines} lines
 * @param {number} height
 * @param {boolean} withModel
 */
function showLines(lines, height, withModel) {
  Object.assign(drawn, { lines, height, withModel });
  grid.replaceChildren();
  drawn.elements.clear();
  grid.style.height = `${lines.count * height}px`;
  grid.setAttribute('aria-rowcount', String(lines.count));
  grid.setAttribute('aria-colcount', String(lines.columns));
  drawWindow();
}

/** Brings the page's lines in step with what is seen. Called on every scroll. */
function drawWindow() {
  const { lines, height, elements } = drawn;
  // More than half a screen from one frame to the next: a bar is dragged, or a wheel spun.
  if (Math.abs(scroller.scrollTop - drawn.top) > scroller.clientHeight / 2) holdPictures();
  drawn.top = scroller.scrollTop;
  const top = scroller.scrollTop - grid.offsetTop;
  const first = Math.max(0, Math.floor(top / height) - MARGIN_LINES);
  const end = Math.min(
    lines.count,
    Math.ceil((top + scroller.clientHeight) / height) + MARGIN_LINES,
  );
  for (const [line, shown] of elements) {
    if (line >= first && line < end) continue;
    shown.remove();
    elements.delete(line);
  }
  for (let line = first; line < end; line += 1) {
    if (elements.has(line)) continue;
    const made = lineElement(line);
    elements.set(line, made);
    // In the order of the lines, for those who read the page with a screen reader.
    const after = [...grid.children].find((other) => Number(other.ariaRowIndex) > line + 1);
    grid.insertBefore(made, after ?? null);
  }
  setTabStop(Math.max(0, Math.floor(top / height)));
}

/** @param {number} line */
function lineElement(line) {
  const made = element('div', 'line');
  made.role = 'row';
  made.ariaRowIndex = String(line + 1);
  made.style.transform = `translateY(${line * drawn.height}px)`;
  const leader = drawn.lines.leaderOf?.(line);
  if (leader !== undefined) made.append(leaderElement(leader));
  for (const [column, item] of drawn.lines.cellsOf(line).entries()) {
    const cell = element('div', 'cell');
    cell.role = 'gridcell';
    cell.ariaColIndex = String(column + 1);
    const heading = drawn.lines.headings?.[column];
    if (item !== undefined) cell.append(tileOf(item, drawn.withModel));
    else if (heading !== undefined) cell.ariaLabel = `none of ${heading}`;
    made.append(cell);
  }
  return made;
}

/** @param {ShownItem} item */
function leaderElement(item) {
  const made = element('div', 'leader', element('span', 'number', String(item.row)));
  made.role = 'rowheader';
  if (item.name !== undefined) made.append(element('span', 'name', written(item.name)));
  made.append(element('span', 'words', written(item.prompt.slice(0, 600))));
  return made;
}

/**
 * One tile can be reached by Tab: the active one, or the first in view.
 *
 * @param {number} firstSeen
 */
function setTabStop(firstSeen) {
  const wanted =
    tileAt(drawn.active) ??
    drawn.elements.get(firstSeen)?.querySelector('.tile') ??
    grid.querySelector('.tile');
  for (const tile of grid.querySelectorAll('.tile[tabindex="0"]')) {
    if (tile !== wanted) /** @type {HTMLElement} */ (tile).tabIndex = -1;
  }
  if (wanted instanceof HTMLElement) wanted.tabIndex = 0;
}

/**
 * @param {Place} place
 * @returns {HTMLElement | undefined}
 */
function tileAt({ line, column }) {
  const cell = drawn.elements.get(line)?.querySelector(`[aria-colindex="${column + 1}"] > .tile`);
  return cell instanceof HTMLElement ? cell : undefined;
}

/** @param {Place} place */
function itemAt({ line, column }) {
  return drawn.lines.cellsOf(line)[column];
}

/**
 * Makes a cell the active one, brings it into view and gives it the focus.
 *
 * @param {Place} place
 */
function focusCell(place) {
  drawn.active = place;
  bringIntoView(place.line);
  const tile = tileAt(place);
  tile?.focus({ preventScroll: true });
  tile?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** @param {number} line */
function bringIntoView(line) {
  const top = grid.offsetTop + line * drawn.height;
  const seen = { top: scroller.scrollTop, bottom: scroller.scrollTop + scroller.clientHeight };
  const head = byId('columns').hidden ? 0 : byId('columns').offsetHeight;
  if (top - head < seen.top) scroller.scrollTop = line === 0 ? 0 : top - head;
  else if (top + drawn.height > seen.bottom) {
    scroller.scrollTop = top + drawn.height - scroller.clientHeight;
  }
  drawWindow();
}
