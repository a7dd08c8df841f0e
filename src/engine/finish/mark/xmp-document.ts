/**
 * The properties of an XMP packet (ISO 16684-1) with their places in the text, so that single ones can
 * be taken out while everything else stays as it was written.
 */
import { readXml, type XmlElement } from './read-xml.ts';

export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';

export interface XmpProperty {
  /** Its namespace's address. */
  readonly namespace: string;
  readonly name: string;
  /** Its text; of lists and structures the texts of their parts. */
  readonly value: string;
}

interface Placed extends XmpProperty {
  readonly start: number;
  readonly end: number;
}

interface Description {
  readonly start: number;
  readonly end: number;
  readonly about: string;
  readonly properties: readonly Placed[];
}

export interface XmpDocument {
  readonly properties: readonly XmpProperty[];
  /** The packet without these; `undefined` when none is left. */
  without(unwanted: (property: XmpProperty) => boolean): XmpDocument | undefined;
  /** The packet with one more description; it gets the prefix for RDF and what the packet is about. */
  with(describe: (rdf: string, about: string) => string): string;
  /** As it was given, with anything that stood behind the packet. */
  readonly text: string;
}

/** `undefined` for what is no XMP, is damaged or has not a single property. */
export function parseXmp(text: string): XmpDocument | undefined {
  return parsePacket(text, text) ?? parsePacket(packetIn(text), text);
}

function parsePacket(packet: string, text: string): XmpDocument | undefined {
  const root = readXml(packet);
  const rdf = root && findRdf(root);
  if (rdf === undefined) return undefined;
  const descriptions = rdf.children
    .filter(({ namespace, name }) => namespace === RDF && name === 'Description')
    .map(descriptionOf);
  const properties = descriptions.flatMap((description) => description.properties);
  if (properties.length === 0) return undefined;
  const place = rdf.contentEnd;
  return {
    text,
    properties,
    without: (unwanted) => {
      const cuts = descriptions.flatMap((description) => cutsOf(description, unwanted));
      return parseXmp(cut(packet, cuts));
    },
    with: (describe) => {
      const about = descriptions.find((each) => each.about !== '')?.about ?? '';
      const own = describe(rdf.prefix, about);
      return `${packet.slice(0, place).trimEnd()}\n  ${own} ${packet.slice(place)}`;
    },
  };
}

/**
 * Without what some programs leave behind a packet that they wrote over a longer one: zeros, or the rest
 * of that one, in which there may be words that were to go.
 */
function packetIn(text: string): string {
  const trailer = text.indexOf('<?xpacket end=');
  const last = trailer < 0 ? text.lastIndexOf('>') : text.indexOf('>', trailer);
  return text.slice(0, last + 1);
}

function findRdf(element: XmlElement): XmlElement | undefined {
  if (element.namespace === RDF && element.name === 'RDF') return element;
  for (const child of element.children) {
    const found = findRdf(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function descriptionOf(element: XmlElement): Description {
  const about = element.attributes.find(
    ({ namespace, name }) => name === 'about' && (namespace === RDF || namespace === ''),
  );
  // The short form of a property is an attribute of the description.
  const short = element.attributes.filter(
    ({ namespace }) => namespace !== '' && namespace !== RDF && namespace !== XML,
  );
  const long = element.children.map(({ namespace, name, start, end, ...rest }) => ({
    namespace,
    name,
    start,
    end,
    value: valueOf({ namespace, name, start, end, ...rest }),
  }));
  const { start, end } = element;
  return { start, end, about: about?.value ?? '', properties: [...short, ...long] };
}

/** What an element says: its text, the address it points at, or what its parts say. */
function valueOf({ attributes, children, text }: XmlElement): string {
  const said = attributes.filter(
    ({ namespace, name }) => namespace !== XML && !(namespace === RDF && name === 'parseType'),
  );
  const parts = children.map((child) => {
    const value = valueOf(child);
    return child.namespace === RDF ? value : `${child.name}: ${value}`;
  });
  if (children.length === 0 && said.length === 0) return text;
  const fields = said.map(({ namespace, name, value }) =>
    namespace === RDF ? value : `${name}: ${value}`,
  );
  return [...fields, ...parts, text.trim()].filter((part) => part !== '').join('; ');
}

/** A description that would be left empty goes whole. */
function cutsOf(
  { properties, start, end }: Description,
  unwanted: (property: XmpProperty) => boolean,
): readonly Range[] {
  const going = properties.filter((property) => unwanted(property));
  return going.length === properties.length ? [{ start, end }] : going;
}

type Range = Pick<Placed, 'start' | 'end'>;

function cut(text: string, ranges: readonly Range[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    kept.push(text.slice(from, start).trimEnd());
    from = end;
  }
  return [...kept, text.slice(from)].join('');
}
