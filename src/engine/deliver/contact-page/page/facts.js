'use strict';

/**
 * Everything that is known of an item, as a list of names and values.
 *
 * @param {ShownItem} item
 */
function factsOf(item) {
  const list = element('dl', 'facts');
  /**
   * @param {string} name
   * @param {Node | string | undefined} value
   * @param {string} [classes]
   */
  const add = (name, value, classes) => {
    if (value === undefined || value === '') return;
    list.append(element('dt', '', name), element('dd', classes, value));
  };
  add('Prompt', item.prompt && written(item.prompt), 'prompt');
  add('Sent as', item.sent && written(item.sent), 'prompt');
  add('Negative', item.negative && written(item.negative));
  if (item.state !== 'delivered' || item.reason !== undefined) {
    add('State', stateLabel(item));
    add('Reason', item.reason && written(item.reason));
  }
  add('Flags', item.flags && item.flags.map(([, words]) => words).join(', '), 'flagged');
  add('Model', item.model);
  add('Size', item.width === undefined ? undefined : `${item.width} × ${item.height}`);
  add('Quality', item.quality);
  add('Seed', item.seed === undefined ? undefined : String(item.seed));
  add('References', item.references && written(item.references.join(', ')));
  add('Cost', costText(item.credits ?? 0, item.usd ?? 0));
  add('File', item.file && written(fileName(item)), 'file');
  if (pageFacts.sources.length > 1) add('From', pageFacts.sources[item.source]?.title);
  return list;
}

/**
 * The row with its name, where it has one: the prompt stands below it anyway.
 *
 * @param {ShownItem} item
 */
function headlineOf(item) {
  if (item.name === undefined) return element('h2', '', `Row ${numberOf(item)}`);
  return element('h2', '', element('span', 'number', numberOf(item)), ' ', written(item.name));
}

/** @param {ShownItem} item */
function stateLabel({ state }) {
  return element('span', `state ${state}`, state);
}

/**
 * Its path below the folder that the page knows.
 *
 * @param {ShownItem} item
 */
function fileName({ file = '' }) {
  return file.split('/').map(decodeURIComponent).join('/');
}

/**
 * @param {number} credits
 * @param {number} usd
 */
function costText(credits, usd) {
  const digits = usd >= 1 ? 2 : 4;
  const dollars = usd.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
  const parts = [];
  if (credits > 0)
    parts.push(`${credits.toLocaleString('en-US', { maximumFractionDigits: 2 })} credits`);
  if (usd > 0) parts.push(`$${dollars}`);
  return parts.join(' · ');
}
