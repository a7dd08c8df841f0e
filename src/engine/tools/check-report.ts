/** What a check has to tell of each picture, as a table or as JSON, streamed into a file. */
import { extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import {
  type CheckFinding,
  type CheckFindingKind,
  findingText,
  worstOf,
} from '../core/check-finding.ts';
import { InputError } from '../core/errors.ts';
import { protectCell } from '../core/formula-safe.ts';
import { formatName } from '../core/media-type.ts';
import type { PictureCheck } from '../core/picture-check.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf, storing, writeWhole } from '../ports/whole-file.ts';

/** One picture with what was found of it. */
export interface FoundPicture {
  /** Path below the folder that was checked, with `/` between folders. */
  readonly file: string;
  /** In the order of the work. Absent: the file is missing. */
  readonly number?: number;
  readonly findings: readonly CheckFinding[];
  readonly bytes?: number;
  /** Absent: the file is missing, or cannot be read. */
  readonly check?: PictureCheck;
  /** Of a run: which image it is a file of. */
  readonly row?: number;
  readonly index?: number;
  readonly model?: string;
  readonly itemId?: string;
}

/** What stands before the pictures of a JSON report. */
export interface ReportHead {
  readonly generator: string;
  /** ISO 8601. */
  readonly checked_at: string;
  readonly sources: readonly string[];
  readonly run: string | null;
  readonly screened: boolean;
  readonly counts: Readonly<Partial<Record<CheckFindingKind, number>>>;
}

const FORMAT = 'imagemill-check-1';
/** Excel takes a file without it for the local code page. */
const BYTE_ORDER_MARK = '\u{FEFF}';
const COLUMNS = [
  'file',
  'state',
  'findings',
  'format',
  'width',
  'height',
  'bytes',
  'detail',
  'row',
  'index',
  'model',
  'sha256',
] as const;

/**
 * Throws `InputError` when a report cannot be written there: it ends neither in `.csv` nor in `.json`, or
 * something that is no report of ours has the name.
 */
export async function requireReportFile(path: string): Promise<void> {
  const kind = extname(path).toLowerCase();
  if (kind !== '.csv' && kind !== '.json') {
    throw new InputError([
      {
        column: '--report',
        value: path,
        message: 'A report is a table or JSON',
        remedy: 'Give it a name that ends in .csv or .json.',
      },
    ]);
  }
  const head = await headOf(path);
  const isOurs = kind === '.csv' ? head?.startsWith(headLine()) : head?.includes(FORMAT);
  if (head === undefined || isOurs === true) return;
  throw new InputError([
    {
      column: '--report',
      value: path,
      message: 'Something else has this name',
      remedy: 'Choose another name: nothing that is there is overwritten.',
    },
  ]);
}

/** Replaces an older report whole. */
export async function writeCheckReport(
  path: string,
  head: ReportHead,
  pictures: AsyncIterable<FoundPicture>,
): Promise<void> {
  const isTable = extname(path).toLowerCase() === '.csv';
  await writeWhole(path, isTable ? table(pictures) : json(head, pictures));
}

async function* table(pictures: AsyncIterable<FoundPicture>): AsyncGenerator<string> {
  yield headLine();
  for await (const picture of pictures) {
    const facts = pictureJson(picture);
    const findings = picture.findings.map(findingText).join(' | ');
    const cells = COLUMNS.map((column) => (column === 'findings' ? findings : facts[column]));
    yield line(cells.map((cell) => (cell === null ? '' : String(cell))));
  }
}

function headLine(): string {
  return BYTE_ORDER_MARK + line(COLUMNS);
}

function line(cells: readonly string[]): string {
  return stringify([cells.map(protectCell)]);
}

async function* json(
  head: ReportHead,
  pictures: AsyncIterable<FoundPicture>,
): AsyncGenerator<string> {
  const facts = JSON.stringify({ format: FORMAT, ...head }, undefined, 2);
  yield `${facts.slice(0, -2)},\n  "pictures": [`;
  let separator = '\n';
  for await (const picture of pictures) {
    yield `${separator}    ${JSON.stringify(pictureJson(picture))}`;
    separator = ',\n';
  }
  yield '\n  ]\n}\n';
}

/** A picture as JSON tells it; what is not known is null. */
export function pictureJson({ file, findings, bytes, check, row, index, model }: FoundPicture) {
  const picture = check?.kind === 'picture' ? check : undefined;
  return {
    file,
    state: STATES[worstOf(findings) ?? 'notes'],
    findings: findings.map((finding) => ({ ...finding, text: findingText(finding) })),
    format: check?.mediaType === undefined ? null : formatName(check.mediaType),
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    bytes: bytes ?? null,
    detail: picture === undefined ? null : Number(picture.measures.detail.toFixed(1)),
    row: row ?? null,
    index: index ?? null,
    model: model ?? picture?.marks?.model ?? null,
    sha256: check?.sha256 ?? null,
  };
}

/** A picture that is not flagged may have notes. */
const STATES = { fails: 'failed', flags: 'flagged', notes: 'not flagged' } as const;

/** The beginning of a file as text; `undefined` when there is none. */
async function headOf(path: string): Promise<string | undefined> {
  return await storing(path, async () => {
    try {
      await using file = await openToRead(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}
