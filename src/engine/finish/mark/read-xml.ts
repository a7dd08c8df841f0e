import { SaxesParser, type SaxesTagNS } from 'saxes';

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
  /** Without declarations of namespaces. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Its own, without that of its children. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where its end tag begins (its end, if it has none). */
  readonly contentEnd: number;
}

/** Deeper than any metadata; each level costs a look at each of its prefixes. */
const MOST_DEPTH = 64;
/** Larger packets are hardly ever seen, and elements take many times the memory of their text. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * The root of an XML text, with all places as indices of this very string, whatever its line ends and
 * letters are. `undefined` for what is not well formed, or is larger or nested deeper than metadata is.
 * Nothing is ever fetched or expanded: a text with a document type is refused.
 */
export function readXml(text: string): XmlElement | undefined {
  // saxes takes a lone surrogate and whatever follows it for one letter.
  if (text.length > MOST_CHARACTERS || !text.isWellFormed()) return undefined;
  const reader = new ElementReader(text);
  try {
    reader.read();
  } catch (error) {
    if (error instanceof UnusableXml) return undefined;
    throw error;
  }
  return reader.root;
}

/** Ends the reading with the first thing that is wrong. */
class UnusableXml extends Error {
  override readonly name = 'UnusableXml';
}

/** An element whose end was not read yet. */
interface OpenElement {
  readonly start: number;
  readonly children: XmlElement[];
  readonly texts: string[];
  attributes: readonly XmlAttribute[];
}

/** Makes elements with places of the parser's events, each of which comes right behind what it tells. */
class ElementReader {
  readonly #text: string;
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: OpenElement[] = [];
  /** Where the attributes of the start tag that is being read begin and end. */
  #places: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  /** Where the part of a start tag ends that was read last: its name, or an attribute. */
  #partEnd = 0;
  root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
    const refuse = (reason: string) => {
      throw new UnusableXml(reason);
    };
    this.#parser.on('error', ({ message }) => refuse(message));
    this.#parser.on('doctype', () => refuse('a document type'));
    this.#parser.on('opentagstart', ({ name }) => {
      if (this.#open.length === MOST_DEPTH) refuse('nested too deeply');
      this.#beginElement(name);
    });
    this.#parser.on('attribute', ({ name }) => {
      const end = this.#parser.position;
      this.#places.push({ name, start: this.#partEnd, end });
      this.#partEnd = end;
    });
    this.#parser.on('opentag', (tag) => this.#takeAttributes(tag));
    this.#parser.on('closetag', (tag) => this.#endElement(tag));
    this.#parser.on('text', (words) => this.#open.at(-1)?.texts.push(words));
    this.#parser.on('cdata', (words) => this.#open.at(-1)?.texts.push(words));
  }

  read(): void {
    this.#parser.write(this.#text).close();
  }

  #beginElement(name: string): void {
    const start = this.#lastTag();
    this.#open.push({ start, children: [], texts: [], attributes: [] });
    this.#places = [];
    this.#partEnd = start + 1 + name.length;
  }

  /** Only now all prefixes are known, also those that the tag itself declares. */
  #takeAttributes({ attributes }: SaxesTagNS): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    open.attributes = this.#places.flatMap(({ name: qualified, start, end }) => {
      const attribute = attributes[qualified];
      if (attribute === undefined || /^xmlns(:|$)/.test(qualified)) return [];
      const { uri: namespace, local: name, value } = attribute;
      return [{ namespace, name, value, start, end }];
    });
  }

  #endElement({ uri, prefix, local, isSelfClosing }: SaxesTagNS): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const { start, children, texts, attributes } = open;
    const end = this.#parser.position;
    const element: XmlElement = {
      namespace: uri,
      prefix,
      name: local,
      attributes,
      children,
      text: texts.join(''),
      start,
      end,
      contentEnd: isSelfClosing ? end : this.#lastTag(),
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
  }

  /** Where the tag begins whose name or end was just read; no name can have a `<` in it. */
  #lastTag(): number {
    return this.#text.lastIndexOf('<', this.#parser.position - 1);
  }
}
