/** A disk of its own (tmpfs) that can be made full at once. Linux, and only for who may mount. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Nothing more fits, whatever is there stays. */
  fill(): void;
  /** There is room again. */
  clear(): void;
}

const MOST_TRIES = 100;

/** `undefined` where this user may not mount anything. */
export function smallDisk(folder: string): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  if (!mount('-t', 'tmpfs', '-o', 'size=4g', 'tmpfs', folder)) return undefined;
  return {
    folder,
    fill: () => {
      // The kernel refuses a size below what is used, and files may grow meanwhile.
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        // A size of 0 is none: of an empty disk one page is left.
        const size = Math.max(1, blocks - bfree) * bsize;
        if (mount('-o', `remount,size=${size}`, folder)) return;
      }
      throw new Error(`${folder} cannot be made full.`);
    },
    clear: () => void mount('-o', 'remount,size=4g', folder),
    [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', folder]),
  };
}

function mount(...words: readonly string[]): boolean {
  return spawnSync('mount', words, { stdio: 'ignore' }).status === 0;
}
