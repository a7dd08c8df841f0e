/** What the store does for whoever keeps runs going: a part of `Store`. */
export interface KeepingStore {
  /**
   * Ids of runs that came in through a service and may be worked on now, but those that are named: the
   * oldest first of each workspace, the workspaces in turn.
   */
  runsToKeep(except: ReadonlySet<string>, most: number): Promise<string[]>;
}
