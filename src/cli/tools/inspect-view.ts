/** What a file says of itself, for people. Everything of it is others' text and is made printable. */
import type { CredentialClaims, CredentialsReport } from '../../engine/core/credentials.ts';
import type { FileProperty, FileReport, KnownOrigin } from '../../engine/core/file-report.ts';
import type { ImageMarks } from '../../engine/core/finisher.ts';
import { formatSize } from '../../engine/core/size.ts';
import { SOURCE_TYPES, type SourceType } from '../../engine/core/source-type.ts';
import { countText } from '../amount-text.ts';
import { printable, shortened } from '../printable-text.ts';
import type { Colours } from '../screen.ts';
import { textTable } from '../text-table.ts';

const MOST_CHARACTERS = 240;
/** Of each kind; `--json` has them all. */
const MOST_PROPERTIES = 40;

/** Lines without an end. */
export function inspectView(report: FileReport, colours: Colours): string[] {
  const { marks, credentials, decoding, origins } = report;
  const rows: (readonly [string, string])[] = [
    ['Picture', pictureText(report)],
    ['File', `${countText(report.bytes)} bytes, SHA-256 ${report.sha256}`],
    [
      'Decodes',
      decoding.kind === 'whole' ? 'whole' : `${decoding.kind}: ${printable(decoding.reason)}`,
    ],
    ['Source', sourceText(report.sourceType)],
    ...(marks === undefined ? [] : marksRows(marks)),
    ...origins.map((origin) => ['Known', originText(origin)] as const),
    ...credentialRows(credentials),
  ];
  const warnings = [
    ...(decoding.kind === 'broken' ? ['It does not decode: it is cut or damaged.'] : []),
    ...(credentials.kind === 'broken'
      ? ['Its content credentials do not hold: the file was changed after it was signed.']
      : []),
    ...(report.tellsPlace ? ['It tells the place where it was taken (GPS).'] : []),
  ];
  return [
    ...table(rows),
    ...warnings.map((warning) => `  ${colours.yellow(`! ${warning}`)}`),
    ...section('XMP', report.xmp.filter(isForeign), colours),
    ...section('IPTC', report.iptc, colours),
    ...section('EXIF', report.exif, colours),
    ...section('Texts', report.texts, colours),
  ];
}

/** Our own are told above, in words. */
function isForeign({ name }: FileProperty): boolean {
  return !name.startsWith('imagemill:');
}

const COLOUR_SPACES: Readonly<Record<string, string>> = {
  srgb: 'sRGB',
  cmyk: 'CMYK',
  'b-w': 'grey',
  rgb16: 'RGB',
  grey16: 'grey',
};

function pictureText({ picture }: FileReport): string {
  const { format, colourSpace, colourProfile, bits, channels, hasAlpha, frames } = picture;
  const parts = [
    `${format} ${formatSize(picture)}`,
    COLOUR_SPACES[colourSpace] ?? printable(colourSpace),
    `${bits} bits`,
    `${channels} channels`,
    hasAlpha ? 'alpha' : 'no alpha',
    ...(frames > 1 ? [`${countText(frames)} frames`] : []),
    ...(picture.orientation === undefined || picture.orientation === 1
      ? []
      : [`turned for showing (EXIF orientation ${picture.orientation})`]),
    colourProfile === undefined
      ? 'no colour profile'
      : `colour profile ${printable(colourProfile)}`,
  ];
  return parts.join(', ');
}

function sourceText(sourceType: string | undefined): string {
  if (sourceType === undefined) return 'not said (no IPTC digital source type)';
  const words = SOURCE_TYPES[sourceType as SourceType] as string | undefined;
  return words === undefined ? shortened(sourceType, MOST_CHARACTERS) : `${sourceType}: ${words}`;
}

