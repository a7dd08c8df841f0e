/** What the store does for files of clients, and for batches made of them: a part of `Store`. */

export interface NewStoredFile {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  readonly purpose: string;
  /** As its client calls it: to be shown, never a path. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Milliseconds since 1970. Absent: it is kept until it is deleted. */
  readonly expiresAt?: number;
}

/** A file that a client sent, or that was made for one; its bytes lie in a file of its id. */
export interface StoredFile extends NewStoredFile {
  readonly createdAt: number;
}

/** A page of a list, by the id of the entry before it. */
export interface ListPage {
  readonly most: number;
  readonly after?: string;
  /** Default: newest first. */
  readonly isOldestFirst?: boolean;
}

/** As OpenAI names them. */
export type OpenaiBatchState =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

/** States in which there is still something to do. */
export const OPEN_BATCH_STATES: readonly OpenaiBatchState[] = [
  'validating',
  'in_progress',
  'finalizing',
  'cancelling',
];

/** What is wrong with a batch's input, in OpenAI's words for it. */
export interface BatchProblem {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** Counted from 1; null: the file as a whole. */
  readonly line: number | null;
}

export interface NewOpenaiBatch {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  /** The run that will be made of it. */
  readonly runId: string;
  readonly inputFile: string;
  readonly endpoint: string;
  readonly completionWindow: string;
  /** Milliseconds since 1970: what is not made by then is not made. */
  readonly expiresAt: number;
  readonly outputSeconds?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface OpenaiBatch extends NewOpenaiBatch {
  readonly state: OpenaiBatchState;
  readonly problems: readonly BatchProblem[];
  readonly outputFile?: string;
  readonly errorFile?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finalizingAt?: number;
  readonly cancelledAt?: number;
  readonly endedAt?: number;
  readonly counts?: RowOutcomes;
}

export interface OpenaiBatchChange {
  readonly state: OpenaiBatchState;
  readonly problems?: readonly BatchProblem[];
  readonly outputFile?: string;
  readonly errorFile?: string;
  /** As they were when it ended. */
  readonly counts?: RowOutcomes;
}

/** Rows of a run by what became of them. */
export interface RowOutcomes {
  readonly total: number;
  /** Every image has its outcome, and at least one was delivered. */
  readonly completed: number;
  /** Every image has its outcome, and none was delivered. */
  readonly failed: number;
}

export interface FileStore {
  /** A file of an id that is there already is left as it is. */
  createStoredFile(file: NewStoredFile): Promise<void>;
  /** `undefined` for another workspace's, and for one that has expired. */
  findStoredFile(workspace: string, id: string): Promise<StoredFile | undefined>;
  listStoredFiles(
    workspace: string,
    page: ListPage & { readonly purpose?: string },
  ): Promise<StoredFile[]>;
  deleteStoredFile(workspace: string, id: string): Promise<boolean>;
  /** Of all workspaces: what may be removed, a few at a time. */
  expiredStoredFiles(most: number): Promise<StoredFile[]>;

  createOpenaiBatch(batch: NewOpenaiBatch): Promise<void>;
  /** Without a workspace: whoever's it is. */
  findOpenaiBatch(id: string, workspace?: string): Promise<OpenaiBatch | undefined>;
  listOpenaiBatches(workspace: string, page: ListPage): Promise<OpenaiBatch[]>;
  /** Ids of batches that have not ended and that no process works on, oldest first. */
  openOpenaiBatches(most: number): Promise<string[]>;
  /** Takes a batch for a while, or keeps it; false: another process has it. */
  claimOpenaiBatch(id: string, owner: string, leaseMs: number): Promise<boolean>;
  releaseOpenaiBatch(id: string, owner: string): Promise<void>;
  /** Changes it if it is in one of the states; tells whether it was. */
  changeOpenaiBatch(
    id: string,
    from: readonly OpenaiBatchState[],
    change: OpenaiBatchChange,
  ): Promise<boolean>;
  rowOutcomes(runId: string): Promise<RowOutcomes>;
}
