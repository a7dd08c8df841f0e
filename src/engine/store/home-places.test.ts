import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteHome } from '../../../test/support/stores.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { atHome } from './home-places.ts';

const OTHER = join('/srv', 'other', 'home');
const MINE = join('/mnt', 'mine');
const RUN = 'rabcdefghijkm';
const JOB = 'jabcdefghijkm';

async function open() {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  return { store, mine: atHome(store, MINE) };
}

function runIn(home: string, id: string) {
  return {
    id,
    workspace: 'local',
    title: 'boats',
    sheet: join(home, 'runs', id, 'sheet', 'rows.jsonl'),
    out: join(home, 'runs', id, 'out'),
    settings: { ...DEFAULT_SETTINGS, stylesFile: join(home, 'runs', id, 'styles.csv') },
  };
}

test('a run of a service that another machine has made lies in the home of this one', async () => {
  const { store, mine } = await open();
  await store.createRun({ ...runIn(OTHER, RUN), origin: 'api' });
  const { sheet, out, settings } = runIn(MINE, RUN);
  expect(await mine.findRun(RUN)).toMatchObject({
    sheet,
    out,
    settings: { stylesFile: settings.stylesFile },
  });
  expect((await mine.listRuns()).map((run) => run.out)).toEqual([out]);
  expect((await mine.runOwning(out))?.id).toBe(RUN);
  expect(await mine.runOwning(join(MINE, 'runs', `${RUN}m`, 'out'))).toBeUndefined();
});

test('a run of the command line lies where its user has said', async () => {
  const { store, mine } = await open();
  await store.createRun(runIn(OTHER, RUN));
  const { out } = runIn(OTHER, RUN);
  expect((await mine.findRun(RUN))?.out).toBe(out);
  expect((await mine.runOwning(out))?.id).toBe(RUN);
});

test('a job of a service works in the home of this machine, any other one where it was', async () => {
  const { store, mine } = await open();
  const order = (folder: string) => ({
    sources: { kind: 'files' as const, base: join(folder, 'in'), paths: [join(folder, 'in')] },
    out: join(folder, 'out'),
    nameTemplate: '{stem}.{ext}',
    task: { kind: 'check' as const },
  });
  const put = (id: string, folder: string) =>
    store.putJob({ id, workspace: 'local', orderKey: id, order: order(folder) });
  await put('j1', join(OTHER, 'jobs', JOB));
  await put('j2', join('/data', 'jobs', 'june'));
  expect((await mine.findJob('j1'))?.order).toEqual(order(join(MINE, 'jobs', JOB)));
  expect((await mine.findJob('j2'))?.order).toEqual(order(join('/data', 'jobs', 'june')));
});
