/** What can be watched: numbered entries under a name, a run's journal or a workspace's events. */

/** An entry, worded once for all who watch. */
export interface WordedEntry {
  readonly sequence: number;
  readonly type: string;
  readonly text: string;
}

/** How far a log goes, and whether more may come. */
export interface LogMark {
  readonly sequence: number;
  /** Nothing more is written unless somebody asks for it. */
  readonly hasEnded: boolean;
}

export interface LogSource {
  /** By sequence; numbers are without gaps, but the oldest may have been forgotten. */
  read(name: string, after: number, most: number): Promise<WordedEntry[]>;
  /** One question for all that are watched. */
  marks(names: readonly string[]): Promise<ReadonlyMap<string, LogMark>>;
  /** How it stands, as data of an event; absent: it has nothing to tell beside its entries. */
  standing?(name: string): Promise<object | undefined>;
  /** Resolves when what follows an end in this process is done. */
  settled?(name: string): Promise<void>;
}
