/** What a job made, as one ZIP archive: a stream, with a picture of it in memory at a time. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import ZipStream from 'zip-stream';
import type { Engine, OrderedJob } from '../../engine/engine-types.ts';

/** Pictures that are read from the store at a time. */
const PAGE = 200;

/** It ends in an error, and so as a broken archive, when a file cannot be read. */
export function jobArchive(engine: Engine, job: OrderedJob): Readable {
  const zip = new ZipStream();
  fill(zip, engine, job).then(
    () => zip.finalize(),
    (error: unknown) => zip.destroy(error as Error),
  );
  return zip;
}

async function fill(zip: ZipStream, engine: Engine, job: OrderedJob): Promise<void> {
  const date = new Date(job.createdAt);
  for (let after = 0; ;) {
    const page = await engine.service.jobs.files(job, { after, limit: PAGE, states: ['done'] });
    for (const { file } of page.flatMap(({ outputs }) => outputs)) {
      if (zip.destroyed) return;
      const path = await engine.service.jobs.bringOutput(job, file);
      await addFile(zip, path, { name: file, date, store: true, mode: 0o644 });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

/** Resolves when the file is in the archive, and so has been read by whoever takes the archive. */
async function addFile(
  zip: ZipStream,
  path: string,
  facts: {
    readonly name: string;
    readonly date: Date;
    readonly store: true;
    readonly mode: number;
  },
): Promise<void> {
  const source = createReadStream(path);
  const ended = Promise.withResolvers<void>();
  const stop = () => ended.resolve();
  source.once('error', ended.reject);
  zip.once('error', ended.reject);
  zip.once('close', stop);
  zip.entry(source, facts, (error) => (error ? ended.reject(error) : ended.resolve()));
  try {
    await ended.promise;
  } finally {
    source.destroy();
    zip.off('error', ended.reject).off('close', stop);
  }
}
