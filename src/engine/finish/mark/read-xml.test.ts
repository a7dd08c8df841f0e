import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { possibleXml } from '../../core/xml-text.ts';
import { readXml, type XmlElement } from './read-xml.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';

describe('readXml()', () => {
  test('finds every element and attribute at its place, however a text is written', () => {
    fc.assert(
      fc.property(document, ({ before, root, after }) => {
        const writer = new Writer(before);
        const written = writer.element(root, new Map([['xml', XML]]));
        expect(readXml(`${writer.text}${after}`)).toEqual(written);
      }),
      { numRuns: 400 },
    );
  });

  test('counts places in the units of the string that it was given', () => {
    const text =
      '\u{FEFF}<?p 🐱 ?>\r\n<𐐀:a\r\n\txmlns:𐐀="u"\r\n b =\r\n\'🐱\'>🐱\r\n<c/>\r</𐐀:a\r\n>\r\n';
    const root = readXml(text);
    expect(root).toMatchObject({ namespace: 'u', prefix: '𐐀', name: 'a', text: '🐱\n\n' });
    expect(cutOut(text, root)).toMatch(/^<𐐀:a\r\n\txmlns[^]*<\/𐐀:a\r\n>$/);
    expect(cutOut(text, root?.attributes[0])).toBe("\r\n b =\r\n'🐱'");
    expect(cutOut(text, root?.children[0])).toBe('<c/>');
    expect(text.slice(root?.contentEnd, root?.end)).toBe('</𐐀:a\r\n>');
  });

  test('reads references in texts and attributes, but not in CDATA', () => {
    const root = readXml('<a b="&lt;&quot;&#10;&apos;">&amp;&#x1F431;&gt;<![CDATA[&amp;<]]></a>');
    expect(root).toMatchObject({ text: '&🐱>&amp;<', attributes: [{ value: '<"\n\'' }] });
  });

  test.each([
    ['nothing', ''],
    ['no element', '<!-- a -->'],
    ['text only', 'a'],
    ['two roots', '<a/><b/>'],
    ['text behind the root', '<a/>b'],
    ['an element that is not closed', '<a><b></a>'],
    ['an end tag of another', '<a></b>'],
    ['a tag that is cut', '<a b="c"'],
    ['an attribute twice', '<a b="" b=""/>'],
    ['an attribute twice by its address', '<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['attributes without a space between', '<a b=""c=""/>'],
    ['a prefix that nobody declared', '<p:a/>'],
    ['a prefix that nobody declared, of an attribute', '<a p:b=""/>'],
    ['a prefix that was declared elsewhere only', '<a><b xmlns:p="u"/><p:c/></a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['an unknown entity', '<a>&b;</a>'],
    ['an entity that every object has', '<a>&constructor;</a>'],
    ['a reference to what is no letter', '<a>&#0;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['half of a letter', '<a>\ud83d</a>'],
    ['half of a letter before a tag', '<a>\ud83d<b/></a>'],
    ['half of a letter at the end', '<a/>\ud83d'],
    ['a comment that is not closed', '<a/><!-- b'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a declaration behind the start', ' <?xml version="1.0"?><a/>'],
  ])('does not read %s', (_, text) => {
    expect(readXml(text)).toBeUndefined();
  });

  test('reads 64 levels and not one more', () => {
    const nested = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
    expect(readXml(nested(64))).toBeDefined();
    expect(readXml(nested(65))).toBeUndefined();
  });

  test('reads 4 MiB and not one character more', () => {
    const filled = (length: number) => `<a>${'b'.repeat(length - 7)}</a>`;
    const most = 4 * 1024 * 1024;
    expect(readXml(filled(most))?.end).toBe(most);
    expect(readXml(filled(most + 1))).toBeUndefined();
  });

  test('reads no part of a text that is cut off before its end', () => {
    fc.assert(
      fc.property(document, fc.nat(), ({ before, root }, place) => {
        const writer = new Writer(before);
        writer.element(root, new Map([['xml', XML]]));
        expect(readXml(writer.text.slice(0, place % writer.text.length))).toBeUndefined();
      }),
    );
  });

  test('never throws, whatever is put into a text or taken from it', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.stringMatching(/^[<>/?!&;[\]="' -]{0,6}$/),
    );
    fc.assert(
      fc.property(document, fc.nat(), fc.nat(4), noise, ({ before, root }, place, gone, put) => {
        const writer = new Writer(before);
        writer.element(root, new Map([['xml', XML]]));
        const at = place % writer.text.length;
        const text = `${writer.text.slice(0, at)}${put}${writer.text.slice(at + gone)}`;
        const read = readXml(text);
        if (read !== undefined) expect(cutOut(text, read)).toMatch(/^<[^]*>$/);
      }),
      { numRuns: 500 },
    );
  });
});

/** What is to be written: each part has the spaces and quotes that it is written with. */
interface Plan {
  readonly prefix: string;
  readonly name: string;
  readonly declares: readonly { readonly prefix: string; readonly address: string }[];
  readonly attributes: readonly {
    readonly prefix: string;
    readonly name: string;
    readonly value: string;
  }[];
  readonly content: readonly (Plan | string | { readonly silent: string; readonly says: string })[];
  readonly space: string;
  readonly equals: string;
  readonly quote: string;
  readonly isShort: boolean;
}

const space = fc.constantFrom(' ', '\n', '\r\n', '\t', '\r\n\t ');
const prefixes = ['', 'p', 'q', '𐐀'];
const prefix = fc.constantFrom(...prefixes);
const address = fc.constantFrom('urn:one', 'urn:two', 'urn:🐱');
const name = fc.constantFrom('a', 'li', 'Über', '𐐀𐐁', 'a-b.c');
/** Of lines that end like on all systems, letters of every plane, and what looks like markup. */
const words = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '🐱',
        '𐐀',
        'é',
        '<b c="d">',
        '</b>',
        '<?',
        '?',
        ']]',
        '-',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 5 },
  )
  .map((parts) => possibleXml(parts.join('')));
const comment = words.map((text) => `<!--${text.replaceAll('-', ' ')}-->`);
const instruction = words.map((text) => `<?xpacket ${text.replaceAll('?', ' ')}?>`);
const silent = fc.oneof(comment, instruction).map((text) => ({ silent: text, says: '' }));
const cdata = words.map((text) => {
  const said = text.replaceAll(']', '');
  return { silent: `<![CDATA[${said}]]>`, says: lineFeeds(said) };
});

const { element } = fc.letrec<{ element: Plan }>((tie) => ({
  element: fc.record({
    prefix,
    name,
    // Every prefix has an address somewhere; these are redefined.
    declares: fc.uniqueArray(fc.record({ prefix, address }), {
      maxLength: 3,
      selector: (each) => each.prefix,
    }),
    attributes: fc.uniqueArray(
      fc.record({ prefix: fc.constantFrom('', 'p', 'xml'), name, value: words }),
      { maxLength: 3, selector: (each) => `${each.prefix}:${each.name}` },
    ),
    content: fc.array(fc.oneof({ depthSize: 'small' }, words, silent, cdata, tie('element')), {
      maxLength: 5,
    }),
    space,
    equals: fc.constantFrom('=', ' = ', '=\r\n'),
    quote: fc.constantFrom('"', "'"),
    isShort: fc.boolean(),
  }),
}));

const document = fc.record({
  before: fc
    .record({
      mark: fc.constantFrom('', '\u{FEFF}'),
      declaration: fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>\r\n'),
      misc: fc.array(fc.oneof(comment, instruction, space), { maxLength: 3 }),
    })
    .map(({ mark, declaration, misc }) => `${mark}${declaration}${misc.join('')}`),
  // The root gives every prefix its first address.
  root: element.map((root): Plan => {
    const declared = new Map(root.declares.map((each) => [each.prefix, each.address]));
    const declares = prefixes.map((each) => ({
      prefix: each,
      address: declared.get(each) ?? `urn:of-${each}`,
    }));
    return { ...root, declares };
  }),
  after: fc
    .array(fc.oneof(comment, instruction, space), { maxLength: 3 })
    .map((all) => all.join('')),
});

/** Writes plans, and notes where it writes what. */
class Writer {
  text: string;

  constructor(before: string) {
    this.text = before;
  }

  element(plan: Plan, known: ReadonlyMap<string, string>): XmlElement {
    const addresses = new Map(known);
    for (const each of plan.declares) addresses.set(each.prefix, each.address);
    const start = this.text.length;
    const qualified = joined(plan.prefix, plan.name);
    this.text += `<${qualified}`;
    const places: { readonly start: number; readonly end: number }[] = [];
    // Before they are declared: a tag's own declarations count for all of it.
    for (const { prefix, name, value } of plan.attributes) {
      places.push(this.#attribute(plan, joined(prefix, name), value));
    }
    for (const { prefix, address } of plan.declares) {
      this.#attribute(plan, prefix === '' ? 'xmlns' : `xmlns:${prefix}`, address);
    }
    const attributes = plan.attributes.map(({ prefix, name, value }, at) => ({
      namespace: prefix === '' ? '' : addresses.get(prefix)!,
      name,
      value: lineFeeds(value).replaceAll(/[\n\t]/g, ' '),
      ...places[at]!,
    }));
    const { prefix, name } = plan;
    const common = { namespace: addresses.get(prefix)!, prefix, name, attributes, start };
    if (plan.isShort) {
      this.text += `${plan.space}/>`;
      const end = this.text.length;
      return { ...common, children: [], text: '', end, contentEnd: end };
    }
    this.text += '>';
    const children: XmlElement[] = [];
    let text = '';
    for (const part of plan.content) {
      if (typeof part === 'string') {
        // Between two pieces of text a carriage return and a line feed would become one.
        this.text += `${escaped(part)}<!---->`;
        text += lineFeeds(part);
      } else if ('silent' in part) {
        this.text += part.silent;
        text += part.says;
      } else children.push(this.element(part, addresses));
    }
    const contentEnd = this.text.length;
    this.text += `</${qualified}${plan.space}>`;
    return { ...common, children, text, end: this.text.length, contentEnd };
  }

  #attribute({ space: before, equals, quote }: Plan, qualified: string, value: string) {
    const start = this.text.length;
    const said = escaped(value).replaceAll(quote, quote === '"' ? '&quot;' : '&#x27;');
    this.text += `${before}${qualified}${equals}${quote}${said}${quote}`;
    return { start, end: this.text.length };
  }
}

function joined(before: string, after: string): string {
  return before === '' ? after : `${before}:${after}`;
}

/** Only what must be. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;');
}

/** XML 1.0, 2.11: every end of a line is read as a line feed. */
function lineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function cutOut(
  text: string,
  piece: { readonly start: number; readonly end: number } | undefined,
): string | undefined {
  return piece && text.slice(piece.start, piece.end);
}
