/** Which limits apply to a lane: the model's rules for this account, and the workspace's own ceiling. */
import { type LaneKind, laneName } from '../core/lane.ts';
import { type Limit, type LimitRule, shareOf, workspaceLimitKey } from '../core/limit.ts';
import type { Model } from '../core/model.ts';

const HOUR_MS = 3_600_000;

/** What is known of a vendor account, from the configuration. */
export interface AccountFacts {
  /** Fingerprint of the account: limits are counted under it. */
  readonly account: string;
  /** A tier of the catalog, by name. */
  readonly tier?: string;
  /** Figures by rule name; they win over the tier's. */
  readonly figures?: Readonly<Record<string, number>>;
  /** The most that the workspace may have of each of the vendor's limits, above 0 to 1. Absent: all. */
  readonly share?: number;
  /** Limits of the whole account, which all its models share. */
  readonly rules?: readonly LimitRule[];
}

export interface WorkspaceFacts {
  readonly id: string;
  /** Images in any 60 minutes; absent: no ceiling. */
  readonly imagesPerHour?: number;
}

export function laneLimits(
  model: Model,
  account: AccountFacts,
  workspace: WorkspaceFacts,
  kind: LaneKind = 'live',
): Limit[] {
  const rules = kind === 'batch' ? (model.batch?.limits ?? []) : model.limits;
  const own = rules.map((rule): Limit => ({
    ...withFigure(rule, figureOf(model, rule, account)),
    key: `${model.vendor}:${account.account}/${laneName(model.id, kind)}/${rule.name}`,
    learnable: true,
  }));
  const shared = (account.rules ?? []).map((rule): Limit => ({
    ...rule,
    key: `${model.vendor}:${account.account}/${rule.name}`,
    // Slots are the user's own figure; a window's may be learned.
    learnable: rule.kind === 'window',
  }));
  const whole = [...own, ...shared];
  return [...whole, ...sharesOf(whole, account.share, workspace.id), workspaceLimit(workspace)];
}

/** What one workspace has of an account's limits, each counted beside the whole. */
function sharesOf(
  whole: readonly Limit[],
  part: number | undefined,
  workspace: string,
): readonly Limit[] {
  if (part === undefined) return [];
  return whole.map((limit) => ({
    ...limit,
    max: shareOf(limit.max, part),
    name: `${limit.name} (share of the workspace)`,
    key: `${limit.key}@${workspace}`,
    shareOf: { key: limit.key, part },
    learnable: false,
  }));
}

/** Counted even without a ceiling, so that one that is set later knows what the last hour made. */
export function workspaceLimit(workspace: WorkspaceFacts): Limit {
  return {
    kind: 'window',
    name: 'images-per-hour',
    unit: 'images',
    max: workspace.imagesPerHour,
    windowMs: HOUR_MS,
    source: 'workspace tier',
    key: workspaceLimitKey(workspace.id),
    learnable: false,
  };
}

function figureOf(model: Model, rule: LimitRule, account: AccountFacts): number | undefined {
  const tier = account.tier === undefined ? undefined : model.tiers[account.tier];
  return account.figures?.[rule.name] ?? tier?.[rule.name] ?? rule.max;
}

function withFigure(rule: LimitRule, max: number | undefined): LimitRule {
  return { ...rule, max };
}
