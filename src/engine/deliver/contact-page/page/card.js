'use strict';

/** How long a pointer rests on a tile until its card is shown. */
const REST_MS = 300;
/** Time to get from the tile to its card. */
const LEAVE_MS = 120;

const card = /** @type {HTMLElement} */ (byId('card'));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let cardTimer;
/** @type {HTMLElement | undefined} */
let cardOf;

/**
 * @param {HTMLElement | undefined} tile nothing: no card
 * @param {number} afterMs
 */
function cardSoon(tile, afterMs) {
  clearTimeout(cardTimer);
  cardTimer = setTimeout(() => (tile?.isConnected ? showCard(tile) : hideCard()), afterMs);
}

/** @param {HTMLElement} tile */
function showCard(tile) {
  const item = items[Number(tile.dataset['at'])];
  if (item === undefined || tile === cardOf) return;
  hideCard();
  cardOf = tile;
  card.replaceChildren(headlineOf(item), factsOf(item));
  card.hidden = false;
  tile.setAttribute('aria-describedby', 'card');
  placeCard(tile.getBoundingClientRect());
}

/**
 * Below the picture, or above it: so it is never in the way to the next picture of the line.
 *
 * @param {DOMRect} tile
 */
function placeCard(tile) {
  const edge = 8;
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.min(Math.max(edge, tile.left), innerWidth - width - edge);
  const fitsBelow = tile.bottom + height + edge <= innerHeight;
  const fitsAbove = tile.top - height - edge >= 0;
  const below = Math.min(tile.bottom + 2, innerHeight - height - edge);
  card.style.left = `${left}px`;
  card.style.top = `${fitsBelow || !fitsAbove ? below : tile.top - height - 2}px`;
}

function hideCard() {
  clearTimeout(cardTimer);
  cardOf?.removeAttribute('aria-describedby');
  cardOf = undefined;
  card.hidden = true;
}

grid.addEventListener('pointerover', (event) => {
  if (event.pointerType !== 'mouse') return;
  const tile = tileIn(event.target);
  if (tile !== undefined && tile === cardOf) clearTimeout(cardTimer);
  else cardSoon(tile, cardOf === undefined ? REST_MS : LEAVE_MS);
});
grid.addEventListener('pointerleave', () => cardSoon(undefined, LEAVE_MS));
card.addEventListener('pointerenter', () => clearTimeout(cardTimer));
card.addEventListener('pointerleave', () => cardSoon(undefined, LEAVE_MS));
grid.addEventListener('focusin', (event) => {
  const tile = tileIn(event.target);
  if (tile?.matches(':focus-visible')) cardSoon(tile, REST_MS);
});
grid.addEventListener('focusout', () => hideCard());
scroller.addEventListener('scroll', hideCard, { passive: true });

/**
 * The tile that an event is about.
 *
 * @param {EventTarget | null} target
 * @returns {HTMLElement | undefined}
 */
function tileIn(target) {
  const tile = target instanceof Element ? target.closest('.tile') : null;
  return tile instanceof HTMLElement ? tile : undefined;
}
