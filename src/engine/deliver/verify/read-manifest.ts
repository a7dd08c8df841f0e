import { ForeignFile, readLines, UnreadableFile } from './read-lines.ts';

/** Of a manifest or a data set: what it says of one file. Nothing of it has been checked. */
export interface ManifestFile {
  readonly file: string;
  /** Hex. */
  readonly sha256?: string;
  readonly bytes?: number;
  /** It was gone when the manifest was written. */
  readonly missing?: true;
}

/** A manifest that somebody has formatted anew is read as a whole up to so many bytes. */
const MOST_WHOLE_BYTES = 16 * 1024 * 1024;
const FORMATS = ['imagemill-manifest-1', 'imagemill-dataset-1'];

/**
 * Reads a manifest of ours as a stream, a line a file, however long it is. `open` gives its bytes from
 * the first; it may be asked twice. Throws `UnreadableFile` for what is none, or ends in the middle.
 */
export async function* readManifest(
  open: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<ManifestFile> {
  let given = 0;
  try {
    for await (const file of readLineByLine(open())) {
      given += 1;
      yield file;
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile) || given > 0) throw error;
    yield* await readAsWhole(open(), error);
  }
}

async function* readLineByLine(source: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestFile> {
  let place: 'head' | 'files' | 'tail' | 'end' = 'head';
  let head = '';
  for await (const line of readLines(source)) {
    if (place === 'head') {
      head += line;
      if (head.length > LONGEST_HEAD) break;
      if (line !== '  "files": [') continue;
      if (!FORMATS.some((format) => head.includes(`"format": "${format}"`))) break;
      place = 'files';
    } else if (place === 'files' && line !== '  ]') {
      yield fileOf(parse(line.replace(/,$/, '')));
    } else {
      place = line === '}' ? 'end' : 'tail';
    }
  }
  if (place === 'head') throw new ForeignFile('it is no manifest of Imagemill');
  if (place !== 'end') throw new UnreadableFile('it ends in the middle');
}

/** Far more than ours take. */
const LONGEST_HEAD = 100_000;

async function readAsWhole(
  source: AsyncIterable<Uint8Array>,
  reason: UnreadableFile,
): Promise<ManifestFile[]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MOST_WHOLE_BYTES) throw reason;
    chunks.push(chunk);
  }
  const value = parse(Buffer.concat(chunks).toString('utf8'));
  const { format, files } = isObject(value) ? value : {};
  if (!FORMATS.includes(String(format)) || !Array.isArray(files)) {
    throw new ForeignFile('it is no manifest of Imagemill');
  }
  return files.map(fileOf);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableFile(`it is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

function fileOf(value: unknown): ManifestFile {
  const { file, sha256, bytes, missing } = isObject(value) ? value : {};
  if (typeof file !== 'string') throw new UnreadableFile('an entry names no file');
  return {
    file,
    ...(typeof sha256 === 'string' && { sha256: sha256.toLowerCase() }),
    ...(typeof bytes === 'number' && { bytes }),
    ...(missing === true && { missing }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
