'use strict';

/**
 * An item's cell in the grid: its picture, or a panel that says why there is none.
 *
 * @param {ShownItem} item
 * @param {boolean} withModel
 */
function tileOf(item, withModel) {
  const tile = element('button', 'tile', pictureOf(item), captionOf(item));
  tile.type = 'button';
  tile.tabIndex = -1;
  tile.dataset['at'] = String(item.at);
  if (withModel) tile.append(element('span', 'model', item.model ?? ''));
  tile.setAttribute('aria-label', labelOf(item));
  return tile;
}

/** @param {ShownItem} item */
function pictureOf(item) {
  const box = element('span', 'picture');
  if (item.thumbnail === undefined) {
    box.append(panelOf(item));
  } else {
    const image = element('img');
    image.alt = '';
    image.decoding = 'async';
    image.draggable = false;
    image.addEventListener('load', () => image.classList.add('loaded'));
    image.addEventListener('error', () => {
      image.replaceWith(panelOf({ ...item, reason: 'its thumbnail is not beside this page' }));
    });
    if (loading.isHeld) image.dataset['src'] = item.thumbnail;
    else load(image, item.thumbnail);
    box.append(image);
  }
  if (item.flags !== undefined) {
    box.append(element('span', 'badge', item.flags.map(([, words]) => words).join(', ')));
  }
  return box;
}

/** Pictures that only rush by are not asked for: each takes half a millisecond of a frame. */
const loading = {
  isHeld: false,
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer: undefined,
};
/** After so long without a long way it is taken for the end of the rush. */
const SETTLED_MS = 70;

/** Asks for no pictures until the view has settled. */
function holdPictures() {
  loading.isHeld = true;
  clearTimeout(loading.timer);
  loading.timer = setTimeout(() => {
    loading.isHeld = false;
    for (const image of document.querySelectorAll('img[data-src]')) {
      if (image instanceof HTMLImageElement) load(image, image.dataset['src'] ?? '');
    }
  }, SETTLED_MS);
}

/**
 * @param {HTMLImageElement} image
 * @param {string} address
 */
function load(image, address) {
  delete image.dataset['src'];
  image.src = address;
  // One that the browser still has needs no fading in.
  if (image.complete) image.classList.add('loaded');
}

/** @param {ShownItem} item */
function panelOf(item) {
  const panel = element('span', `panel ${item.state}`, stateLabel(item));
  if (item.reason !== undefined) panel.append(element('span', 'reason', written(item.reason)));
  return panel;
}

/** @param {ShownItem} item */
function captionOf(item) {
  const name = element('span', 'name', written(nameOf(item).slice(0, 200)));
  return element('span', 'caption', element('span', 'number', numberOf(item)), ' ', name);
}

/** @param {ShownItem} item */
function labelOf(item) {
  const parts = [`Row ${numberOf(item)}: ${nameOf(item).slice(0, 200)}`];
  if (item.model !== undefined) parts.push(item.model);
  if (item.state !== 'delivered') parts.push(item.state);
  if (item.state !== 'delivered' && item.reason) parts.push(item.reason.slice(0, 200));
  if (item.flags !== undefined) parts.push(...item.flags.map(([, words]) => words));
  return parts.join(', ');
}
