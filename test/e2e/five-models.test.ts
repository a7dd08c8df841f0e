/**
 * One run over five models of five vendors, with references, faults and kills: every row accounted for,
 * and five bills that the ledger explains to the micro-dollar.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Behaviour,
  hashPrompt,
  readSimulatedMark,
  serveSimulators,
  simulatedVendors,
  type Simulator,
} from '../../simulators/index.ts';
import { systemClock } from '../../simulators/system-clock.ts';
import { formatSize } from '../../src/engine/core/size.ts';
import { openFileBlobs } from '../../src/engine/store/file-blobs.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { Imagemill, type RunAnswer } from '../support/imagemill.ts';
import { type Result, surviveKills } from '../support/kill-run.ts';
import { type MatchedBill, matchBill } from '../support/match-bill.ts';
import {
  DARK,
  type ReferenceFile,
  SHEET_FILE,
  type WrittenRow,
  writeReferenceSheet,
} from '../support/reference-sheet.ts';
import { ReferenceWatch, type SeenPicture } from '../support/reference-watch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROWS = 500;
const KILLS = 4;
const SEED = 2026;

/** The models that take turns, by their vendors. */
const MODELS = {
  openai: 'gpt-image-2',
  bfl: 'flux-kontext-pro',
  gemini: 'gemini-nano-banana-2.1',
  kling: 'kling-v3',
  dashscope: 'wan2.7-image',
} as const;
type Vendor = keyof typeof MODELS;
const VENDORS = Object.keys(MODELS) as Vendor[];

const BEHAVIOUR: Behaviour = {
  latencyMs: [100, 500],
  replyMs: [5, 40],
  refusals: { share: 0.04 },
  faults: {
    status503: 0.04,
    replyLost: 0.015,
    truncated: 0.015,
    status500: 0.01,
    status502: 0.01,
    fewerImages: 0.02,
    blank: 0.01,
    expiredUrl: 0.03,
    taskFailed: 0.01,
  },
};
/** Most tasks (Kling: images) at a time at the vendors. Only BFL's figure is told to the engine. */
const SLOTS: Readonly<Partial<Record<Vendor, number>>> = { bfl: 60, kling: 12, dashscope: 32 };
/**
 * Bounds what a kill can leave unknown. At BFL such an attempt fills its slot for five minutes, since
 * nobody can see its task's end: there are more slots than all kills together can fill.
 */
const CONFIG = `vendors:
  openai: { concurrency: 8 }
  gemini: { concurrency: 8 }
  bfl: { concurrency: 8, limits: { active-tasks: ${SLOTS.bfl} } }
  dashscope: { concurrency: 20 }
`;

/** What FLUX Kontext takes of a reference. */
const FLUX_MOST = { bytes: 2 * 1024 * 1024, pixels: 2048 * 2048 };

test('500 rows with references over five models: all accounted for, five bills explained', async () => {
  const { mill, vendors, watch, rows } = await world();
  const survivor = await surviveKills(
    mill,
    together(vendors),
    `run|${SHEET_FILE}|--model|${Object.values(MODELS).join(',')}|--rotate-every|10|--yes`.split(
      '|',
    ),
    { kills: KILLS, images: 0.85 * imagesOf(rows), seed: SEED },
  );
  const { answer, results, ended, killed } = survivor;

  expect(answer, ended.stderr).toMatchObject({ state: 'done', rows: ROWS });
  checkRows(rows, results, answer.items);
  const bills = await checkBills(mill, answer, vendors);
  const unknown = bills.reduce((sum, { unknownAttempts }) => sum + unknownAttempts, 0);
  expect(unknown > 0).toBe(answer.items['unknown']! > 0);
  expect(ended.code).toBe(unknown > 0 ? 6 : 5);
  await checkPictures(mill, answer.out, results);
  checkReferences(rows, results, watch);
  const said = [...killed, ended].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  await checkSecrets(mill, said);
}, 240_000);

