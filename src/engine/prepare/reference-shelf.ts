import type { NamedReference, ReferenceFinding } from '../core/reference.ts';
import type { ItemReferencePicture, ReferencePicture } from './reference-library.ts';

/** Pictures that sheets know by name: `@hero`. */
export interface ReferenceShelf {
  /** By name. */
  list(): Promise<NamedReference[]>;
  /**
   * From an absolute path or a web address; `replaced`: the name had another picture before. `shown`: what
   * people are told that it was read from; absent: the path, or the address without its query.
   */
  add(
    name: string,
    source: string,
    shown?: string,
  ): Promise<{ readonly reference: NamedReference; readonly replaced: boolean }>;
  /** `undefined`: there is no such name. */
  picture(name: string): Promise<ReferencePicture | undefined>;
  /** What runs have planned already keeps its picture. */
  remove(name: string): Promise<void>;
  /** `undefined`: nothing was removed under this name within the last day. */
  restore(name: string): Promise<NamedReference | undefined>;
  rename(name: string, to: string): Promise<NamedReference | 'taken' | 'missing'>;
  /** The picture of a name as a plan sees it, or why it cannot be used. */
  facts(name: string): Promise<ReferenceFinding>;
  /** What an item was made after, in order; `undefined`: there is no such item. */
  ofItem(runId: string, itemId: string): Promise<readonly ItemReferencePicture[] | undefined>;
}
