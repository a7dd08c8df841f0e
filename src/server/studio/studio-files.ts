/** The built studio: its files by their names, read once. A client's path opens none. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

export interface StudioFile {
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same by Brotli, where that is smaller. */
  readonly packed?: Uint8Array<ArrayBuffer>;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.csv': 'text/csv; charset=utf-8',
};
const PACKED = ['.html', '.js', '.css', '.svg', '.csv'];

/** From the sources the build lies in `dist`, of a package beside the compiled code. */
const FOLDER = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '../../../dist/studio' : '../../../studio',
);

export class StudioFiles {
  readonly #folder: string;
  #names: Promise<ReadonlySet<string>> | undefined;
  readonly #read = new Map<string, Promise<StudioFile>>();

  constructor(folder: string = FOLDER) {
    this.#folder = folder;
  }

  /** `undefined`: there is none of this name; `index.html` as well when the studio was not built. */
  async find(name: string): Promise<StudioFile | undefined> {
    this.#names ??= namesBelow(this.#folder);
    if (!(await this.#names).has(name)) return undefined;
    const file = this.#read.get(name) ?? readStudioFile(join(this.#folder, name));
    this.#read.set(name, file);
    return file;
  }
}

async function namesBelow(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const start = folder.length + 1;
  return new Set(
    files.map(({ parentPath, name }) => join(parentPath, name).slice(start).replaceAll('\\', '/')),
  );
}

async function readStudioFile(path: string): Promise<StudioFile> {
  const bytes = new Uint8Array(await readFile(path));
  const ending = extname(path);
  const mediaType = MEDIA_TYPES[ending] ?? 'application/octet-stream';
  if (!PACKED.includes(ending)) return { mediaType, bytes };
  const packed = new Uint8Array(brotliCompressSync(bytes, QUICK));
  return { mediaType, bytes, ...(packed.length < bytes.length && { packed }) };
}

/** A tenth of the time of the strongest, for a few per cent more bytes; each file is packed once. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
