/**
 * The masters of all references: files, web addresses and names. What was found once is remembered by
 * its facts, never by its bytes; masters themselves lie in the blob store under their hash, so that a
 * run sends what it was planned with, whatever becomes of the file.
 */
import { stat } from 'node:fs/promises';
import { closestNames } from '../catalog/closest-names.ts';
import type { Clock } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import {
  type MasterFacts,
  type NamedReference,
  type ReferenceFinding,
  referenceLabel,
  referenceName,
} from '../core/reference.ts';
import { OwnMasters } from './own-master.ts';
import { atMost } from '../core/at-most.ts';
import { type ReferenceSources, resolveReference } from '../references/resolve-reference.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from '../version.ts';

/** Pictures that are decoded or read at a time: each may take the memory of a large one. */
const FILES_AT_ONCE = 4;
const ADDRESSES_AT_ONCE = 8;
/** Facts that are remembered, of a few hundred bytes each. */
const MOST_REMEMBERED = 20_000;
/** What an address gave holds for a plan and the run that follows it. */
const ADDRESS_HOLDS_MS = 10 * 60_000;

export interface ReferenceLibraryDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  /** Connects to public hosts only. */
  readonly fetch: typeof globalThis.fetch;
  readonly workspace: string;
}

/** A kept picture with its bytes. */
export interface ReferencePicture {
  readonly reference: NamedReference;
  /** Where it lies on this machine's disk, where there is such a place. */
  readonly path?: string;
  /** Throws `StorageError`. */
  read(): Promise<Uint8Array>;
}

/** What an item was made after: the bytes that the run was planned with. */
export interface ItemReferencePicture {
  /** A file's name, an address without its query, `@hero`. */
  readonly label: string;
  readonly facts: MasterFacts;
  readonly path?: string;
  /** Throws `StorageError`. */
  read(): Promise<Uint8Array>;
}

interface Remembered {
  readonly facts: MasterFacts;
  /** Of a file: what shows that it is still the same. */
  readonly mtimeMs?: number;
  readonly size?: number;
  /** Of an address: when it was read. */
  readonly readAt?: number;
  /** The bytes are in the blob store. */
  readonly isKept: boolean;
}

export class ReferenceLibrary {
  readonly #deps: ReferenceLibraryDeps;
  readonly #sources: ReferenceSources;
  readonly #known = new Map<string, Remembered>();
  readonly #files = atMost(FILES_AT_ONCE);
  readonly #addresses = atMost(ADDRESSES_AT_ONCE);

