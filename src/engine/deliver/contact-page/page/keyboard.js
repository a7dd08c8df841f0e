'use strict';

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isOpen = large.open || byId('help').open;
  const handled = large.open ? keyInLargeView(event.key) : !isOpen && keyOnSheet(event);
  if (handled) event.preventDefault();
});

/** @param {string} key */
function keyInLargeView(key) {
  const item = viewed();
  switch (key) {
    case 'ArrowLeft':
      step(-1);
      return true;
    case 'ArrowRight':
      step(1);
      return true;
    case 'Home':
      step(-viewing.at);
      return true;
    case 'End':
      step(viewing.sequence.length - 1 - viewing.at);
      return true;
    case 'z':
    case 'Z':
      canvas.classList.toggle('actual');
      return true;
    default: {
      const sibling = /^[1-9]$/.test(key) && item ? siblingsOf(item)[Number(key) - 1] : undefined;
      if (sibling !== undefined) view(sibling);
      return sibling !== undefined;
    }
  }
}

/** @param {KeyboardEvent} event */
function keyOnSheet(event) {
  const { target, key } = event;
  if (key === 'Escape' && !card.hidden) {
    hideCard();
    return true;
  }
  // Letters and arrows mean something else in a field or on another button.
  const isOnSheet = target === document.body || target === scroller || tileIn(target) !== undefined;
  if (!isOnSheet) return key === 'Escape' && leaveSearch(target);
  return moveByKey(key) || commandOf(key, target);
}

/** @param {EventTarget | null} target */
function leaveSearch(target) {
  if (target !== byId('search')) return false;
  if (wish.query === '') focusCell(drawn.active);
  else search('');
  return true;
}

/** @param {string} key */
function moveByKey(key) {
  const { line, column } = drawn.active;
  const screen = Math.max(1, Math.floor(scroller.clientHeight / drawn.height));
  const last = drawn.lines.count - 1;
  switch (key) {
    case 'ArrowLeft':
      return moveAlong(-1);
    case 'ArrowRight':
      return moveAlong(1);
    case 'ArrowUp':
      return moveTo(line - 1, column);
    case 'ArrowDown':
      return moveTo(line + 1, column);
    case 'PageUp':
      return moveTo(Math.max(0, line - screen), column);
    case 'PageDown':
      return moveTo(Math.min(last, line + screen), column);
    case 'Home':
      return moveTo(0, 0);
    case 'End':
      return moveTo(last, drawn.lines.columns);
    default:
      return false;
  }
}

/**
 * To the next tile in that direction, over the ends of lines and empty cells.
 *
 * @param {-1 | 1} by
 */
function moveAlong(by) {
  const { lines } = drawn;
  let { line, column } = drawn.active;
  while (line >= 0 && line < lines.count) {
    column += by;
    if (column < 0 || column >= lines.columns) {
      line += by;
      column = by > 0 ? 0 : lines.columns - 1;
    }
    if (line >= 0 && line < lines.count && itemAt({ line, column })) {
      focusCell({ line, column });
      break;
    }
  }
  return true;
}

/**
 * To the tile of a line that is nearest to a column.
 *
 * @param {number} line
 * @param {number} column
 */
function moveTo(line, column) {
  if (line < 0 || line >= drawn.lines.count) return true;
  const cells = drawn.lines.cellsOf(line);
  const filled = [...cells.keys()].filter((at) => cells[at] !== undefined);
  const [nearest] = filled.sort((a, b) => Math.abs(a - column) - Math.abs(b - column));
  if (nearest !== undefined) focusCell({ line, column: nearest });
  return true;
}

/**
 * @param {string} key
 * @param {EventTarget | null} target
 */
function commandOf(key, target) {
  if (key === 'Enter' || key === ' ') {
    // A tile is a button: it opens itself. From elsewhere the active one is opened.
    if (tileIn(target) !== undefined) return false;
    const item = itemAt(drawn.active);
    if (item !== undefined) openLarge(sequence(), item);
    return item !== undefined;
  }
  if (/^[0-9]$/.test(key)) return chooseByNumber(Number(key));
  switch (key) {
    case '/':
      byId('search').select();
      byId('search').focus();
      return true;
    case 'c':
    case 'C':
      byId('compare').click();
      return true;
    case '+':
    case '=':
      resizeTiles(wish.tile + 24);
      return true;
    case '-':
      resizeTiles(wish.tile - 24);
      return true;
    case '?':
      byId('help').showModal();
      return true;
    default:
      return false;
  }
}

/** @param {number} number 0: all again */
function chooseByNumber(number) {
  const chips = document.querySelectorAll('#filters [data-group="state"]');
  const chip = number === 0 ? undefined : chips[number - 1];
  if (number === 0) {
    showAll();
    refresh();
  } else if (chip instanceof HTMLElement) chip.click();
  return true;
}
