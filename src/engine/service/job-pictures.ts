/** The pictures of a job as files that can be shown: what came, and what was made of it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../core/errors.ts';
import type { JobFile, JobSources } from '../core/job.ts';
import type { Masters } from '../deliver/masters.ts';
import { readFileSource, readMaster } from '../tools/read-source.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { BlobStore } from '../store/blob-store.ts';

export interface JobPicture {
  /** Changes with its bytes. */
  readonly name: string;
  readonly masters: Masters;
}

/** The picture that a job works on. */
export function sourcePicture(
  { blobs, homeFiles }: { readonly blobs: BlobStore; readonly homeFiles: HomeFiles },
  sources: JobSources,
  file: Pick<JobFile, 'source' | 'name' | 'number' | 'version' | 'bytes'>,
): JobPicture {
  const waiting = { ...file, claimed: [] };
  if (sources.kind === 'run') {
    return { name: file.version, masters: readingBy(() => readMaster(blobs, waiting)) };
  }
  const { base } = sources;
  const name = createHash('sha256').update(JSON.stringify([base, file.source, file.version]));
  const read = async () => {
    await homeFiles.bring(join(base, file.source));
    return await readFileSource(base, waiting);
  };
  return { name: name.digest('hex'), masters: readingBy(read) };
}

/** A file that a job made; `undefined`: it made none of this name. */
export function resultPicture(
  files: HomeFiles,
  outFolder: string,
  { outputs }: Pick<JobFile, 'outputs'>,
  output: string | undefined,
): JobPicture | undefined {
  const made = output === undefined ? outputs[0] : outputs.find((each) => each.output === output);
  if (made === undefined) return undefined;
  const path = join(outFolder, made.file);
  return {
    name: made.sha256,
    masters: {
      get: async () => {
        await files.bring(path);
        return await readFile(path).catch((error: unknown) => {
          throw new StorageError('missing', path, error);
        });
      },
    },
  };
}

function readingBy(read: () => ReturnType<typeof readMaster>): Masters {
  return {
    get: async (name) => {
      const found = await read();
      if (found.kind === 'unreadable') throw new StorageError('missing', name, found.reason);
      return found.bytes;
    },
  };
}
