import type { RunState } from '../core/run.ts';

/** How everything in the store stands, in figures that name no run and no workspace. */
export interface StoreStanding {
  readonly runs: readonly RunsStanding[];
  /** Of runs that have not ended, what waits at each lane or is at its vendor. */
  readonly requests: readonly {
    readonly lane: string;
    readonly state: 'waiting' | 'sent' | 'unknown';
    readonly requests: number;
    readonly images: number;
  }[];
  readonly webhookDeliveries: readonly { readonly state: string; readonly deliveries: number }[];
  readonly jobs: readonly { readonly state: string; readonly jobs: number }[];
  readonly workspaces: {
    readonly workspaces: number;
    readonly availableCreditMicros: number;
    readonly heldCreditMicros: number;
    readonly postedCreditMicros: number;
    readonly boughtCreditMicros: number;
  };
}

/** Runs in one state, and what they have cost. */
export interface RunsStanding {
  readonly state: RunState;
  readonly runs: number;
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly actualUsdMicros: number;
  readonly heldUsdMicros: number;
  readonly writtenOffUsdMicros: number;
}

/** What the store tells to those who operate it: a part of `Store`. */
export interface StandingStore {
  /** Reads every request that is not done of every run that is not; do not ask for it often. */
  standing(): Promise<StoreStanding>;
}
