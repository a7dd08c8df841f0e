/** What pictures say of themselves, and what is known of them to the workspace that asks. */
import type { FileInspection, KnownOrigin } from '../core/file-report.ts';
import type { EngineConfig } from '../engine-types.ts';
import { atMost } from '../core/at-most.ts';
import { type KnowingStore, originsInStore } from '../tools/inspect/origins-in-store.ts';
import { inspectFile } from '../tools/inspect-file.ts';

export interface InspectionsDeps extends KnowingStore {
  readonly config: Pick<EngineConfig, 'credentials'>;
}

/** Pictures that are in memory at a time, whoever asks: a large one takes a second of everybody's thread. */
const MOST_AT_ONCE = 2;

export class Inspections {
  readonly #deps: InspectionsDeps;
  readonly #gate = atMost(MOST_AT_ONCE);

  constructor(deps: InspectionsDeps) {
    this.#deps = deps;
  }

  /** Never rejects for bad bytes. They are read when their turn has come. */
  of(workspace: string, read: () => Promise<Uint8Array>): Promise<FileInspection> {
    return this.#gate(async () => this.#inspect(workspace, await read()));
  }

  async #inspect(workspace: string, bytes: Uint8Array): Promise<FileInspection> {
    const trustAnchors = this.#deps.config.credentials?.trustAnchors;
    const inspection = await inspectFile(bytes, trustAnchors === undefined ? {} : { trustAnchors });
    if (inspection.kind === 'unusable') return inspection;
    const { sha256, marks } = inspection.report;
    const found = await originsInStore(this.#deps, sha256, marks);
    const origins: KnownOrigin[] = [];
    for (const origin of found) {
      const run = await this.#deps.store.findRun(origin.runId);
      // Nobody learns of another workspace's runs.
      if (run?.workspace === workspace) origins.push(origin);
    }
    return { kind: 'picture', report: { ...inspection.report, origins } };
  }
}
