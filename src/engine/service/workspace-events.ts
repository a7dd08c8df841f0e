/** What those who watch a run or a workspace are told, read so that many may watch at once. */
import type { ItemCounts } from '../core/outcome.ts';
import type { JournalEntry } from '../core/events.ts';
import type { WorkspaceEvent } from '../core/workspace-event.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import type { Store, StoredRun } from '../store/store.ts';
import type { RunMark } from '../store/webhook-store.ts';

/** How a run stands, in what a progress bar shows. */
export interface RunProgress {
  readonly run: StoredRun;
  readonly items: ItemCounts;
}

export class WorkspaceEvents {
  readonly #store: Store;
  readonly #counts: KeptCounts;

  constructor({ store, counts }: { readonly store: Store; readonly counts: KeptCounts }) {
    this.#store = store;
    this.#counts = counts;
  }

  /** The workspace's events after a sequence, at most so many. */
  events(workspace: string, after: number, most: number): Promise<WorkspaceEvent[]> {
    return this.#store.workspaceEvents(workspace, after, most);
  }

  /** Entries of the run's journal after a sequence, at most so many. */
  async journal(runId: string, after: number, most: number): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for await (const entry of this.#store.journal(runId, after)) {
      entries.push(entry);
      if (entries.length >= most) break;
    }
    return entries;
  }

  /** How far the journals of these runs go, and how the runs stand: one question for all of them. */
  runMarks(runs: readonly string[]): Promise<Map<string, RunMark>> {
    return this.#store.runMarks(runs);
  }

  /** Sequences of the newest events of these workspaces: one question for all of them. */
  workspaceMarks(workspaces: readonly string[]): Promise<Map<string, number>> {
    return this.#store.workspaceMarks(workspaces);
  }

  async progress(runId: string): Promise<RunProgress | undefined> {
    const run = await this.#store.findRun(runId);
    return run && { run, items: await this.#counts.of(run) };
  }
}
