/** Workspaces, the keys that act for them, and what each role may do. */

/** Who owns runs, references, jobs, keys and credits. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly state: WorkspaceState;
  readonly createdAt: number;
  /** Images in any 60 minutes; absent: no ceiling. */
  readonly imagesPerHour?: number;
  /** The ceiling was set by hand, and does not follow what was bought. */
  readonly isCeilingFixed: boolean;
  /** Credits that may still be held; absent: the workspace keeps no balance and may spend freely. */
  readonly availableCreditMicros?: number;
  readonly heldCreditMicros: number;
  readonly postedCreditMicros: number;
  /** All that was ever bought, less what was given back for it: it decides the ceiling. */
  readonly boughtCreditMicros: number;
}

/** `suspended`: its keys may read, and nothing of it is sent. */
export const WORKSPACE_STATES = ['active', 'suspended'] as const;
export type WorkspaceState = (typeof WORKSPACE_STATES)[number];

/** Most images an hour that a workspace can be given by hand. */
export const HIGHEST_CEILING = 1e9;

/** The workspace of the command line, which every installation has. */
export const LOCAL_WORKSPACE = 'local';

/** An id that a person chooses: it stands in addresses, names of limits and files. */
export const WORKSPACE_ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** What a key may do. */
export const SCOPES = [
  'runs:read',
  'runs:write',
  'credits:read',
  'credits:buy',
  'workspace:manage',
  'operate',
] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * `viewer` looks; `member` makes images as well; `admin` also keeps the workspace's keys and webhooks, and
 * buys credits; `operator` runs the installation: every workspace, grants, refunds, metrics.
 */
export const ROLES = ['viewer', 'member', 'admin', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['runs:read', 'credits:read'],
  member: ['runs:read', 'runs:write', 'credits:read'],
  admin: ['runs:read', 'runs:write', 'credits:read', 'credits:buy', 'workspace:manage'],
  operator: SCOPES,
};

/** A key as everybody but its holder sees it: the secret itself is stored nowhere. */
export interface ApiKey {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly role: Role;
  /** What it may do: its role's scopes, or fewer. */
  readonly scopes: readonly Scope[];
  /** The last four characters of the secret, to tell keys apart. */
  readonly hint: string;
  readonly createdAt: number;
  /** To the minute. */
  readonly lastUsedAt?: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** The secret before the last rotation may be used until then. */
  readonly previousUntil?: number;
  /** Credits that its runs may post and hold together, ever; absent: no budget of its own. */
  readonly budgetCreditMicros?: number;
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly holder: KeyHolder;
  /** Somebody is invited to become its holder until then. */
  readonly invitedUntil?: number;
}

/** Who has a key: somebody who signs in with it, a member of the workspace; or a program. */
export const KEY_HOLDERS = ['person', 'program'] as const;
export type KeyHolder = (typeof KEY_HOLDERS)[number];

/** What decides how much may be done with a key. */
export type KeyRights = Pick<ApiKey, 'scopes' | 'expiresAt' | 'budgetCreditMicros'>;

/** Why a key may not change or end a key with these scopes; `undefined`: it may. */
export function beyondScopes(
  holder: Pick<ApiKey, 'scopes'>,
  scopes: readonly Scope[],
): string | undefined {
  const more = scopes.filter((scope) => !holder.scopes.includes(scope));
  return more.length === 0 ? undefined : `That key may ${more.join(', ')}, which yours may not.`;
}

/**
 * Why a key may not make, or get the secret of, a key with these rights: it would reach further than
 * itself. `undefined`: it may. A key with a budget may make none, or it would spend as often as it likes.
 */
export function beyondRights(holder: KeyRights, wanted: KeyRights): string | undefined {
  const reason = beyondScopes(holder, wanted.scopes);
  if (reason !== undefined) return reason;
  if (holder.budgetCreditMicros !== undefined) {
    return 'Your key has a budget of its own, so it gives nobody else one.';
  }
  if (holder.expiresAt !== undefined && (wanted.expiresAt ?? Infinity) > holder.expiresAt) {
    return 'That key would last longer than yours.';
  }
  return undefined;
}
