/**
 * Our marks as an XMP packet (ISO 16684-1): the IPTC properties that other software reads (Photo
 * Metadata 2025.1: DigitalSourceType, AISystemUsed, AIPromptInformation) and our own for the way back
 * to row, run and item.
 */
import type { ImageMarks } from '../../core/finisher.ts';
import { escapeXml, unescapeXml } from '../../core/xml-text.ts';

const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const NAMESPACES =
  'xmlns:xmp="http://ns.adobe.com/xap/1.0/" ' +
  'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" ' +
  'xmlns:imagemill="urn:x-imagemill:1.0#"';

/** Whole packet, complete with its wrapper. */
export function buildPacket(marks: ImageMarks): string {
  return wrap(describe(marks, () => true));
}

/**
 * Puts our marks into a packet that is there already. What the other packet says stays; a property
 * that it has is not given a second time. A packet without RDF is replaced.
 */
export function mergePacket(existing: string, marks: ImageMarks): string {
  const theirs = existing.replace(OWN_DESCRIPTION, '');
  const end = theirs.lastIndexOf('</rdf:RDF>');
  if (end < 0) return buildPacket(marks);
  const own = describe(
    marks,
    (property) => property.startsWith('imagemill:') || !theirs.includes(property),
  );
  return `${theirs.slice(0, end).trimEnd()}\n  ${own} ${theirs.slice(end)}`;
}

/** Our marks in a packet, or `undefined` if it has none. Understands rewriting by other tools. */
export function readPacket(packet: string): ImageMarks | undefined {
  const read = (name: string) => property(packet, `imagemill:${name}`);
  const runId = read('Run');
  const itemId = read('Item');
  if (runId === undefined || itemId === undefined) return undefined;
  const negativePrompt = read('NegativePrompt');
  const seed = read('Seed');
  return {
    generator: read('Generator') ?? '',
    source: read('Source') === 'algorithmicMedia' ? 'algorithmicMedia' : 'trainedAlgorithmicMedia',
    model: read('Model') ?? '',
    vendor: read('Vendor') ?? '',
    prompt: read('Prompt') ?? '',
    ...(negativePrompt === undefined ? {} : { negativePrompt }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    row: Number(read('Row')),
    index: Number(read('Index')),
    runId,
    itemId,
    createdAt: read('CreatedAt') ?? '',
  };
}

/** True when a packet points at content credentials kept elsewhere, which any change would break. */
export function refersToCredentials(packet: string): boolean {
  return packet.includes('dcterms:provenance');
}

const OWN_DESCRIPTION =
  /<rdf:Description rdf:about="" xmlns:xmp="[^"]*" xmlns:Iptc4xmpExt="[^"]*" xmlns:imagemill="[^"]*">[\s\S]*?<\/rdf:Description>\n?/g;

function describe(marks: ImageMarks, wanted: (property: string) => boolean): string {
  const properties: readonly (readonly [string, string | undefined])[] = [
    ['xmp:CreatorTool', marks.generator],
    ['xmp:CreateDate', marks.createdAt],
    ['Iptc4xmpExt:DigitalSourceType', `${SOURCE_TYPES}${marks.source}`],
    ['Iptc4xmpExt:AISystemUsed', marks.model],
    ['Iptc4xmpExt:AIPromptInformation', marks.prompt],
    ['imagemill:Generator', marks.generator],
    ['imagemill:Source', marks.source],
    ['imagemill:Model', marks.model],
    ['imagemill:Vendor', marks.vendor],
    ['imagemill:Prompt', marks.prompt],
    ['imagemill:NegativePrompt', marks.negativePrompt],
    ['imagemill:Seed', marks.seed?.toString()],
    ['imagemill:Row', marks.row.toString()],
    ['imagemill:Index', marks.index.toString()],
    ['imagemill:Run', marks.runId],
    ['imagemill:Item', marks.itemId],
    ['imagemill:CreatedAt', marks.createdAt],
  ];
  const elements = properties
    .filter(([name, value]) => value !== undefined && wanted(name))
    .map(([name, value]) => `   <${name}>${escapeXml(value ?? '')}</${name}>\n`);
  return `<rdf:Description rdf:about="" ${NAMESPACES}>\n${elements.join('')}  </rdf:Description>\n`;
}

function wrap(description: string): string {
  return (
    '<?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Imagemill">\n' +
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n' +
    `  ${description} </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>`
  );
}

/** A property as an element or, as some tools write it, as an attribute. */
function property(packet: string, name: string): string | undefined {
  const found =
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(packet) ??
    new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(packet);
  const raw = found?.[1] ?? found?.[2];
  return raw === undefined ? undefined : unescapeXml(raw);
}