/** Five served vendors, each with a key of its own, and a sheet in a folder. */
async function world() {
  const folder = await temporaryFolder();
  const rows = await writeReferenceSheet(folder, { rows: ROWS, seed: SEED });
  await writeFile(join(folder, 'imagemill.yaml'), CONFIG);
  const watch = new ReferenceWatch(rows.map(({ prompt }) => prompt));
  const vendors = VENDORS.map((vendor) =>
    simulatedVendors[vendor].create({
      ...BEHAVIOUR,
      clock: systemClock,
      seed: SEED,
      apiKey: keyOf(vendor),
      ...(SLOTS[vendor] !== undefined && { limits: { slots: SLOTS[vendor] } }),
    }),
  );
  const watched = vendors.map((vendor) => [vendor.name, watch.before(vendor)]);
  const served = await serveSimulators(Object.fromEntries(watched));
  onTestFinished(() => served.close());
  const environment = VENDORS.flatMap((vendor) => {
    const { variables } = simulatedVendors[vendor];
    return [
      [`${variables}_API_KEY`, keyOf(vendor)],
      [`${variables}_BASE_URL`, served.urls[vendor]],
    ];
  });
  return { mill: new Imagemill(folder, Object.fromEntries(environment)), vendors, watch, rows };
}

function keyOf(vendor: Vendor): string {
  return `secret-of-${vendor}-7f3a9c`;
}

function together(vendors: readonly Simulator[]) {
  return {
    bill: {
      get images() {
        return vendors.reduce((sum, { bill }) => sum + bill.images, 0);
      },
    },
  };
}

function imagesOf(rows: readonly WrittenRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** Each image that was asked for has one line with one state, and the lines add up to the totals. */
function checkRows(
  rows: readonly WrittenRow[],
  results: readonly Result[],
  items: RunAnswer['items'],
): void {
  const wanted = rows.flatMap(({ prompt, count }) =>
    Array.from({ length: count }, (_, index) => `${index + 1} ${prompt}`),
  );
  expect(results.map(({ index, prompt }) => `${index} ${prompt}`)).toEqual(wanted);
  const states = Object.groupBy(results, ({ state }) => state!);
  const counted = Object.entries(items).filter(([, count]) => count > 0);
  expect(Object.fromEntries(counted)).toEqual(
    Object.fromEntries(Object.entries(states).map(([state, all]) => [state, all!.length])),
  );
  expect(items).toMatchObject({ waiting: 0, sent: 0, cancelled: 0 });
  expect(items['delivered']).toBeGreaterThan((2 / 3) * wanted.length);
  for (const state of ['delivered', 'refused', 'failed'])
    expect(items[state], state).toBeGreaterThan(0);
  const turns = results.filter(({ index }) => index === '1').map(({ model }) => model);
  const models = Object.values(MODELS);
  expect(turns).toEqual(rows.map((_, place) => models[Math.floor(place / 10) % models.length]));
}

/** For each vendor: what it bills is what is booked, and what it billed of reported unknowns. */
async function checkBills(
  { folder }: Imagemill,
  { run, usd, items }: RunAnswer,
  vendors: readonly Simulator[],
): Promise<readonly MatchedBill[]> {
  const store = openSqlite(join(folder, 'home', 'imagemill.db'), { clock: systemClock });
  onTestFinished(() => store.database.destroy());
  const plannedItems = Object.values(items).reduce((sum, count) => sum + count, 0);
  await checkInvariants(store.database, run, { plannedItems });
  const bills: MatchedBill[] = [];
  for (const vendor of vendors) {
    const bill = await matchBill(store.database, run, vendor, [MODELS[vendor.name as Vendor]]);
    expect(bill.problems, vendor.name).toEqual([]);
    expect(bill.bookedUsdMicros, vendor.name).toBeGreaterThan(0);
    expect(bill.billedUsdMicros, vendor.name).toBe(bill.bookedUsdMicros + bill.unknownUsdMicros);
    bills.push(bill);
  }
  const booked = bills.reduce((sum, { bookedUsdMicros }) => sum + bookedUsdMicros, 0);
  expect(Math.round(usd.actual * 1e6)).toBe(booked);
  const unknown = bills.reduce((sum, { unknownUsdMicros }) => sum + unknownUsdMicros, 0);
  expect(unknown, 'no more than is reported as held').toBeLessThanOrEqual(usd.held * 1e6);
  // A task that carries our own id is found again, whatever was lost.
  const kling = bills[VENDORS.indexOf('kling')]!;
  expect(kling).toMatchObject({ unknownAttempts: 0, billedUsdMicros: kling.bookedUsdMicros });
  return bills;
}

/** Each delivered file can be decoded, has the size it claims, and shows its own row's prompt. */
async function checkPictures(
  { folder }: Imagemill,
  out: string,
  results: readonly Result[],
): Promise<void> {
  const blobs = await openFileBlobs(join(folder, 'home', 'images'));
  const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
    readonly files: readonly { readonly file: string; readonly master: string }[];
  };
  const masters = new Map(manifest.files.map(({ file, master }) => [file, master]));
  const delivered = results.filter(({ state }) => state === 'delivered');
  expect(new Set(masters.keys())).toEqual(new Set(delivered.map(({ file }) => file)));
  expect(new Set(masters.values()).size, 'no picture is delivered twice').toBe(delivered.length);
  for (const { file, prompt, size } of delivered) {
    const { info } = await sharp(join(out, file!)).raw().toBuffer({ resolveWithObject: true });
    expect(formatSize(info), file).toBe(size);
    // Scaling makes new pixels and drops the vendor's own chunks; the master has them.
    const master = await blobs.get(masters.get(file!)!);
    expect(readSimulatedMark(master)?.promptHash, file).toBe(hashPrompt(prompt!));
  }
}

