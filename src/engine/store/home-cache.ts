/**
 * The copies that a machine has of what is kept in the bucket: bounded, and free to go at any time. A copy
 * is known by its mode, which nobody may write to; what is not kept yet is never touched.
 */
import { opendir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { freeBytes } from '../ports/whole-file.ts';
import { isCopy, KEPT_FOLDERS, unlessMissing } from './home-files.ts';

/** What is not used for so long goes. */
const KEEP_MS = 7 * 24 * 3_600_000;
/** What was used within so long stays: somebody may be about to open it. */
const IN_USE_MS = 10 * 60_000;
/** Default of the bytes that all copies may have. */
export const MOST_COPY_BYTES = 20 * 2 ** 30;
/** It is looked through when this share of the most has come anew, or so many files. */
const LOOK_SHARE = 0.1;
const LOOK_FILES = 10_000;
/** Down to this share of the most, so that the next look is not due at once. */
const ROOM_SHARE = 0.9;
/** Ages are counted in steps of this: so many as there are minutes in a week, whatever lies there. */
const STEP_MS = 60_000;

/** Another use of a copy is noted when the last one is older. */
const NOTE_USE_MS = IN_USE_MS / 2;

export interface HomeCacheDeps {
  readonly home: string;
  readonly clock: Clock;
  readonly mostBytes?: number;
}

export class HomeCache {
  readonly #deps: HomeCacheDeps;
  readonly #most: number;
  #newBytes = 0;
  #newFiles = 0;
  #tending: Promise<unknown> | undefined;

  constructor(deps: HomeCacheDeps) {
    this.#deps = deps;
    this.#most = deps.mostBytes ?? MOST_COPY_BYTES;
  }

  /** A copy has come; from time to time all are looked through beside the work. */
  added(bytes: number): void {
    this.#newBytes += bytes;
    this.#newFiles += 1;
    const isDue = this.#newBytes >= this.#most * LOOK_SHARE || this.#newFiles >= LOOK_FILES;
    if (!isDue || this.#tending !== undefined) return;
    [this.#newBytes, this.#newFiles] = [0, 0];
    this.#tending = this.tend()
      // What cannot be looked at now is looked at the next time.
      .catch(() => undefined)
      .finally(() => (this.#tending = undefined));
  }

  /** Whether the use of a copy is to be noted: it was last noted some time ago. */
  isStale(changedMs: number): boolean {
    return this.#deps.clock.now() - changedMs > NOTE_USE_MS;
  }

  /** Removes what is old, then the oldest until the bound is kept. Answers the bytes that stay. */
  async tend(): Promise<number> {
    const { clock } = this.#deps;
    const now = clock.now();
    const bytesByStep = new Map<number, number>();
    for await (const { ageMs, bytes } of this.#copies(now)) {
      const step = Math.min(Math.floor(ageMs / STEP_MS), KEEP_MS / STEP_MS);
      bytesByStep.set(step, (bytesByStep.get(step) ?? 0) + bytes);
    }
    const total = bytesByStep.values().reduce((sum, bytes) => sum + bytes, 0);
    // At most half of what the disk could hold of them.
    const most = Math.min(this.#most, (total + (await freeBytes(this.#deps.home))) / 2);
    const room = total > most ? most * ROOM_SHARE : total;
    let [stays, limit] = [0, 0];
    for (const [step, bytes] of [...bytesByStep].toSorted(([a], [b]) => a - b)) {
      limit = step * STEP_MS;
      if (stays + bytes > room && limit >= IN_USE_MS) break;
      stays += bytes;
      limit += STEP_MS;
    }
    const oldest = Math.min(KEEP_MS, Math.max(limit, IN_USE_MS));
    let left = 0;
    for await (const { path, ageMs, bytes } of this.#copies(now)) {
      if (ageMs >= oldest) await rm(path, { force: true });
      else left += bytes;
    }
    return left;
  }

  async settle(): Promise<void> {
    await this.#tending;
  }

  async *#copies(now: number) {
    for (const folder of KEPT_FOLDERS) {
      const path = join(this.#deps.home, folder);
      const opened = await unlessMissing(opendir(path, { recursive: true }));
      if (opened === undefined) continue;
      for await (const entry of opened) {
        if (entry.isDirectory()) await this.#removeIfOld(join(entry.parentPath, entry.name), now);
        if (!entry.isFile()) continue;
        const copy = join(entry.parentPath, entry.name);
        const facts = await unlessMissing(stat(copy));
        if (facts === undefined || !isCopy(facts.mode)) continue;
        yield { path: copy, bytes: facts.size, ageMs: Math.max(0, now - facts.ctimeMs) };
      }
    }
  }

  /** An empty folder in which nothing has come or gone for long. */
  async #removeIfOld(folder: string, now: number): Promise<void> {
    const facts = await unlessMissing(stat(folder));
    if (facts === undefined || now - facts.mtimeMs < KEEP_MS) return;
    // One that has something in it stays.
    await rmdir(folder).catch(() => undefined);
  }
}
