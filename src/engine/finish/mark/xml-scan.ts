import { unescapeXml } from '../../core/xml-text.ts';

export interface XmlAttribute {
  /** The address that its prefix stands for; empty without one. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
  /** From the space before it to behind its quote. */
  readonly start: number;
  readonly end: number;
}

export interface XmlElement {
  readonly namespace: string;
  readonly prefix: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where its end tag begins (its end, if it has none). */
  readonly contentEnd: number;
}

/** Deeper than any metadata; each level costs a look at each of its prefixes. */
const MOST_DEPTH = 64;
const NAME = /[^\s<>/="'?!]+/y;
const ATTRIBUTE = /\s+([^\s<>/="']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*(\/?)>/y;

type Prefixes = ReadonlyMap<string, string>;

interface Open {
  readonly qualified: string;
  readonly attributes: readonly XmlAttribute[];
  readonly prefixes: readonly Prefixes[];
  readonly children: XmlElement[];
  readonly texts: string[];
  readonly start: number;
}

/**
 * The elements of a small XML text, with their places in it; `undefined` for what is not well formed.
 * Nothing is ever fetched or expanded: a text with a document type is refused.
 */
export function scanXml(text: string): XmlElement | undefined {
  const stack: Open[] = [];
  const roots: XmlElement[] = [];
  for (let at = 0; at < text.length;) {
    const tag = text.indexOf('<', at);
    const words = text.slice(at, tag < 0 ? text.length : tag);
    if (words !== '') stack.at(-1)?.texts.push(unescapeXml(words));
    if (tag < 0) break;
    const next = readMarkup(text, tag, stack, roots);
    if (next === undefined) return undefined;
    at = next;
  }
  return stack.length === 0 && roots.length === 1 ? roots[0] : undefined;
}

/** Reads what begins with `<` and answers where it ends. */
function readMarkup(
  text: string,
  tag: number,
  stack: Open[],
  roots: XmlElement[],
): number | undefined {
  if (text.startsWith('<?', tag)) return behind(text, '?>', tag + 2);
  if (text.startsWith('<!--', tag)) return behind(text, '-->', tag + 4);
  if (text.startsWith('<![CDATA[', tag)) {
    const end = behind(text, ']]>', tag + 9);
    if (end !== undefined) stack.at(-1)?.texts.push(text.slice(tag + 9, end - 3));
    return end;
  }
  if (text.startsWith('</', tag)) return closeTag(text, tag, stack, roots);
  return openTag(text, tag, stack, roots);
}

function openTag(
  text: string,
  start: number,
  stack: Open[],
  roots: XmlElement[],
): number | undefined {
  const qualified = match(NAME, text, start + 1)?.[0];
  if (qualified === undefined || stack.length >= MOST_DEPTH) return undefined;
  const written: { name: string; value: string; start: number; end: number }[] = [];
  let at = start + 1 + qualified.length;
  for (let found = match(ATTRIBUTE, text, at); found !== null; found = match(ATTRIBUTE, text, at)) {
    const [whole, name = '', quoted = ''] = found;
    const value = unescapeXml(quoted.slice(1, -1));
    written.push({ name, value, start: at, end: at + whole.length });
    at += whole.length;
  }
  const ending = match(TAG_END, text, at);
  if (ending === null) return undefined;
  const own = new Map(
    written
      .filter(({ name }) => /^xmlns(:|$)/.test(name))
      .map(({ name, value }) => [name.slice(6), value]),
  );
  const above = stack.at(-1)?.prefixes ?? [];
  const prefixes = own.size === 0 ? above : [own, ...above];
  const attributes = written
    .filter(({ name }) => !/^xmlns(:|$)/.test(name))
    .map(({ name, ...rest }) => ({ ...rest, ...expand(name, prefixes, '') }));
  const element = { qualified, attributes, prefixes, children: [], texts: [], start };
  const end = at + ending[0].length;
  if (ending[1] === '/') finish(element, end, end, stack, roots);
  else stack.push(element);
  return end;
}

function closeTag(
  text: string,
  tag: number,
  stack: Open[],
  roots: XmlElement[],
): number | undefined {
  const open = stack.pop();
  const end = behind(text, '>', tag);
  if (open === undefined || end === undefined) return undefined;
  if (text.slice(tag + 2, end - 1).trimEnd() !== open.qualified) return undefined;
  finish(open, tag, end, stack, roots);
  return end;
}

function finish(
  open: Open,
  contentEnd: number,
  end: number,
  stack: readonly Open[],
  roots: XmlElement[],
): void {
  const { qualified, attributes, prefixes, children, texts, start } = open;
  const [prefix] = qualified.includes(':') ? qualified.split(':') : [''];
  const { namespace, name } = expand(qualified, prefixes, lookUp('', prefixes) ?? '');
  const element: XmlElement = {
    namespace,
    prefix: prefix ?? '',
    name,
    attributes,
    children,
    text: texts.join(''),
    start,
    end,
    contentEnd,
  };
  (stack.at(-1)?.children ?? roots).push(element);
}

/** An unknown prefix stands for itself: not well formed, but seen. */
function expand(
  qualified: string,
  prefixes: readonly Prefixes[],
  bare: string,
): { readonly namespace: string; readonly name: string } {
  const colon = qualified.indexOf(':');
  if (colon < 0) return { namespace: bare, name: qualified };
  const prefix = qualified.slice(0, colon);
  const known = prefix === 'xml' ? 'http://www.w3.org/XML/1998/namespace' : undefined;
  return {
    namespace: known ?? lookUp(prefix, prefixes) ?? prefix,
    name: qualified.slice(colon + 1),
  };
}

function lookUp(prefix: string, prefixes: readonly Prefixes[]): string | undefined {
  return prefixes.find((each) => each.has(prefix))?.get(prefix);
}

function behind(text: string, ending: string, from: number): number | undefined {
  const at = text.indexOf(ending, from);
  return at < 0 ? undefined : at + ending.length;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