/** Whatever a row refers to has reached its vendor: upright, within its limits; and nothing else has. */
function checkReferences(
  rows: readonly WrittenRow[],
  results: readonly Result[],
  { orders }: ReferenceWatch,
): void {
  const sent = Map.groupBy(orders, ({ prompt }) => prompt);
  const changes = new Map(results.map((each) => [each['prompt']!, each['reference_changes']!]));
  for (const { prompt, reference } of rows) {
    for (const { pictures, vendor } of sent.get(prompt) ?? []) {
      expect(pictures, prompt).toHaveLength(reference === undefined ? 0 : 1);
      if (reference !== undefined) checkReference(pictures[0]!, reference, vendor as Vendor);
    }
    const told = changes.get(prompt)!;
    if (reference?.turned) expect(told).toContain(`${reference.file}: turned upright`);
    else if (reference?.noise === undefined) expect(told).toBe('');
  }
  const toFlux = orders
    .filter(({ vendor }) => vendor === 'bfl')
    .flatMap(({ pictures }) => pictures);
  expect(Math.max(...toFlux.map(({ width, height }) => width * height))).toBeGreaterThan(4_000_000);
  const reached = orders.filter(({ pictures }) => pictures.length > 0).map(({ vendor }) => vendor);
  expect([...new Set(reached)].toSorted()).toEqual([...VENDORS].toSorted());
}

function checkReference(seen: SeenPicture, file: ReferenceFile, vendor: Vendor): void {
  const where = `${file.file} at ${vendor}`;
  expect(seen.orientation, where).toBe(1);
  expect(seen.width / seen.height, where).toBeCloseTo(file.width / file.height, 2);
  for (const [at, value] of file.colour.entries()) {
    expect(Math.abs(seen.upper[at]! - value), `${where}, upper half`).toBeLessThan(12);
    expect(Math.abs(seen.lower[at]! - DARK), `${where}, lower half`).toBeLessThan(12);
  }
  if (vendor !== 'bfl') return;
  expect(seen.bytes, where).toBeLessThanOrEqual(FLUX_MOST.bytes);
  expect(seen.width * seen.height, where).toBeLessThanOrEqual(FLUX_MOST.pixels);
}

/** No key is in any file of the folder (sheet, store, masters, out folder), nor was it ever said. */
async function checkSecrets({ folder }: Imagemill, said: readonly string[]): Promise<void> {
  const keys = VENDORS.map(keyOf);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const regular = files.filter((entry) => entry.isFile());
  expect(regular.length).toBeGreaterThan(ROWS);
  for (const { parentPath, name } of regular) {
    const bytes = await readFile(join(parentPath, name));
    expect(
      keys.filter((key) => bytes.includes(key)),
      name,
    ).toEqual([]);
  }
  expect(keys.filter((key) => said.some((text) => text.includes(key)))).toEqual([]);
}
