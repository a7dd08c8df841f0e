'use strict';

/** Words for kinds of flags that are clear only beside a picture. */
const FLAG_WORDS = /** @type {Record<string, string>} */ ({
  'near-duplicate': 'near-duplicates',
  'not-finished': 'not finished',
});

/** What the page is about, and what it cost. */
function showTotals() {
  const { sources } = pageFacts;
  const credits = sources.reduce((sum, source) => sum + source.credits, 0);
  const usd = sources.reduce((sum, source) => sum + source.usd, 0);
  const dates = sources.map(({ createdAt }) =>
    new Date(createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
  );
  const parts = [
    `${countText(pageFacts.items)} ${pageFacts.items === 1 ? 'image' : 'images'}`,
    costText(credits, usd),
    [...new Set(dates)].slice(0, 2).join(' and '),
    sources[0]?.generator,
  ];
  byId('totals').textContent = parts.filter(Boolean).join(' · ');
}

/**
 * Brings all that can be pressed in step with what is asked for.
 *
 * @param {Record<Group, Map<string, number>>} counts
 */
function showControls(counts) {
  if (searchField.value !== wish.query) searchField.value = wish.query;
  byId('order').value = wish.order;
  byId('tile').value = String(wish.tile);
  byId('compare').setAttribute('aria-pressed', String(isCompared()));
  byId('compare').hidden = !comparedGroups().several;
  const focused = document.activeElement?.getAttribute('data-key');
  byId('filters').replaceChildren(...GROUP_NAMES.flatMap((group) => chipsOf(group, counts[group])));
  if (focused)
    byId('filters')
      .querySelector(`[data-key="${CSS.escape(focused)}"]`)
      ?.focus();
  const chosen = GROUP_NAMES.reduce((sum, group) => sum + wish.chosen[group].size, 0);
  byId('filters-toggle').textContent = chosen === 0 ? 'Filters' : `Filters (${chosen})`;
}

/**
 * A button for each value that items have, where there is a choice.
 *
 * @param {Group} group
 * @param {Map<string, number>} counts
 */
function chipsOf(group, counts) {
  const values = valuesOf(group);
  const isChoice = values.length > 1 || (group === 'flag' && values.length > 0);
  if (!isChoice) return [];
  const chips = element('div', 'chips');
  chips.role = 'group';
  chips.ariaLabel = { state: 'States', model: 'Models', flag: 'Flags', source: 'Runs' }[group];
  chips.append(...values.map((value) => chipOf(group, value, counts.get(value) ?? 0)));
  return [chips];
}

/**
 * @param {Group} group
 * @param {string} value
 * @param {number} count
 */
function chipOf(group, value, count) {
  const words =
    group === 'source'
      ? (pageFacts.sources[Number(value)]?.title ?? '')
      : (FLAG_WORDS[value] ?? value);
  const label = element('span', group === 'state' ? `state ${value}` : '', words);
  const chip = element('button', 'chip', label, element('span', 'count', countText(count)));
  chip.type = 'button';
  chip.dataset['group'] = group;
  chip.dataset['key'] = `${group}:${value}`;
  chip.setAttribute('aria-pressed', String(wish.chosen[group].has(value)));
  chip.addEventListener('click', () => {
    const chosen = wish.chosen[group];
    if (!chosen.delete(value)) chosen.add(value);
    refresh();
  });
  return chip;
}

/** All values of a group; they change only while items come in. */
const known = { of: -1, values: /** @type {Partial<Record<Group, string[]>>} */ ({}) };

/** @param {Group} group */
function valuesOf(group) {
  if (known.of !== items.length) {
    known.of = items.length;
    known.values = {};
  }
  return (known.values[group] ??= sortedValues(group));
}

/** @param {Group} group */
function sortedValues(group) {
  const values = [...new Set(items.flatMap(GROUPS[group]))];
  return group === 'state' ? STATES.filter((state) => values.includes(state)) : values;
}

byId('filters-toggle').addEventListener('click', () => {
  const isOpen = document.body.classList.toggle('filtering');
  byId('filters-toggle').setAttribute('aria-expanded', String(isOpen));
});
