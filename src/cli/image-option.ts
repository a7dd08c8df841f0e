/** `--image`: references for rows without one of their own. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceName } from '../engine/core/reference.ts';
import type { Given, Read } from './option-kinds.ts';

/** Files and folders count from where the option was given; addresses and names stay as they are. */
export function readImages(given: Given): Read<{ readonly images: readonly string[] }> {
  const images: string[] = [];
  for (const text of given.texts.map((each) => each.trim())) {
    if (text === '') continue;
    const image = readImage(text, given.folder);
    if (typeof image !== 'string') return image;
    images.push(image);
  }
  if (images.length > 0) return { value: { images } };
  return no('names no picture', 'Name a file, a web address, a folder or a kept reference.');
}

/** Absolute, or what is wrong with it. */
export function readImage(text: string, folder: string): string | ReturnType<typeof no> {
  if (text.startsWith('@')) {
    const name = referenceName(text);
    if (name !== undefined) return `@${name}`;
    return no('has something after the @ that is no name', 'Write @NAME; ./@… is a file.');
  }
  if (/^https?:\/\//i.test(text)) {
    const url = /\s/.test(text) ? null : URL.parse(text);
    if (url === null) return no('is a malformed web address', 'Write it as a browser shows it.');
    if (url.username === '' && url.password === '') return text;
    return no('holds a user name or password', 'Save the picture as a file and name it.');
  }
  if (/^file:/i.test(text)) {
    try {
      return fileURLToPath(text);
    } catch {
      return no('is a malformed file address', 'Write the path instead.');
    }
  }
  // Two letters at least: `c:\pictures` is a path.
  if (/^(?:data:|[a-z][a-z0-9+.-]+:\/\/)/i.test(text)) {
    return no('is an address of a kind that is not read', 'Use a path, or http or https.');
  }
  return resolve(folder, text);
}

function no(message: string, remedy: string): { message: string; remedy: string } {
  return { message, remedy };
}
