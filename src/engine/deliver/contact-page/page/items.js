'use strict';

/** @type {PageFacts} */
const pageFacts = JSON.parse(byId('facts').textContent);

/** All items, in the order of their sheets. @type {ShownItem[]} */
const items = [];

/**
 * Called by each of the scripts beside the page, in their order.
 *
 * @param {PageItem[]} more
 */
function addItems(more) {
  for (const item of more) items.push({ ...item, at: items.length, text: searchText(item) });
  refreshSoon();
}

/** @param {PageItem} item */
function searchText({ row, name = '', prompt, sent = '', negative = '', reason = '', file = '' }) {
  const fileName = decodeURIComponent(file);
  return [row, name, prompt, sent, negative, reason, fileName].join('\n').normalize().toLowerCase();
}

/**
 * What an item is called: its name, or else its prompt.
 *
 * @param {ShownItem} item
 */
function nameOf({ name, prompt, state }) {
  return name ?? (prompt.trim() || state);
}

/**
 * Row and image: `12` or `12.3`.
 *
 * @param {ShownItem} item
 */
function numberOf({ row, index }) {
  return index === undefined ? String(row) : `${row}.${index}`;
}

/**
 * Items of one prompt belong together, whatever row, model or run made them.
 *
 * @param {ShownItem} item
 */
function promptKey({ prompt, name, row }) {
  return prompt.trim() || name || String(row);
}
