import { createHash } from 'node:crypto';
import { open, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { exportedRun, runProgram, type RunWords } from '../../../../test/support/export-source.ts';
import { itemRecord } from '../../../../test/support/item-record.ts';
import { smallDisk } from '../../../../test/support/small-disk.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { UsageError } from '../../core/errors.ts';
import { parseRecipe } from '../../core/recipe.ts';
import { verifyFolder } from '../verify/verify-folder.ts';
import { isSound } from '../verify/findings.ts';
import { type DatasetOrder, exportDataset } from './export-dataset.ts';

const LIMITS = { mostBytes: 1_000_000, mostSamples: 4 };

async function exportSome(words: RunWords, order: Partial<DatasetOrder> = {}) {
  const folder = await temporaryFolder();
  const path = join(folder, 'set');
  const run = await exportedRun(words);
  const exported = await exportDataset(run.source, { path, name: 'set', limits: LIMITS, ...order });
  return { ...run, folder, path, exported };
}

async function query(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const index = `'${join(path, 'index.parquet').replaceAll("'", "''")}'`;
  const reader = await connection.runAndReadAll(sql.replaceAll('INDEX', index));
  return reader.getRowObjectsJson() as Record<string, unknown>[];
}

async function readPlace(path: string, offset: number, bytes: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
  return buffer;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** As the webdataset package and Hugging Face's reader group the files of a shard. */
const GROUP_IN_PYTHON = `
import json, re, sys, tarfile
samples = []
for path in sys.argv[1:]:
    for member in (archive := tarfile.open(path, 'r|')):
        key, field = re.match(r'^((?:.*/|)[^.]+)[.]([^/]*)$', member.name).groups()
        assert member.isreg() and (member.uid, member.gid, member.mode) == (0, 0, 0o644), member
        data = archive.extractfile(member).read()
        if not samples or samples[-1]['key'] != key: samples.append({'key': key, 'mtime': member.mtime})
        assert field not in samples[-1], member.name
        samples[-1][field] = json.loads(data) if field == 'json' else data.decode() if field == 'txt' else len(data)
print(json.dumps(samples))
`;

describe('exportDataset()', () => {
  test('packs samples into shards whose files an independent reader groups', async () => {
    const { exported, path } = await exportSome({ images: 10 });
    expect(exported).toMatchObject({ out: path, images: 10, files: 10, shards: 3, lost: 0 });
    expect((await readdir(path)).toSorted()).toEqual([
      'README.md',
      'SHA256SUMS',
      'dataset.json',
      'index.parquet',
      'results.csv',
      'set-000000.tar',
      'set-000001.tar',
      'set-000002.tar',
    ]);
    const shards = [0, 1, 2].map((number) => join(path, `set-00000${number}.tar`));
    const listed = runProgram('tar', ['-tf', shards[2]!]);
    expect(listed?.output.trim().split('\n') ?? []).toEqual(
      [9, 10].flatMap((row) =>
        ['png', 'json', 'txt'].map(
          (ending) => `0000${String(row).padStart(2, '0')}-0001.${ending}`,
        ),
      ),
    );
    const grouped = runProgram('python3', ['-c', GROUP_IN_PYTHON, ...shards]);
    if (grouped === undefined) return;
    expect(grouped).toMatchObject({ code: 0 });
    const samples = JSON.parse(grouped.output) as Record<string, unknown>[];
    expect(samples).toHaveLength(10);
    expect(samples[6]).toMatchObject({
      key: '000007-0001',
      mtime: Math.floor(Date.UTC(2026, 10, 22, 22, 56, 39) / 1000),
      txt: 'picture 7',
      json: {
        file: '000007-0001.png',
        prompt: 'picture 7',
        negative: '',
        seed: null,
        row: 7,
        name: 'name 7',
        usd: 0.053,
        columns: { prompt: 'picture 7' },
        more: [],
      },
    });
  });

  test('has an index of which every place holds exactly the image', async () => {
    const { path } = await exportSome({ images: 10 });
    const rows = await query(path, 'SELECT * FROM INDEX ORDER BY key');
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      const bytes = await readPlace(
        join(path, String(row['shard'])),
        Number(row['offset']),
        Number(row['bytes']),
      );
      expect(sha256Of(bytes)).toBe(row['sha256']);
    }
    expect(rows[4]).toMatchObject({
      key: '000005-0001',
      shard: 'set-000001.tar',
      file: '000005-0001.png',
      output: '',
      width: 32,
      height: 24,
      format: 'png',
      prompt: 'picture 5',
      seed: null,
      row: 5,
      credits: 2.4,
      columns: '{"prompt":"picture 5"}',
    });
    const types = await query(path, 'DESCRIBE SELECT "offset", width, sha256, usd FROM INDEX');
    expect(types.map((row) => row['column_type'])).toEqual([
      'BIGINT',
      'INTEGER',
      'VARCHAR',
      'DOUBLE',
    ]);
  });

  test('accounts for every row in the results, with the place of those that have an image', async () => {
    const { path } = await exportSome({
      images: 2,
      others: [
        itemRecord({ state: 'refused', reason: 'policy', row: { number: 3 } }),
        { number: 4, line: 5, reason: 'no prompt', cells: {} },
      ],
    });
    const rows = parse<Record<string, string>>(await readFile(join(path, 'results.csv')), {
      columns: true,
      bom: true,
    });
    expect(rows.map(({ row, state, file }) => [row, state, file])).toEqual([
      ['1', 'delivered', 'set-000000.tar/000001-0001.png'],
      ['2', 'delivered', 'set-000000.tar/000002-0001.png'],
      ['3', 'refused', ''],
      ['4', 'skipped', ''],
    ]);
    const card = JSON.parse(await readFile(join(path, 'dataset.json'), 'utf8')) as unknown;
    expect(card).toMatchObject({
      format: 'imagemill-dataset-1',
      samples: 2,
      images: { png: 2 },
      items: { delivered: 2, refused: 1, skipped: 1 },
      files: [{ file: 'set-000000.tar', samples: 2 }, { file: 'index.parquet' }],
    });
  });

  test('leaves canaries out, and tells images apart that share a row', async () => {
    const { path } = await exportSome({
      images: 4,
      change: (record) => {
        if (record.row.number === 2) return { ...record, canary: 1 };
        if (record.row.number === 3) return { ...record, index: 1_000 };
        return record.row.number === 4
          ? { ...record, row: { ...record.row, number: 3 }, index: 1_000 }
          : record;
      },
    });
    const rows = await query(path, 'SELECT key FROM INDEX');
    expect(rows.map(({ key }) => key)).toEqual([
      '000001-0001',
      '000003-1000',
      expect.stringMatching(/^000003-1000-[0-9a-f]{6}$/),
    ]);
  });

  test('keeps all files of an image in its sample, and a row of the index for each', async () => {
    const read = parseRecipe('webp 82 | thumb: resize 8x8; jpeg 70');
    if ('problems' in read) throw new Error('the recipe is fine');
    const { path, exported } = await exportSome({
      images: 3,
      settings: { finish: read.recipe },
      change: (record) => ({ ...record, sentPrompt: 'dots. and / "quotes"\nand 画像' }),
    });
    expect(exported).toMatchObject({ images: 3, files: 6 });
    const rows = await query(path, 'SELECT file, output, width, prompt FROM INDEX WHERE row = 2');
    const prompt = 'dots. and / "quotes"\nand 画像';
    expect(rows).toEqual([
      { file: '000002-0001.webp', output: '', width: 32, prompt },
      { file: '000002-0001.thumb.jpg', output: 'thumb', width: 8, prompt },
    ]);
    const results = parse(await readFile(join(path, 'results.csv')), { columns: true, bom: true });
    expect(results[1]).toMatchObject({
      file: 'set-000000.tar/000002-0001.webp',
      more_files: 'set-000000.tar/000002-0001.thumb.jpg',
    });
    const head = /^---\n([\s\S]*?)\n---\n/.exec(await readFile(join(path, 'README.md'), 'utf8'));
    const { configs, dataset_info: info } = parseYaml(head?.[1] ?? '') as {
      configs: unknown;
      dataset_info: { features: { name: string; dtype?: string; struct?: unknown[] }[] };
    };
    expect(configs).toEqual([{ config_name: 'default', data_files: 'set-*.tar' }]);
    expect(info.features.map(({ name, dtype }) => [name, dtype])).toEqual([
      ['webp', 'image'],
      ['thumb.jpg', 'image'],
      ['json', undefined],
      ['txt', 'string'],
      ['__key__', 'string'],
      ['__url__', 'string'],
    ]);
  });

  test('gives the same bytes when it is repeated', async () => {
    const [first, second] = [await exportSome({ images: 9 }), await exportSome({ images: 9 })];
    for (const file of await readdir(first.path)) {
      expect(await readFile(join(first.path, file))).toEqual(
        await readFile(join(second.path, file)),
      );
    }
  });

  test('ends a shard by its bytes, and gives a sample that is too large one of its own', async () => {
    const { exported, path } = await exportSome(
      { images: 3 },
      { limits: { mostBytes: 1, mostSamples: 100 } },
    );
    expect(exported.shards).toBe(3);
    expect(isSound(await verifyFolder(path))).toBe(true);
    const wide = await exportSome(
      { images: 3 },
      { limits: { mostBytes: 20_000, mostSamples: 100 } },
    );
    expect(wide.exported.shards).toBe(2);
  });

  test('tells of an image that the store has lost, and packs the others', async () => {
    const run = await exportedRun({ images: 3 });
    const lost = run.entries[1]!;
    const path = join(await temporaryFolder(), 'set');
    const hash = 'image' in lost ? lost.image?.hash : undefined;
    const masters = {
      get: (wanted: string) => run.masters.get(wanted === hash ? '0'.repeat(64) : wanted),
    };
    const exported = await exportDataset(
      { ...run.source, masters },
      { path, name: 'set', limits: LIMITS },
    );
    expect(exported).toMatchObject({ images: 2, lost: 1, lostImages: [{ row: 2, index: 1 }] });
    const results = await readFile(join(path, 'results.csv'), 'utf8');
    expect(results).toContain('A stored file is not there');
  });

  test('is empty but whole for a run without images', async () => {
    const { path, exported } = await exportSome({
      images: 0,
      others: [itemRecord({ state: 'refused', reason: 'policy' })],
    });
    expect(exported).toMatchObject({ images: 0, shards: 0 });
    expect(await query(path, 'SELECT count(*)::INTEGER AS n FROM INDEX')).toEqual([{ n: 0 }]);
    expect(isSound(await verifyFolder(path))).toBe(true);
  });
});

describe('the place of an export', () => {
  test('is never taken from what is there', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'set');
    await mkdir(path);
    await writeFile(join(path, 'mine'), 'older');
    const { source } = await exportedRun({ images: 1 });
    const order = { path, name: 'set', limits: LIMITS };
    await expect(exportDataset(source, order)).rejects.toThrow(UsageError);
    expect(await exportDataset(source, { ...order, otherNames: true })).toMatchObject({
      out: join(folder, 'set-2'),
    });
    expect(await readdir(path)).toEqual(['mine']);
    expect((await readdir(folder)).toSorted()).toEqual(['set', 'set-2']);
  });

  test('may be an empty folder', async () => {
    const path = join(await temporaryFolder(), 'set');
    await mkdir(path);
    const { source } = await exportedRun({ images: 1 });
    await exportDataset(source, { path, name: 'set', limits: LIMITS });
    expect(await readdir(path)).toContain('set-000000.tar');
  });

  test('stays empty when the export is stopped', async () => {
    const folder = await temporaryFolder();
    const { source } = await exportedRun({ images: 8 });
    const stop = new AbortController();
    const onItem = () => stop.abort();
    const order = { path: join(folder, 'set'), name: 'set', limits: LIMITS };
    const exporting = exportDataset(source, order, { signal: stop.signal, onItem });
    await expect(exporting).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('stays empty when the disk is full, which is told', async () => {
    const disk = await smallDisk();
    if (disk === undefined) return;
    const { source } = await exportedRun({ images: 8 });
    const path = join(disk.folder, 'set');
    disk.fill();
    const order = { path, name: 'set', limits: LIMITS };
    await expect(exportDataset(source, order)).rejects.toMatchObject({ fault: 'full' });
    expect(await readdir(disk.folder)).toEqual([]);
    disk.clear();
    expect(await exportDataset(source, order)).toMatchObject({ images: 8 });
  });
});