  constructor(deps: ReferenceLibraryDeps) {
    this.#deps = deps;
    const own = new OwnMasters();
    this.#sources = {
      fetch: deps.fetch,
      clock: deps.clock,
      userAgent: `Imagemill/${VERSION}`,
      masters: deps.blobs,
      named: (name) => this.#named(name),
      ownMaster: (path, hash) => own.masterOf(path, hash),
    };
  }

  /**
   * The facts of a reference (an absolute path, an address, `@name`), or why it cannot be used. With
   * `keep` its bytes are in the blob store afterwards; what an address gave always is, since it may
   * give something else the next time.
   */
  async find(reference: string, keep: boolean): Promise<ReferenceFinding> {
    if (reference.startsWith('@')) return this.#resolve(reference, {}, false);
    if (/^https?:/i.test(reference)) {
      const known = this.#known.get(reference);
      const now = this.#deps.clock.now();
      if (known?.readAt !== undefined && now - known.readAt < ADDRESS_HOLDS_MS) return found(known);
      return this.#addresses(() => this.#resolve(reference, { readAt: now }, true));
    }
    const facts = await stat(reference).catch(() => undefined);
    const known = this.#known.get(reference);
    const isSame = known?.mtimeMs === facts?.mtimeMs && known?.size === facts?.size;
    if (known !== undefined && isSame && (known.isKept || !keep)) return found(known);
    const shown = facts === undefined ? {} : { mtimeMs: facts.mtimeMs, size: facts.size };
    return this.#files(() => this.#resolve(reference, shown, keep));
  }

  async #resolve(
    reference: string,
    shown: Pick<Remembered, 'mtimeMs' | 'size' | 'readAt'>,
    keep: boolean,
  ): Promise<ReferenceFinding> {
    const resolved = await resolveReference(this.#sources, reference);
    if (resolved.kind === 'problem') return resolved;
    const { facts, bytes } = resolved;
    if (keep) await this.#deps.blobs.put(bytes);
    // A name may be given another picture at any time, and costs only a look.
    if (!reference.startsWith('@')) this.#remember(reference, { facts, ...shown, isKept: keep });
    return { kind: 'picture', facts };
  }

  #remember(reference: string, what: Remembered): void {
    this.#known.delete(reference);
    this.#known.set(reference, what);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  // Names.

  list(): Promise<NamedReference[]> {
    return this.#deps.store.namedReferences(this.#deps.workspace);
  }

  /**
   * `shown`: what people are told that it was read from. Throws `UsageError` for what is no name, and for
   * a picture that cannot be used.
   */
  async add(
    name: string,
    source: string,
    shown: string = shownSource(source),
  ): Promise<{ reference: NamedReference; replaced: boolean }> {
    const { store, workspace } = this.#deps;
    const plain = referenceName(`@${name}`);
    if (plain === undefined) {
      throw new UsageError(
        `"${name}" cannot be a reference's name. Names begin with a letter or digit and have letters, digits, dots, hyphens and underscores.`,
      );
    }
    const finding = await this.find(source, true);
    if (finding.kind === 'problem') {
      throw new UsageError(`${name}=${shown}: ${finding.message}. ${finding.remedy}`);
    }
    const before = await store.findNamedReference(workspace, plain);
    const replaced = before !== undefined && before.hash !== finding.facts.hash;
    const { hash, mediaType, width, height, bytes } = finding.facts;
    const picture = { hash, mediaType, width, height, bytes };
    await store.putNamedReference(workspace, {
      name: plain,
      source: shown,
      ...picture,
    });
    return { reference: (await store.findNamedReference(workspace, plain))!, replaced };
  }

  /** Throws `UsageError` when there is no such name. */
  async remove(name: string): Promise<void> {
    const { store, workspace } = this.#deps;
    const plain = plainName(name) ?? name;
    if (await store.removeNamedReference(workspace, plain)) return;
    const { closest } = await this.#closest(plain);
    const hint = closest.length > 0 ? ` Did you mean ${closest.join(' or ')}?` : '';
    throw new UsageError(`There is no reference named ${plain}.${hint}`);
  }

  /** The reference under its new name; `taken`: that name has a picture; `missing`: there is no such name. */
  async rename(name: string, to: string): Promise<NamedReference | 'taken' | 'missing'> {
    const { store, workspace } = this.#deps;
    const [plain, next] = [plainName(name), plainName(to)];
    if (plain === undefined || next === undefined) return 'missing';
    const done = await store.renameNamedReference(workspace, plain, next);
    if (done !== 'renamed') return done;
    return (await store.findNamedReference(workspace, next)) ?? 'missing';
  }

  /** What was removed less than a day ago is there again; `undefined`: there is nothing to bring back. */
  async restore(name: string): Promise<NamedReference | undefined> {
    const { store, workspace } = this.#deps;
    const plain = plainName(name);
    if (plain === undefined) return undefined;
    if (!(await store.restoreNamedReference(workspace, plain))) return undefined;
    return store.findNamedReference(workspace, plain);
  }

  /** The picture of a name as a plan sees it, or why it cannot be used. */
  facts(name: string): Promise<ReferenceFinding> {
    return this.find(`@${plainName(name) ?? name}`, false);
  }

  /** The pictures that an item was planned with, in their order; `undefined`: there is no such item. */
  async ofItem(runId: string, itemId: string): Promise<ItemReferencePicture[] | undefined> {
    const { store, blobs } = this.#deps;
    const found = await store.itemReferences(runId, itemId);
    if (found === undefined) return undefined;
    // Rows that were planned before masters were written down have none.
    return found.masters.map((facts, place) => {
      const path = blobs.path?.(facts.hash);
      return {
        label: referenceLabel(found.references[place] ?? ''),
        facts,
        ...(path !== undefined && { path }),
        read: () => blobs.get(facts.hash),
      };
    });
  }

  /** The picture that a name stands for; `undefined` when there is no such name. */
  async picture(name: string): Promise<ReferencePicture | undefined> {
    const { store, blobs, workspace } = this.#deps;
    const plain = plainName(name);
    const reference =
      plain === undefined ? undefined : await store.findNamedReference(workspace, plain);
    if (reference === undefined) return undefined;
    const path = blobs.path?.(reference.hash);
    return {
      reference,
      ...(path !== undefined && { path }),
      read: () => blobs.get(reference.hash),
    };
  }

  async #named(name: string): Promise<{ hash: string } | { closest: readonly string[] }> {
    const { store, workspace } = this.#deps;
    const known = await store.findNamedReference(workspace, name);
    return known === undefined ? this.#closest(name) : { hash: known.hash };
  }

  async #closest(name: string): Promise<{ closest: readonly string[] }> {
    return {
      closest: closestNames(
        name,
        (await this.list()).map((each) => each.name),
      ),
    };
  }
}

/** Without the sign, in small letters. */
function plainName(name: string): string | undefined {
  return referenceName(`@${name.replace(/^@/, '')}`);
}

function found({ facts }: Remembered): ReferenceFinding {
  return { kind: 'picture', facts };
}

/** An address without its query, which may hold a token. */
function shownSource(source: string): string {
  const url = /^https?:/i.test(source) ? URL.parse(source) : null;
  return url === null ? source : `${url.origin}${url.pathname}`;
}
