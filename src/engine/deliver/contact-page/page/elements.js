'use strict';

/**
 * An element with its classes and children. Strings become text, never markup: prompts and names are
 * what anybody wrote.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [classes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, classes = '', ...children) {
  const made = document.createElement(name);
  if (classes !== '') made.className = classes;
  made.append(...children);
  return made;
}

/**
 * The element of the page with that id.
 *
 * @param {string} id
 * @returns {any}
 */
function byId(id) {
  return document.getElementById(id);
}

/**
 * Text that somebody wrote, in its own direction.
 *
 * @param {string} text
 */
function written(text) {
  const made = element('bdi', '', text);
  made.dir = 'auto';
  return made;
}

/** @param {number} count */
function countText(count) {
  return count.toLocaleString('en-US');
}
