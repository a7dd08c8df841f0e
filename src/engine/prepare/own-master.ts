/**
 * The way back from a delivered file to its stored master. Finishing scales and converts, so an edit
 * of a delivered file starts from the master that the manifest beside it names.
 */
import { open, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { MANIFEST_FILE, MANIFEST_FORMAT } from '../deliver/manifest.ts';

/** A name template may make folders in the out folder: so many above the file are looked into. */
const MOST_FOLDERS_UP = 3;
/** Steps of a recipe after which a file is no smaller copy of its master. */
const CHANGED = /\b(?:crop|cover|pad|upscale) /;
/** Manifests that are remembered; a sheet names files of one or two runs. */
const MOST_REMEMBERED = 8;

interface Delivered {
  readonly sha256: string;
  readonly master: string;
}

interface KnownManifest {
  readonly mtimeMs: number;
  readonly size: number;
  /** By the file's name as the manifest has it, with `/` between folders. */
  readonly files: ReadonlyMap<string, Delivered>;
}

/** Remembers the manifests that it has read, as long as they do not change. */
export class OwnMasters {
  readonly #known = new Map<string, KnownManifest | undefined>();

  /**
   * The hash of the master of which the file at `path` is the delivered copy, by the manifest beside it.
   * A file that was changed since its delivery (its hash is another) stands for itself.
   */
  async masterOf(path: string, hash: string): Promise<string | undefined> {
    let folder = dirname(path);
    for (let up = 0; up <= MOST_FOLDERS_UP; up += 1) {
      const manifest = await this.#read(join(folder, MANIFEST_FILE));
      const found = manifest?.files.get(relative(folder, path).split(sep).join('/'));
      if (found !== undefined) return found.sha256 === hash ? found.master : undefined;
      folder = dirname(folder);
    }
    return undefined;
  }

  async #read(path: string): Promise<KnownManifest | undefined> {
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) return undefined;
    const known = this.#known.get(path);
    if (known?.mtimeMs === facts.mtimeMs && known.size === facts.size) return known;
    const { mtimeMs, size } = facts;
    const files = await readManifest(path).catch(() => new Map<string, Delivered>());
    const fresh = { mtimeMs, size, files };
    this.#known.delete(path);
    this.#known.set(path, fresh);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return fresh;
  }
}

/** A manifest has a line for each file (`deliver/manifest.ts`), so that it is never held as a whole. */
async function readManifest(path: string): Promise<Map<string, Delivered>> {
  const files = new Map<string, Delivered>();
  await using file = await open(path, 'r');
  let number = 0;
  for await (const line of file.readLines()) {
    number += 1;
    // `{`, then the format: what is no manifest of ours is not read on.
    if (number === 2 && !line.includes(MANIFEST_FORMAT)) return files;
    const text = line.trim().replace(/,$/, '');
    if (!text.startsWith('{"file":')) continue;
    const {
      file: name,
      sha256,
      master,
      output,
      finished,
    } = JSON.parse(text) as Record<string, unknown>;
    // A thumbnail, or what shows another part of it, stands for itself.
    const isWhole =
      output === undefined && !(typeof finished === 'string' && CHANGED.test(finished));
    if (!isWhole) continue;
    if (typeof name === 'string' && typeof sha256 === 'string' && typeof master === 'string') {
      files.set(name, { sha256, master });
    }
  }
  return files;
}
