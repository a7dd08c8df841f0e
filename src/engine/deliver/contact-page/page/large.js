'use strict';

const large = /** @type {HTMLDialogElement} */ (byId('large'));
const canvas = /** @type {HTMLElement} */ (byId('canvas'));

/** Items that previous and next go through, and where it stands. */
const viewing = { sequence: /** @type {ShownItem[]} */ ([]), at: 0 };

/**
 * @param {ShownItem[]} sequence
 * @param {ShownItem} item
 */
function openLarge(sequence, item) {
  hideCard();
  viewing.sequence = sequence;
  if (!large.open) large.showModal();
  view(item);
}

/** @param {ShownItem} item */
function view(item) {
  const at = viewing.sequence.indexOf(item);
  if (at < 0) viewing.sequence = [item];
  viewing.at = Math.max(0, at);
  canvas.classList.remove('actual');
  canvas.replaceChildren(...fullPicture(item));
  byId('place').textContent =
    `${countText(viewing.at + 1)} of ${countText(viewing.sequence.length)}`;
  byId('about').replaceChildren(headlineOf(item), factsOf(item));
  byId('previous').disabled = viewing.at === 0;
  byId('next').disabled = viewing.at === viewing.sequence.length - 1;
  byId('copy-prompt').hidden = item.prompt === '';
  byId('copy-file').hidden = byId('open-file').hidden = item.file === undefined;
  if (item.file !== undefined) byId('open-file').href = item.file;
  byId('copied').textContent = '';
  showSiblings(item);
  byId('about').parentElement.scrollTop = 0;
  large.setAttribute('aria-label', labelOf(item));
  writeAddress(item);
  preload(viewing.sequence[viewing.at + 1]);
  preload(viewing.sequence[viewing.at - 1]);
}

/**
 * The delivered file, with its thumbnail in its place until it is there.
 *
 * @param {ShownItem} item
 */
function fullPicture(item) {
  if (item.state !== 'delivered' || (item.file ?? item.thumbnail) === undefined) {
    return [panelOf(item)];
  }
  const full = element('img', 'full');
  full.alt = nameOf(item).slice(0, 400);
  if (item.width !== undefined) full.width = item.width;
  if (item.height !== undefined) full.height = item.height;
  const { file, thumbnail } = item;
  if (thumbnail !== undefined && file !== undefined) {
    const stand = element('img', 'stand-in');
    stand.alt = '';
    stand.src = thumbnail;
    full.addEventListener('load', () => stand.remove());
    full.addEventListener('error', () => {
      full.replaceWith(
        element('p', 'note', `This is the thumbnail: ${fileName(item)} is not beside this page.`),
      );
    });
    full.src = file;
    return [stand, full];
  }
  full.src = file ?? thumbnail ?? '';
  return [full];
}

/** @param {ShownItem | undefined} item */
function preload(item) {
  if (item?.file !== undefined && item.state === 'delivered') new Image().src = item.file;
}

/** @param {ShownItem} item */
function siblingsOf(item) {
  const key = promptKey(item);
  return items.filter((other) => promptKey(other) === key);
}

/** @param {ShownItem} item */
function showSiblings(item) {
  const siblings = siblingsOf(item).slice(0, 60);
  const strip = byId('siblings');
  strip.replaceChildren();
  if (siblings.length < 2) return;
  strip.append(element('h3', '', 'The same prompt'));
  const row = element('div', 'strip');
  for (const sibling of siblings) {
    const button = element('button', 'sibling', pictureOf(sibling));
    button.type = 'button';
    button.setAttribute('aria-label', labelOf(sibling));
    button.setAttribute('aria-pressed', String(sibling === item));
    button.append(element('span', 'maker', makerOf(sibling)));
    button.addEventListener('click', () => view(sibling));
    row.append(button);
  }
  strip.append(row);
}

/** @param {number} by */
function step(by) {
  const item = viewing.sequence[viewing.at + by];
  if (item !== undefined) view(item);
}

function viewed() {
  return viewing.sequence[viewing.at];
}

/**
 * @param {string} what
 * @param {string} text
 */
async function copy(what, text) {
  try {
    await navigator.clipboard.writeText(text);
    byId('copied').textContent = `${what} copied`;
  } catch {
    byId('copied').textContent = 'This browser does not let pages copy; select the text instead.';
  }
}

byId('previous').addEventListener('click', () => step(-1));
byId('next').addEventListener('click', () => step(1));
byId('close').addEventListener('click', () => large.close());
canvas.addEventListener('click', (event) => {
  if (event.target === canvas) large.close();
  else canvas.classList.toggle('actual');
});
byId('copy-prompt').addEventListener('click', () => copy('Prompt', viewed()?.prompt ?? ''));
byId('copy-file').addEventListener('click', () => {
  const item = viewed();
  if (item !== undefined) void copy('File name', fileName(item));
});
