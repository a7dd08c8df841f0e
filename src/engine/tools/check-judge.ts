/** What is found of pictures that were looked at, each by itself and all of them together. Pure. */
import { extname } from 'node:path/posix';
import type { CheckFinding } from '../core/check-finding.ts';
import type { JobFile } from '../core/job.ts';
import { formatName, type PictureType } from '../core/media-type.ts';
import type { CheckedPicture, PictureCheck } from '../core/picture-check.ts';
import { ratioOf, type Size } from '../core/size.ts';
import { lowDetails } from '../quality/low-detail.ts';
import { medianOf } from '../quality/median.ts';
import { NearDuplicates } from '../quality/near-duplicates.ts';
import type { RunFile, RunFiles } from './check-run.ts';

/** A file is unexpectedly large from so many times the median of its like on. */
const LARGE = 10;
const LEAST_LARGE_BYTES = 1_000_000;
const LEAST_LIKE = 20;
/** Of another ratio from here on, as elsewhere (`covers`). */
const RATIO_ERROR = 0.02;

export interface JudgeOptions {
  /** The size that all pictures should have. */
  readonly size?: Size;
  /** Of a run: its files, by their names. */
  readonly run?: RunFiles;
}

interface Kind {
  readonly numbers: number[];
  readonly details: number[];
  readonly bytes: number[];
}

interface Like {
  readonly name: string;
  /** The image that it is a file of, where its marks tell. */
  readonly origin?: string;
}

/** Takes pictures one by one, in their order; 10,000 take about a second and 10 MB. */
export class CheckJudge {
  readonly #options: JudgeOptions;
  readonly #found = new Map<number, CheckFinding[]>();
  /** Name of the first file with these bytes. */
  readonly #hashes = new Map<string, string>();
  readonly #likes = new NearDuplicates<Like>();
  readonly #kinds = new Map<string, Kind>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  add(file: JobFile): void {
    const { name, number, state, reason = '' } = file;
    const known = this.#options.run?.get(name);
    const findings: CheckFinding[] = [];
    this.#found.set(number, findings);
    if (this.#options.run !== undefined && known === undefined) findings.push({ kind: 'stray' });
    if (state === 'failed') {
      findings.push({ kind: 'unreadable', reason });
      return;
    }
    const check = file.findings as PictureCheck;
    if (isChanged(check, known)) findings.push({ kind: 'changed-file' });
    findings.push(...extensionFindings(name, check.mediaType));
    if (check.kind !== 'picture') {
      findings.push({ kind: check.kind, reason: check.reason });
      return;
    }
    findings.push(...this.#sizeFindings(check, known), ...ownFindings(check));
    if (isUnmarked(check, known)) findings.push({ kind: 'unmarked' });
    findings.push(...this.#likeFindings(name, check, known));
    // Other outputs are made small or cut on purpose, and a blank picture has no detail to be judged.
    if (known?.output === undefined && !check.blank) this.#addToKind(file, check, known);
  }

  /** What was found by the pictures' numbers; most have nothing. */
  end(): ReadonlyMap<number, readonly CheckFinding[]> {
    for (const { numbers, details, bytes } of this.#kinds.values()) {
      const shares = lowDetails(details);
      const usual = numbers.length < LEAST_LIKE ? undefined : medianOf(bytes);
      for (const [at, number] of numbers.entries()) {
        const share = shares[at];
        if (share !== undefined) {
          this.#found.get(number)!.push({ kind: 'low-detail', share, among: numbers.length });
        }
        const size = bytes[at]!;
        if (usual !== undefined && size >= LEAST_LARGE_BYTES && size > LARGE * usual) {
          this.#found.get(number)!.push({ kind: 'large', bytes: size, usual });
        }
      }
    }
    return this.#found;
  }

  #sizeFindings(actual: CheckedPicture, known: RunFile | undefined): CheckFinding[] {
    const { size } = this.#options;
    // What a run delivered had the right size then.
    const asked =
      size !== undefined && known?.output === undefined
        ? size
        : isChanged(actual, known)
          ? known?.size
          : undefined;
    return asked === undefined ? [] : compareSize(actual, asked);
  }

  #likeFindings(name: string, check: CheckedPicture, known: RunFile | undefined): CheckFinding[] {
    const first = this.#hashes.get(check.sha256);
    if (first !== undefined) return [{ kind: 'exact-duplicate', of: first }];
    this.#hashes.set(check.sha256, name);
    // A canary repeats on purpose; other files of an image are meant to be like it.
    if (check.blank || known?.isCanary === true || known?.output !== undefined) return [];
    const { runId, itemId } = check.marks ?? {};
    const origin = itemId === undefined ? undefined : `${runId ?? ''} ${itemId}`;
    const like = { name, ...(origin !== undefined && { origin }) };
    const isSameImage = (other: Like) => origin !== undefined && other.origin === origin;
    const twin = this.#likes.add(like, check.measures, isSameImage);
    return twin === undefined ? [] : [{ kind: 'near-duplicate', of: twin.name }];
  }

