/** Brings a job's pictures up to date: what is there now, and whether what was made of it still is. */
import { join } from 'node:path';
import type { JobFile, JobOrder } from '../core/job.ts';
import { nameKey } from '../deliver/unique-name.ts';
import { bringEach, type HomeFiles } from '../store/home-files.ts';
import type { Store, StoredJob } from '../store/store.ts';
import { isIn } from './find-sources.ts';
import { listSources, noneLeftOut, realFolder } from './list-sources.ts';

/** Done pictures whose files are looked at together. */
const LOOKS_AT_ONCE = 64;

export interface ListingAnew {
  readonly store: Store;
  readonly homeFiles: HomeFiles;
  readonly job: StoredJob;
  readonly workerId: string;
  readonly isDrained: () => boolean;
  /** Told how many more were found. */
  readonly onFound: (pictures: number) => void;
  readonly onNotice: (text: string) => void;
}

/** New and changed pictures wait afterwards, as do those whose files were deleted or changed in size. */
export async function listAnew(anew: ListingAnew): Promise<'listed' | 'drained' | 'fenced'> {
  const { store, homeFiles, job, workerId, isDrained, onFound, onNotice } = anew;
  const { sources } = job.order;
  // What is kept elsewhere is looked at here.
  if (sources.kind === 'files') await bringEach(homeFiles, sources.paths);
  const listing = await store.beginListing(job.id, workerId);
  if (listing === 'fenced') return 'fenced';
  const leftOut = noneLeftOut();
  const areOwn = await ownFiles(store, job.id, job.order);
  for await (const page of listSources({ ...job.order, store, leftOut })) {
    if (isDrained()) return 'drained';
    const own = await areOwn(page.map(({ source }) => source));
    const found = page.filter((_, at) => !own[at]);
    await store.putSources(job.id, listing, found);
    onFound(found.length);
  }
  const { gone } = await store.endListing(job.id, listing);
  if (gone > 0) {
    const stays = job.order.task.kind === 'check' ? '' : ' What was made of them stays.';
    onNotice(`Sources that are no longer there: ${gone}.${stays}`);
  }
  if (leftOut.links > 0) {
    onNotice(
      `Links that were not followed: ${leftOut.links}. Name the folders that they lead to instead.`,
    );
  }
  await lookAtFiles(anew);
  return 'listed';
}

/** Where the out folder holds the sources as well, the job's own files are no sources. */
async function ownFiles(
  store: Store,
  jobId: string,
  order: JobOrder,
): Promise<(sources: readonly string[]) => Promise<readonly boolean[]>> {
  const out = await realFolder(order.out);
  const base = order.sources.kind === 'run' ? '' : await realFolder(order.sources.base);
  if (base !== out && !isIn(base, out)) return async (all) => all.map(() => false);
  const above = base === out ? '' : `${base.slice(out.length + 1)}/`;
  return async (all) => {
    const keys = all.map((source) => nameKey(`${above}${source}`.replaceAll('\\', '/')));
    const own = await store.ownNames(jobId, keys);
    return keys.map((key) => own.has(key));
  };
}

async function lookAtFiles({ store, homeFiles, job, workerId }: ListingAnew): Promise<void> {
  const missing: number[] = [];
  let page: Promise<number | undefined>[] = [];
  const look = async () => {
    missing.push(...(await Promise.all(page)).filter((number) => number !== undefined));
    page = [];
  };
  for await (const file of store.jobFiles(job.id, ['done'])) {
    const looking = areThere(homeFiles, job.order.out, file);
    page.push(looking.then((there) => (there ? undefined : file.number)));
    if (page.length >= LOOKS_AT_ONCE) await look();
  }
  await look();
  await store.requeueJobFiles(job.id, workerId, missing);
}

/** Whether all files of a picture are there with their recorded size. */
async function areThere(files: HomeFiles, out: string, { outputs }: JobFile): Promise<boolean> {
  const looks = outputs.map(async ({ file, bytes }) => {
    const found = await files.find(join(out, file));
    return found?.bytes === bytes;
  });
  return (await Promise.all(looks)).every(Boolean);
}
