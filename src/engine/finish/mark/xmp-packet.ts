/**
 * Our marks as an XMP packet (ISO 16684-1): the IPTC properties that other software reads (Photo
 * Metadata 2025.1: DigitalSourceType, AISystemUsed, AIPromptInformation) and our own for the way back
 * to row, run and item.
 */
import type { ImageMarks } from '../../core/finisher.ts';
import { SOURCE_TYPE_SCHEME, sourceTypeOf } from '../../core/source-type.ts';
import { escapeXml, possibleXml } from '../../core/xml-text.ts';
import { parseXmp, type XmpDocument, type XmpProperty } from './xmp-document.ts';

export const NAMESPACES = {
  xmp: 'http://ns.adobe.com/xap/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  imagemill: 'urn:x-imagemill:1.0#',
} as const;

/** A packet that says also with which prompt the picture was made, if it does not say so yet. */
export function sayPrompt(
  packet: XmpDocument | undefined,
  prompt: string,
): XmpDocument | undefined {
  const property = { namespace: NAMESPACES.Iptc4xmpExt, name: 'AIPromptInformation' };
  const own = [{ ...property, value: possibleXml(prompt) }];
  if (packet === undefined) return parseXmp(wrap(describe(own)));
  if (packet.properties.some((each) => keyOf(each) === keyOf(property))) return packet;
  return parseXmp(packet.with((rdf, about) => describe(own, rdf, about)));
}

/** Whole packet, complete with its wrapper. */
export function buildPacket(marks: ImageMarks): string {
  return wrap(describe(propertiesOf(marks)));
}

/** Our marks beside what a packet says already; a property that it has is not given a second time. */
export function mergePacket(theirs: XmpDocument, marks: ImageMarks): string {
  const said = new Set(theirs.properties.map(keyOf));
  const own = propertiesOf(marks).filter((property) => !said.has(keyOf(property)));
  return theirs.with((rdf, about) => describe(own, rdf, about));
}

/** What a packet says beside our marks, old ones of ours taken out; `undefined` if that is nothing. */
export function withoutMarks(packet: XmpDocument): XmpDocument | undefined {
  const marks = marksIn(packet);
  // What stands there in our own words is ours, whoever has rewritten the packet since.
  const ours = new Set(
    marks === undefined ? [] : propertiesOf(marks).map((each) => `${keyOf(each)}=${each.value}`),
  );
  return packet.without(
    (property) =>
      property.namespace === NAMESPACES.imagemill ||
      ours.has(`${keyOf(property)}=${possibleXml(property.value)}`),
  );
}

/** What a packet says beside the things that the marks say as well. */
export function withoutSame(packet: XmpDocument, marks: ImageMarks): XmpDocument | undefined {
  const same = new Set(propertiesOf(marks).map(keyOf));
  return packet.without((property) => same.has(keyOf(property)));
}

/** Our marks in a packet, or `undefined` if it has none. Understands rewriting by other tools. */
export function readPacket(packet: string): ImageMarks | undefined {
  const parsed = parseXmp(packet);
  return parsed && marksIn(parsed);
}

/** `undefined` if a packet has none of ours. */
export function marksIn({ properties }: XmpDocument): ImageMarks | undefined {
  const own = new Map(
    properties
      .filter(({ namespace }) => namespace === NAMESPACES.imagemill)
      .map(({ name, value }) => [name, value]),
  );
  const generator = own.get('Generator');
  const source = sourceTypeOf(own.get('Source') ?? '');
  if (generator === undefined || source === undefined) return undefined;
  const text = <Key extends string>(key: Key, name: string) => {
    const value = own.get(name);
    return (value === undefined ? {} : { [key]: value }) as { readonly [Each in Key]?: string };
  };
  const figure = <Key extends string>(key: Key, name: string) => {
    const value = own.get(name);
    const isFigure = value !== undefined && /^-?\d{1,15}$/.test(value);
    return (isFigure ? { [key]: Number(value) } : {}) as { readonly [Each in Key]?: number };
  };
  return {
    generator,
    source,
    ...text('model', 'Model'),
    ...text('vendor', 'Vendor'),
    ...text('prompt', 'Prompt'),
    ...text('negativePrompt', 'NegativePrompt'),
    ...figure('seed', 'Seed'),
    ...figure('row', 'Row'),
    ...figure('index', 'Index'),
    ...text('runId', 'Run'),
    ...text('itemId', 'Item'),
    ...text('createdAt', 'CreatedAt'),
  };
}

function propertiesOf(marks: ImageMarks): readonly XmpProperty[] {
  const properties: readonly (readonly [keyof typeof NAMESPACES, string, string | undefined])[] = [
    ['xmp', 'CreatorTool', marks.generator],
    ['xmp', 'CreateDate', marks.createdAt],
    ['Iptc4xmpExt', 'DigitalSourceType', `${SOURCE_TYPE_SCHEME}${marks.source}`],
    ['Iptc4xmpExt', 'AISystemUsed', marks.model],
    ['Iptc4xmpExt', 'AIPromptInformation', marks.prompt],
    ['imagemill', 'Generator', marks.generator],
    ['imagemill', 'Source', marks.source],
    ['imagemill', 'Model', marks.model],
    ['imagemill', 'Vendor', marks.vendor],
    ['imagemill', 'Prompt', marks.prompt],
    ['imagemill', 'NegativePrompt', marks.negativePrompt],
    ['imagemill', 'Seed', marks.seed?.toString()],
    ['imagemill', 'Row', marks.row?.toString()],
    ['imagemill', 'Index', marks.index?.toString()],
    ['imagemill', 'Run', marks.runId],
    ['imagemill', 'Item', marks.itemId],
    ['imagemill', 'CreatedAt', marks.createdAt],
  ];
  return properties.flatMap(([prefix, name, value]) =>
    value === undefined ? [] : [{ namespace: NAMESPACES[prefix], name, value: possibleXml(value) }],
  );
}

function describe(properties: readonly XmpProperty[], rdf = 'rdf', about = ''): string {
  const prefixes = Object.entries(NAMESPACES);
  const declared = prefixes.map(([prefix, address]) => `xmlns:${prefix}="${address}"`).join(' ');
  const elements = properties.map(({ namespace, name, value }) => {
    const tag = `${prefixes.find(([, address]) => address === namespace)?.[0]}:${name}`;
    return `   <${tag}>${escapeXml(value)}</${tag}>\n`;
  });
  const description = rdf === '' ? 'Description' : `${rdf}:Description`;
  const subject = `${rdf === '' ? '' : `${rdf}:`}about="${escapeXml(about)}"`;
  return `<${description} ${subject} ${declared}>\n${elements.join('')}  </${description}>\n`;
}

function wrap(description: string): string {
  return (
    '<?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Imagemill">\n' +
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n' +
    `  ${description} </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>`
  );
}

function keyOf({ namespace, name }: Pick<XmpProperty, 'namespace' | 'name'>): string {
  return `${namespace}${name}`;
}
