/** A run of very many delivered images in a home, written into its store without any vendor. */
import { join } from 'node:path';
import sharp from 'sharp';
import { digest } from '../../src/engine/core/ids.ts';
import type { PlannedLine } from '../../src/engine/core/plan.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openFileBlobs } from '../../src/engine/store/file-blobs.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { paint } from '../../src/engine/vendors/demo-painter/paint.ts';
import { DECISIONS } from '../../test/support/decisions.ts';
import { plannedRow, planOf } from '../../test/support/store-run.ts';

const SIDE = 512;
const LINES_A_TIME = 500;
const RUN = 'benchscroll';

export interface LongRunOrder {
  readonly home: string;
  readonly images: number;
  /** Different pictures, which the images share. */
  readonly pictures: number;
}

/** Answers the run's id. */
export async function writeLongRun({ home, images, pictures }: LongRunOrder): Promise<string> {
  const database = openSqlite(join(home, 'imagemill.db'), { clock: systemClock, flush: false });
  await using store = await createSqlStore(database, DECISIONS);
  await store.createRun({
    id: RUN,
    workspace: 'local',
    title: `${images} images`,
    sheet: '/sheet.csv',
    out: join(home, 'out'),
    settings: DEFAULT_SETTINGS,
    origin: 'api',
  });
  const lines = Array.from({ length: images }, (_, at): PlannedLine => {
    const prompt = `A lighthouse above a stormy sea at sunset, gulls far below, variation ${at + 1}`;
    return { kind: 'row', row: plannedRow(at + 1, { prompt }) };
  });
  const revision = await store.beginReading(RUN);
  for (let start = 0; start < lines.length; start += LINES_A_TIME) {
    await store.putLines(RUN, revision, lines.slice(start, start + LINES_A_TIME));
  }
  const plan = { ...planOf([]), rows: images, items: images, hash: digest('plan', RUN) };
  await store.endReading(RUN, revision, { plan, columns: ['prompt'], proofKeys: new Set() });
  const hashes = await paintPictures(join(home, 'images'), pictures);
  for (const [at, { hash, bytes }] of hashes.entries()) {
    await database.database
      .updateTable('items')
      .set({ state: 'delivered', hash, bytes, width: SIDE, height: SIDE, format: 'jpeg' })
      .where('run_id', '=', RUN)
      .where((where) => where(where.ref('row_number'), '%', pictures), '=', at as never)
      .execute();
  }
  await database.database.updateTable('requests').set({ state: 'done' }).execute();
  await database.database.updateTable('runs').set({ state: 'done' }).execute();
  return RUN;
}

async function paintPictures(folder: string, count: number) {
  const blobs = await openFileBlobs(folder);
  const made = [];
  for (let seed = 0; seed < count; seed += 1) {
    const prompt = `A lighthouse above a stormy sea at sunset ${seed}`;
    const { data, width, height } = paint({
      prompt,
      width: SIDE,
      height: SIDE,
      quality: 'low',
      seed,
    });
    const raw = { width, height, channels: 3 } as const;
    made.push(await blobs.put(await sharp(data, { raw }).jpeg().toBuffer()));
  }
  return made;
}
