/** Which properties of foreign XMP are about what: what may be carried over, and what is private. */
import type { XmpDocument, XmpProperty } from './xmp-document.ts';
import { NAMESPACES } from './xmp-packet.ts';

const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';
const DUBLIN_TERMS = 'http://purl.org/dc/terms/';
const PHOTOSHOP = 'http://ns.adobe.com/photoshop/1.0/';
const RIGHTS = 'http://ns.adobe.com/xap/1.0/rights/';

/**
 * Namespaces that describe the file they stand in: pixels, orientation, camera, raw development, gain
 * maps, other pictures inside it. All of that is untrue for a picture that was made from it.
 */
const OF_THE_FILE: readonly string[] = [
  'http://ns.adobe.com/tiff/1.0/',
  'http://ns.adobe.com/exif/1.0/',
  'http://cipa.jp/exif/1.0/',
  'http://ns.adobe.com/camera-raw-settings/1.0/',
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  'http://ns.adobe.com/xmp/note/',
  'http://ns.google.com/photos/',
  'http://ns.apple.com/',
];

const OF_THE_FILE_TOO: readonly string[] = [
  `${DUBLIN_CORE}format`,
  `${NAMESPACES.xmp}Thumbnails`,
  `${PHOTOSHOP}ColorMode`,
  `${PHOTOSHOP}ICCProfile`,
];

/** Whether a property is true of the master's file only, not of a picture made from it. */
export function isOfTheFile(property: XmpProperty): boolean {
  return (
    pointsAtCredentials(property) ||
    OF_THE_FILE.some((namespace) => property.namespace.startsWith(namespace)) ||
    OF_THE_FILE_TOO.includes(keyOf(property))
  );
}

/** C2PA 2.2, "External manifests": where the credentials of the file lie. */
function pointsAtCredentials(property: XmpProperty): boolean {
  return keyOf(property) === `${DUBLIN_TERMS}provenance`;
}

/** Whether a packet points at content credentials kept elsewhere, which any change would break. */
export function refersToCredentials({ properties }: XmpDocument): boolean {
  return properties.some(pointsAtCredentials);
}

/**
 * Whether a property holds a prompt or may: IPTC's and our own, and where generators are known to write
 * theirs (descriptions, comments, `parameters`, `workflow`).
 */
export function isPrompt({ namespace, name }: XmpProperty): boolean {
  if (/prompt|parameters|workflow|usercomment|imagedescription|^xpcomment$/i.test(name))
    return true;
  return namespace === DUBLIN_CORE && (name === 'description' || name === 'title');
}

/** Whether a property tells origin or rights: kept when not all fits into a file. */
export function isEssential(property: XmpProperty): boolean {
  const { namespace, name } = property;
  return (
    namespace === RIGHTS ||
    [
      `${NAMESPACES.Iptc4xmpExt}DigitalSourceType`,
      `${NAMESPACES.Iptc4xmpExt}AISystemUsed`,
      `${NAMESPACES.Iptc4xmpExt}AISystemVersionUsed`,
      `${NAMESPACES.xmp}CreatorTool`,
      `${NAMESPACES.xmp}CreateDate`,
      `${DUBLIN_CORE}creator`,
      `${DUBLIN_CORE}rights`,
      `${PHOTOSHOP}Credit`,
    ].includes(`${namespace}${name}`)
  );
}

/** Prefixes that everybody uses, for names that people know. */
const PREFIXES: Readonly<Record<string, string>> = {
  [DUBLIN_CORE]: 'dc',
  [DUBLIN_TERMS]: 'dcterms',
  [PHOTOSHOP]: 'photoshop',
  [RIGHTS]: 'xmpRights',
  'http://ns.adobe.com/xap/1.0/mm/': 'xmpMM',
  'http://ns.adobe.com/tiff/1.0/': 'tiff',
  'http://ns.adobe.com/exif/1.0/': 'exif',
  'http://cipa.jp/exif/1.0/': 'exifEX',
  'http://ns.adobe.com/exif/1.0/aux/': 'aux',
  'http://ns.adobe.com/camera-raw-settings/1.0/': 'crs',
  'http://ns.adobe.com/hdr-gain-map/1.0/': 'hdrgm',
  'http://ns.adobe.com/lightroom/1.0/': 'lr',
  'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/': 'Iptc4xmpCore',
  'http://ns.useplus.org/ldf/xmp/1.0/': 'plus',
  ...Object.fromEntries(Object.entries(NAMESPACES).map(([prefix, address]) => [address, prefix])),
};

/** `dc:creator`; of a namespace that is not widely known, with its whole address. */
export function xmpName({ namespace, name }: Pick<XmpProperty, 'namespace' | 'name'>): string {
  return `${PREFIXES[namespace] ?? namespace}:${name}`;
}

function keyOf({ namespace, name }: XmpProperty): string {
  return `${namespace}${name}`;
}
