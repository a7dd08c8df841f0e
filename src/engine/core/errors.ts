/**
 * The family of errors that Imagemill throws on purpose. What is not of this family is a defect of
 * ours or a fault of the machine. A vendor's refusal is not an error: it is an outcome.
 */
export class ImagemillError extends Error {
  override readonly name: string = 'ImagemillError';
}

/** What was asked for cannot be done as it was asked: bad usage, a bad sheet, a bad setting. */
export class UsageError extends ImagemillError {
  override readonly name = 'UsageError';
}

/** One thing that is wrong with the input: where it is, what was found, and what to do about it. */
export interface Problem {
  readonly file?: string;
  /** Line of the file, counted from 1, where the row starts. */
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
  readonly message: string;
  readonly remedy: string;
}

/** All problems of a sheet or a configuration at once. */
export class InputError extends ImagemillError {
  override readonly name = 'InputError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `sheet.csv:17, column aspect_ratio: "11:00" is not a ratio. Write …` */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line].filter((part) => part !== undefined).join(':');
  const part = /\.ya?ml$/i.test(problem.file ?? '') ? 'setting ' : 'column ';
  const isOption = problem.column?.startsWith('--') === true;
  const column = problem.column === undefined ? '' : `${isOption ? '' : part}${problem.column}`;
  const where = [place, column].filter((part) => part !== '').join(', ');
  const value = problem.value === undefined ? '' : ` (found ${quote(problem.value)})`;
  return `${where === '' ? '' : `${where}: `}${problem.message}${value}. ${problem.remedy}`;
}

function quote(value: string): string {
  const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return JSON.stringify(short);
}

/** A state does not allow what was asked of it; the message names the state. */
export class IllegalStateError extends ImagemillError {
  override readonly name = 'IllegalStateError';
}

export type StorageFault = 'full' | 'not-writable' | 'missing' | 'damaged' | 'failed';

/** A disk did not do what was asked of it; the message says which file and what to do about it. */
export class StorageError extends ImagemillError {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;
  readonly path: string;
  readonly remedy: string;

  constructor(fault: StorageFault, path: string, cause?: unknown) {
    const table = path.startsWith('s3://') ? { ...STORAGE_WORDS, ...BUCKET_WORDS } : STORAGE_WORDS;
    const { what, remedy } = table[fault];
    const words = fault === 'failed' && cause instanceof Error ? ` (${cause.message})` : '';
    super(`${what}: ${path}${words}. ${remedy}`, { cause });
    this.fault = fault;
    this.path = path;
    this.remedy = remedy;
  }
}

const STORAGE_WORDS: Readonly<Record<StorageFault, { what: string; remedy: string }>> = {
  full: {
    what: 'The disk is full',
    remedy: 'Free some space there and resume; nothing that was paid for is lost.',
  },
  'not-writable': {
    what: 'The folder cannot be written to',
    remedy: 'Give this user the right to write there, or choose another folder, and resume.',
  },
  missing: {
    what: 'A stored file is not there',
    remedy: 'Restore it from a backup, or retry the row that it belongs to.',
  },
  damaged: {
    what: 'A stored file does not match its hash',
    remedy: 'Restore it from a backup, or retry the row that it belongs to.',
  },
  failed: {
    what: 'The disk failed',
    remedy: 'Check the disk, and resume.',
  },
};

/** Where images are in a bucket, these faults have other causes. */
const BUCKET_WORDS: Readonly<Partial<typeof STORAGE_WORDS>> = {
  'not-writable': {
    what: 'The bucket refuses the credentials',
    remedy:
      'Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what they may do there, and resume.',
  },
  failed: {
    what: 'The bucket does not answer',
    remedy:
      'Check IMAGEMILL_S3_BUCKET, _ENDPOINT and _REGION, and whether it can be reached; then resume.',
  },
};

/** A promise that this code makes to itself was broken. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${message}`);
}
