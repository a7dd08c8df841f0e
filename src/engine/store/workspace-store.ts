/** What the store does for workspaces, their keys and the sessions of browsers: a part of `Store`. */
import type { ApiKey, Role, Scope, Workspace } from '../core/workspace.ts';

export interface NewWorkspace {
  readonly id: string;
  readonly name: string;
  readonly imagesPerHour?: number;
  /** Absent: no balance is kept. */
  readonly availableCreditMicros?: number;
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
}

export interface WorkspaceStore {
  /** False when there is one of this id already; nothing is changed then. */
  createWorkspace(workspace: NewWorkspace): Promise<boolean>;
  findWorkspace(id: string): Promise<Workspace | undefined>;
  /** By id. */
  listWorkspaces(): Promise<Workspace[]>;

  createApiKey(key: NewApiKey): Promise<void>;
  findApiKey(id: string): Promise<ApiKey | undefined>;
  /** Revoked and expired ones as well: the caller judges. */
  findApiKeyByHash(hash: string): Promise<ApiKey | undefined>;
  /** Newest first. */
  listApiKeys(workspace: string): Promise<ApiKey[]>;
}
