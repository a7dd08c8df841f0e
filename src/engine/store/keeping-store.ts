/** What the store does for whoever keeps runs going: a part of `Store`. */

/** A run that may be worked on, unless the worker that has it lives. */
export interface KeptRun {
  readonly id: string;
  readonly workerId?: string;
}

export interface KeepingStore {
  /**
   * Runs that came in through a service and may be worked on now, but those that are named: the oldest
   * first of each workspace, the workspaces in turn. `only`: these and no others, where somebody said which
   * they are; at least one.
   */
  runsToKeep(
    except: ReadonlySet<string>,
    most: number,
    only?: ReadonlySet<string>,
  ): Promise<KeptRun[]>;
}
