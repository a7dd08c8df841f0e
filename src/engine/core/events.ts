/** What happens in a run, as it is written to its journal and told to those who watch. */
export type RunEvent =
  | { readonly type: 'run-planned'; readonly items: number; readonly planHash: string }
  | { readonly type: 'run-started'; readonly worker: string }
  | { readonly type: 'run-stopped'; readonly state: string; readonly reason?: string }
  | { readonly type: 'budget-changed'; readonly creditMicros: number | null }
  | { readonly type: 'run-approved' }
  | { readonly type: 'attempt-sent'; readonly request: string; readonly attempt: number }
  | { readonly type: 'attempt-accepted'; readonly request: string; readonly attempt: number }
  | {
      readonly type: 'attempt-settled';
      readonly request: string;
      readonly attempt: number;
      readonly delivered: number;
      readonly refused: number;
      readonly failed: number;
    }
  | {
      readonly type: 'attempt-returned';
      readonly request: string;
      readonly attempt: number;
      readonly reason: string;
    }
  | {
      readonly type: 'attempt-unknown';
      readonly request: string;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly type: 'unknown-decided'; readonly request: string; readonly attempt: number }
  | { readonly type: 'amended'; readonly items: number }
  | { readonly type: 'bundle-sent'; readonly bundle: string; readonly requests: number }
  | { readonly type: 'bundle-accepted'; readonly bundle: string }
  | {
      readonly type: 'bundle-returned';
      readonly bundle: string;
      readonly requests: number;
      readonly reason: string;
    }
  | { readonly type: 'left-batch-lane'; readonly lane: string; readonly requests: number }
  | { readonly type: 'took-batch-lane'; readonly lane: string; readonly requests: number }
  | { readonly type: 'retry-asked'; readonly state: string; readonly items: number };

export interface JournalEntry {
  readonly sequence: number;
  readonly at: number;
  readonly event: RunEvent;
}