  /** Pictures of one folder and model, about as large, are alike enough to be compared in detail. */
  #addToKind(
    { name, number, bytes }: JobFile,
    { width, height, marks, measures }: CheckedPicture,
    known: RunFile | undefined,
  ): void {
    const folder = known === undefined ? name.slice(0, Math.max(0, name.lastIndexOf('/'))) : '';
    const model = known?.model ?? marks?.model ?? '';
    const key = JSON.stringify([folder, model, Math.round(Math.log2(width * height))]);
    const kind = this.#kinds.get(key) ?? { numbers: [], details: [], bytes: [] };
    this.#kinds.set(key, kind);
    kind.numbers.push(number);
    kind.details.push(measures.detail);
    kind.bytes.push(bytes);
  }
}

/** What a picture is by itself. */
function ownFindings(check: CheckedPicture): CheckFinding[] {
  const { credentials, blank, screening, frames, turned, colours } = check;
  return [
    ...(credentials?.kind === 'broken'
      ? [{ kind: 'broken-credentials', reason: credentials.problem ?? '' } as const]
      : []),
    ...(blank ? [{ kind: 'blank' } as const] : []),
    ...(screening === undefined ? [] : [{ kind: 'screened', ...screening } as const]),
    ...(frames === undefined ? [] : [{ kind: 'animated', frames } as const]),
    ...(turned === true ? [{ kind: 'turned' } as const] : []),
    ...(colours === undefined ? [] : [{ kind: colours }]),
  ];
}

function isChanged({ sha256 }: PictureCheck, known: RunFile | undefined): boolean {
  return known?.sha256 !== undefined && known.sha256 !== sha256;
}

function isUnmarked(check: CheckedPicture, known: RunFile | undefined): boolean {
  if (known?.marked !== true || known.sha256 === check.sha256) return false;
  return check.marks === undefined && check.credentials === undefined;
}

/** How a picture's size differs from the one that was asked for. */
function compareSize(actual: Size, asked: Size): CheckFinding[] {
  const { width, height } = actual;
  if (width === asked.width && height === asked.height) return [];
  const isOther = Math.abs(ratioOf(actual) / ratioOf(asked) - 1) > RATIO_ERROR;
  const isSmaller = width < asked.width || height < asked.height;
  const how = isOther ? 'other-ratio' : isSmaller ? 'smaller' : 'larger';
  return [{ kind: 'wrong-size', asked, actual: { width, height }, how }];
}

const ENDINGS: Readonly<Record<string, PictureType>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.jpe': 'image/jpeg',
  '.jfif': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.heic': 'image/heic',
  '.heif': 'image/heic',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.bmp': 'image/bmp',
};

function extensionFindings(name: string, is: PictureType | undefined): CheckFinding[] {
  const says = ENDINGS[extname(name).toLowerCase()];
  if (is === undefined || says === undefined || says === is) return [];
  // AVIF is one of the pictures that HEIF files may hold.
  if (says === 'image/heic' && is === 'image/avif') return [];
  return [{ kind: 'wrong-extension', is: formatName(is) }];
}
