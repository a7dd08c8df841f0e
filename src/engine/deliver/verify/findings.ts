/** What checking a delivery comes to. */

/**
 * `missing`: it is not there. `cut`: it is there in part. `changed`: it holds something else. `unsafe`:
 * its name leads out of what is checked, so it was not looked at. `unreadable`: it could not be read.
 */
export const FINDING_KINDS = ['missing', 'cut', 'changed', 'unsafe', 'unreadable'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly file: string;
  readonly kind: FindingKind;
  /** In words, of the file. */
  readonly reason: string;
}

export interface Verification {
  /** Absolute path of what was checked. */
  readonly path: string;
  readonly kind: 'folder' | 'archive' | 'shard';
  /** Files that were checked by their hash. */
  readonly files: number;
  readonly bytes: number;
  readonly found: Readonly<Record<FindingKind, number>>;
  /** The first of what was found, at most `MOST_NAMED`. */
  readonly findings: readonly Finding[];
  /** Files that nobody knows: no fault. */
  readonly extra: number;
  /** The first of them, at most `MOST_NAMED`. */
  readonly extraFiles: readonly string[];
}

export const MOST_NAMED = 10_000;

export function isSound({ found }: Verification): boolean {
  return FINDING_KINDS.every((kind) => found[kind] === 0);
}

/** Gathers findings in bounded memory. */
export class FindingLog {
  readonly #found: Record<FindingKind, number> = {
    missing: 0,
    cut: 0,
    changed: 0,
    unsafe: 0,
    unreadable: 0,
  };
  readonly #findings: Finding[] = [];
  readonly #extraFiles: string[] = [];
  #extra = 0;
  #files = 0;
  #bytes = 0;

  checked(bytes: number): void {
    this.#files += 1;
    this.#bytes += bytes;
  }

  add(finding: Finding): void {
    this.#found[finding.kind] += 1;
    if (this.#findings.length < MOST_NAMED) this.#findings.push(finding);
  }

  addExtra(file: string): void {
    this.#extra += 1;
    if (this.#extraFiles.length < MOST_NAMED) this.#extraFiles.push(file);
  }

  ended(path: string, kind: Verification['kind']): Verification {
    return {
      path,
      kind,
      files: this.#files,
      bytes: this.#bytes,
      found: this.#found,
      findings: this.#findings,
      extra: this.#extra,
      extraFiles: this.#extraFiles,
    };
  }
}
