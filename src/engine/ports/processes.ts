/** Which process this is, and whether another one still lives. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Tells this process from a later one with the same pid. */
  readonly incarnation: string;
}

export interface Processes {
  readonly self: ProcessIdentity;
  /**
   * `dead` and `alive` are certain, and only possible for this host; of another machine's process
   * nothing is known but its lease.
   */
  look(other: ProcessIdentity): 'alive' | 'dead' | 'elsewhere';
}