function marksRows(marks: ImageMarks): (readonly [string, string])[] {
  const { runId, itemId, row, index, model, vendor, seed, createdAt } = marks;
  const place = [
    ...(runId === undefined ? [] : [`run ${runId}`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(index === undefined ? [] : [`image ${index}`]),
    ...(itemId === undefined ? [] : [`item ${itemId}`]),
  ];
  const said: readonly (readonly [string, string | undefined])[] = [
    ['Marked by', marks.generator],
    [
      'Model',
      model === undefined || vendor === undefined ? (model ?? vendor) : `${model} (${vendor})`,
    ],
    ['Prompt', marks.prompt],
    ['Negative', marks.negativePrompt],
    ['Seed', seed?.toString()],
    ['Made for', place.length === 0 ? undefined : place.join(', ')],
    ['Made at', createdAt],
  ];
  return said.flatMap(([name, text]) =>
    text === undefined ? [] : [[name, shortened(text, MOST_CHARACTERS)] as const],
  );
}

function originText(origin: KnownOrigin): string {
  const { kind, runId, row, file } = origin;
  const place = `run ${runId}${row === undefined ? '' : `, row ${row}`}`;
  const named = file === undefined ? '' : `, delivered as ${file}`;
  switch (kind) {
    case 'master':
      return printable(`the stored original of ${place}, image ${origin.index}${named}`);
    case 'item':
      return printable(`made for ${place}, image ${origin.index}, as the store says${named}`);
    case 'delivered':
      return printable(`delivered by ${place} as ${file}, as ${origin.manifest} says`);
    default:
      return origin satisfies never;
  }
}

function credentialRows(report: CredentialsReport): (readonly [string, string])[] {
  if (report.kind === 'none') {
    const elsewhere =
      report.elsewhere === undefined
        ? 'none'
        : `none in the file; it names a place for them, which was not asked: ${shortened(report.elsewhere, MOST_CHARACTERS)}`;
    return [['Credentials', elsewhere]];
  }
  const state = {
    valid: 'valid, and the signer is trusted',
    untrusted: 'intact, but nobody that is trusted here vouches for the signer',
    broken: 'broken',
  }[report.kind];
  return [
    ['Credentials', state],
    ...claimRows(report),
    ...report.problems.map((problem) => ['', shortened(problem, MOST_CHARACTERS)] as const),
  ];
}

function claimRows(claims: CredentialClaims): (readonly [string, string])[] {
  const { signer, issuer, signedAt, certificateEndsAt, generator, actions, ingredients } = claims;
  const by = issuer === undefined || issuer === signer ? '' : `, certificate by ${issuer}`;
  const ends = certificateEndsAt === undefined ? '' : `, valid until ${certificateEndsAt}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Signed by', signer === undefined ? undefined : `${signer}${by}${ends}`],
    ['Signed at', signedAt],
    ['Claimed by', generator],
    ...actions.map((action) => {
      const { description, by: agent, digitalSourceType, when } = action;
      const more = [description, agent && `by ${agent}`, digitalSourceType, when].filter(Boolean);
      return ['Action', [action.action, ...more].join(', ')] as const;
    }),
    ...ingredients.map(({ relationship, title, format, credentials, problems }) => {
      const own =
        credentials === undefined
          ? 'no credentials'
          : `signed by ${credentials.signer ?? 'somebody'}`;
      const parts = [relationship, title, format, own, ...problems].filter(Boolean);
      return ['Made from', parts.join(', ')] as const;
    }),
  ];
  return rows.flatMap(([name, text]) =>
    text === undefined ? [] : [[name, shortened(text, MOST_CHARACTERS)] as const],
  );
}

function section(title: string, all: readonly FileProperty[], colours: Colours): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MOST_PROPERTIES)
    .map(({ name, value }) => [shortened(name, 60), shortened(value, MOST_CHARACTERS)] as const);
  const more = all.length - rows.length;
  return [
    `  ${colours.bold(title)}`,
    ...table(rows).map((line) => `  ${line}`),
    ...(more > 0 ? [`    … and ${countText(more)} more (all with --json)`] : []),
  ];
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const [, ...lines] = textTable([{ title: '' }, { title: '' }], rows);
  return lines.map((line) => `  ${line}`);
}
