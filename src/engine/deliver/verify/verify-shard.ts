import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';
import { assert } from '../../core/errors.ts';
import { storing } from '../../ports/whole-file.ts';
import { compareHash, compareLength, type ExpectedFile, hashOf } from './expected-file.ts';
import { type Finding, FindingLog, type Verification } from './findings.ts';
import { openInside } from './folder-files.ts';
import type { VerifyWatch } from './verify-folder.ts';

/** `KEY.json` of ours has a few kilobytes. */
const MOST_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Checks a shard alone, by what each sample's `KEY.json` says of its images. A shard is read once, as a
 * stream, in memory for one sample's texts.
 */
export async function verifyShard(path: string, watch: VerifyWatch = {}): Promise<Verification> {
  const log = new FindingLog();
  const source = createReadStream(path);
  try {
    await storing(path, async () => checkSamples(source, log, watch));
  } finally {
    source.destroy();
  }
  return log.ended(path, 'shard');
}

/** Which samples of a shard are damaged, once its own hash has shown that something is. */
export async function nameDamagedSamples(
  root: string,
  file: string,
  { kind }: Finding,
  log: FindingLog,
): Promise<void> {
  if (!file.endsWith('.tar') || (kind !== 'changed' && kind !== 'cut')) return;
  const opened = await openInside(root, file);
  if ('finding' in opened) return;
  await using handle = opened.handle;
  const inside = new FindingLog();
  await checkSamples(handle.createReadStream({ autoClose: false }), inside, {});
  for (const finding of inside.ended(file, 'shard').findings) {
    log.add({ ...finding, file: `${file}/${finding.file}` });
  }
}

interface Seen extends ExpectedFile {
  readonly sha256: string;
  readonly bytes: number;
}

async function checkSamples(
  source: AsyncIterable<Uint8Array> & NodeJS.ReadableStream,
  log: FindingLog,
  { signal, onFile }: VerifyWatch,
): Promise<void> {
  const archive = extract();
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  let sample: Sample | undefined;
  try {
    for await (const entry of archive) {
      signal?.throwIfAborted();
      const file = entry.header.name;
      const key = keyOf(file);
      if (key === undefined || entry.header.type !== 'file') {
        log.addExtra(file);
        entry.resume();
        continue;
      }
      if (sample?.key !== key) {
        sample?.end(log);
        sample = new Sample(key);
      }
      if (file === `${key}.json`) sample.said = await jsonOf(entry, file, log);
      else {
        const seen = { file, ...(await hashOf(entry as AsyncIterable<Uint8Array>)) };
        sample.seen.push(seen);
        onFile?.(seen.bytes);
      }
    }
    sample?.end(log);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const file = sample === undefined ? 'the shard' : `after ${sample.key}`;
    log.add({ file, kind: 'cut', reason: `it cannot be read on from here: ${reason}` });
  }
}

/** The files of a sample follow each other. */
class Sample {
  readonly key: string;
  readonly seen: Seen[] = [];
  said: readonly ExpectedFile[] | undefined;

  constructor(key: string) {
    this.key = key;
  }

  end(log: FindingLog): void {
    const { key, seen, said } = this;
    if (said === undefined) {
      log.add({ file: `${key}.json`, kind: 'missing', reason: 'it is not there' });
      return;
    }
    for (const expected of said) {
      const found = seen.find(({ file }) => file === expected.file);
      const finding =
        found === undefined
          ? { file: expected.file, kind: 'missing' as const, reason: 'it is not there' }
          : (compareLength(expected, found.bytes) ?? compareHash(expected, found.sha256));
      if (finding !== undefined) log.add(finding);
      else if (found !== undefined) log.checked(found.bytes);
    }
    for (const { file } of seen) {
      const isSaid = said.some((expected) => expected.file === file);
      if (!isSaid && file !== `${key}.txt`) log.addExtra(file);
    }
  }
}

async function jsonOf(
  entry: AsyncIterable<unknown>,
  file: string,
  log: FindingLog,
): Promise<readonly ExpectedFile[]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of entry) {
    assert(chunk instanceof Uint8Array, 'an archive gives bytes');
    bytes += chunk.length;
    if (bytes <= MOST_JSON_BYTES) chunks.push(chunk);
  }
  try {
    const said: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { more = [] } = said as { more?: unknown[] };
    return [said, ...more].map((each) => expectedOf(each));
  } catch {
    log.add({ file, kind: 'unreadable', reason: 'it does not say what its image is' });
    return [];
  }
}

function expectedOf(said: unknown): ExpectedFile {
  const { file, sha256, bytes } = said as Record<string, unknown>;
  if (typeof file !== 'string' || typeof sha256 !== 'string' || typeof bytes !== 'number') {
    throw new TypeError('a sample says nothing of its image');
  }
  return { file, sha256, bytes };
}

/** All up to the first dot of the name, as WebDataset has it. */
function keyOf(file: string): string | undefined {
  return /^((?:.*\/|)[^./]+)\.[^/]*$/.exec(file)?.[1];
}
