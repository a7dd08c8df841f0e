/** What the store does for workspaces, their keys and the sessions of browsers: a part of `Store`. */
import type {
  ApiKey,
  KeyHolder,
  Role,
  Scope,
  Workspace,
  WorkspaceState,
} from '../core/workspace.ts';

export interface NewWorkspace {
  readonly id: string;
  readonly name: string;
  readonly imagesPerHour?: number;
  /** The ceiling does not follow what is bought. Absent: it does. */
  readonly isCeilingFixed?: boolean;
  /** Absent: no balance is kept. */
  readonly availableCreditMicros?: number;
}

/** What is not named stays as it is. */
export interface WorkspaceChange {
  readonly name?: string;
  readonly state?: WorkspaceState;
  readonly ceiling?: {
    /** Absent: no ceiling. */
    readonly imagesPerHour?: number;
    readonly isFixed: boolean;
  };
}

export interface NewApiKey {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly hint: string;
  readonly role: Role;
  /** Absent: all of its role's. */
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: number;
  readonly budgetCreditMicros?: number;
  /** Absent: a program. */
  readonly holder?: KeyHolder;
  readonly invitation?: NewInvitation;
}

/** What invites somebody to become the holder of a key: taken once. */
export interface NewInvitation {
  /** SHA-256, hex. */
  readonly hash: string;
  readonly lastsMs: number;
}

/** What is not named stays as it is; null takes the end or the budget away. */
export interface ApiKeyChange {
  readonly name?: string;
  /** With all of its scopes. */
  readonly role?: Role;
  readonly expiresAt?: number | null;
  readonly budgetCreditMicros?: number | null;
}

/** What a shown secret leads to, whatever became of it: the caller judges. */
export interface FoundSecret {
  readonly key: ApiKey;
  readonly workspaceState: WorkspaceState;
  /** SHA-256 of the secret, hex, as it is stored. */
  readonly hash: string;
  /** End of the secret itself: a rotated one's, a session's. Absent: it ends with its key. */
  readonly until?: number;
}

export interface NewSecret {
  /** SHA-256, hex. */
  readonly hash: string;
  readonly hint: string;
  /** The secret so far may be used for so long; 0: not any more. */
  readonly keepOldMs: number;
}

export interface NewBrowserSession {
  /** SHA-256 of the cookie's value, hex. */
  readonly hash: string;
  readonly keyId: string;
  readonly lastsMs: number;
}

/** Where a page begins: after the entry with this id. */
export interface PlaceInList {
  readonly limit: number;
  readonly after?: string;
}

/** Which keys a list tells of; what is not named does not matter. */
export interface ApiKeyFilter {
  readonly holder?: KeyHolder;
}

export interface WorkspaceStore {
  /**
   * With its first key, if one is given. False when there is one of this id already; nothing is
   * changed then.
   */
  createWorkspace(workspace: NewWorkspace, firstKey?: NewApiKey): Promise<boolean>;
  findWorkspace(id: string): Promise<Workspace | undefined>;
  /** By id. */
  listWorkspaces(place?: PlaceInList): Promise<Workspace[]>;
  /** False when there is none of this id. */
  changeWorkspace(id: string, change: WorkspaceChange): Promise<boolean>;

  createApiKey(key: NewApiKey): Promise<void>;
  findApiKey(id: string): Promise<ApiKey | undefined>;
  /** By a secret, or the one before its rotation. */
  findApiKeyByHash(hash: string): Promise<FoundSecret | undefined>;
  /** Newest first. */
  listApiKeys(workspace: string, place?: PlaceInList, filter?: ApiKeyFilter): Promise<ApiKey[]>;
  /** False when there is none, or it was revoked. */
  changeApiKey(id: string, change: ApiKeyChange): Promise<boolean>;
  /** Ends the key and its sessions. False when it was revoked before, or there is none. */
  revokeApiKey(id: string): Promise<boolean>;
  /**
   * Gives the key another secret. The one before the last is gone; sessions last no longer than the
   * one that is replaced. False when there is no such key, or it was revoked.
   */
  rotateApiKey(id: string, secret: NewSecret): Promise<boolean>;
  /** Notes that it was used now, unless it did so within the last `everyMs`. */
  touchApiKey(id: string, everyMs: number): Promise<void>;

  /** In place of the invitation so far. False when no person has such a key, or it was revoked. */
  inviteHolder(id: string, invitation: NewInvitation): Promise<boolean>;
  /**
   * Gives the key its secret, once: its invitation, the secret so far and its sessions are gone. Answers the key's
   * id; `undefined` when there is no such invitation, it has ended, or its key has.
   */
  acceptInvitation(hash: string, secret: Omit<NewSecret, 'keepOldMs'>): Promise<string | undefined>;

  /** Clears away those that have ended, whosever they were. */
  createSession(session: NewBrowserSession): Promise<void>;
  findSession(hash: string): Promise<FoundSecret | undefined>;
  endSession(hash: string): Promise<void>;
}
