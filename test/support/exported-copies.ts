/** A run of four images, exported once for all tests of a file; each damages a copy of its own. */
import { cp, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import yauzl from 'yauzl';
import { exportDataset } from '../../src/engine/deliver/export/export-dataset.ts';
import { exportZip } from '../../src/engine/deliver/export/export-zip.ts';
import type { Verification } from '../../src/engine/deliver/verify/findings.ts';
import { exportedRun } from './export-source.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type ExportedKind = 'folder' | 'archive' | 'dataset';

/** To be called once, at the top of a test file. The data set has two shards of two samples. */
export function exportedCopies(): (kind: ExportedKind) => Promise<string> {
  let shared = '';
  beforeAll(async () => {
    shared = await mkdtemp(join(tmpdir(), 'imagemill-test-'));
    const { source } = await exportedRun({ images: 4 });
    const { out } = await exportZip(source, { path: join(shared, 'archive') });
    const limits = { mostBytes: 1e9, mostSamples: 2 };
    await exportDataset(source, { path: join(shared, 'dataset'), name: 'set', limits });
    await unpack(out, join(shared, 'folder'));
  });
  afterAll(() => rm(shared, { recursive: true, force: true }));
  return async (kind) => {
    const copy = join(await temporaryFolder(), kind === 'archive' ? 'set.zip' : 'set');
    await cp(join(shared, kind), copy, { recursive: true });
    return copy;
  };
}

async function unpack(archive: string, folder: string): Promise<void> {
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    const path = join(folder, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, stream);
  }
}

/** `kind file`, one for each finding. */
export function told({ findings }: Verification): string[] {
  return findings.map(({ kind, file }) => `${kind} ${file}`);
}

export async function overwrite(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(text, position);
}
