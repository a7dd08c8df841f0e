/** The way of a sheet of so many rows, measured stage by stage, and compared with the vendor's bill. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inChild } from '../in-child.ts';
import type { ManyRowsInput, ManyRowsOutput } from '../jobs/many-rows.ts';
import type { PlainRowsInput } from '../jobs/plain-rows.ts';
import { makeSheet } from '../make-sheet.ts';
import type { Stage } from './measure-stage.ts';
import { type BillSums, startVendor } from './start-vendor.ts';

export interface WayOrder {
  readonly rows: number;
  readonly seed: number;
  /** What is made lies here; it must be there, and is not removed. */
  readonly folder: string;
  /** PostgreSQL; absent: the embedded store. */
  readonly databaseUrl?: string;
  readonly delivers: ManyRowsInput['delivers'];
  readonly until?: 'plan';
}

export interface Way {
  readonly rows: number;
  readonly stages: readonly Stage[];
  /** What was found wrong; empty: every row was made and paid once, and all sums agree. */
  readonly wrong: readonly string[];
  readonly output?: Omit<ManyRowsOutput, 'stages'>;
  readonly bill?: BillSums;
}

export async function measureWay(order: WayOrder): Promise<Way> {
  const { rows, seed, folder: parent, ...others } = order;
  const folder = join(parent, `way-${rows}`);
  const sheet = await sheetIn(folder, rows, seed);
  await using vendor = await startVendor(seed);
  const input: ManyRowsInput = { folder, sheet, baseUrl: vendor.baseUrl, ...others };
  const { output: all } = await inChild<ManyRowsOutput>('many-rows', input);
  const { stages, ...output } = all;
  if (order.until === 'plan') return { rows, stages, wrong: [], output };
  const bill = await vendor.bill();
  return { rows, stages, wrong: wrongIn(rows, output, bill), output, bill };
}

/** The same sheet by a loop that plans nothing, keeps no books and flushes nothing. */
export async function measurePlainLoop(
  order: Pick<WayOrder, 'rows' | 'seed' | 'folder'>,
): Promise<Way> {
  const { rows, seed } = order;
  const folder = join(order.folder, `plain-${rows}`);
  const sheet = await sheetIn(folder, rows, seed);
  await using vendor = await startVendor(seed);
  const input: PlainRowsInput = { folder, sheet, baseUrl: vendor.baseUrl };
  const { output: stages } = await inChild<readonly Stage[]>('plain-rows', input);
  return { rows, stages, wrong: [] };
}

async function sheetIn(folder: string, rows: number, seed: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const sheet = join(folder, 'sheet.csv');
  await makeSheet(sheet, rows, seed);
  return sheet;
}

const CREDIT_MICROS = 1_000_000;

/** Every row once, on the bill as in the ledger. */
function wrongIn(
  rows: number,
  output: Omit<ManyRowsOutput, 'stages'>,
  bill: BillSums,
): readonly string[] {
  const wanted = rows * CREDIT_MICROS;
  const { ledger } = output;
  const claims: readonly (readonly [string, number, number])[] = [
    ['items delivered', output.delivered, rows],
    ['images on the bill', bill.images, rows],
    ['different prompts on the bill', bill.prompts, rows],
    ['different pictures on the bill', bill.hashes, rows],
    ['dollars recorded, in micros', output.actualUsdMicros, bill.usdMicros],
    ['credits posted, in micros', output.postedCreditMicros, wanted],
    ['credits held, in micros', output.heldCreditMicros, 0],
    ['credits spent in the ledger, in micros', ledger.spentCreditMicros, wanted],
    ['sum of the ledger', ledger.sumCreditMicros, 0],
    ['lines of results', output.resultLines, rows],
    ['images exported', output.exported, rows],
  ];
  return claims.flatMap(([what, found, right]) =>
    found === right ? [] : [`${what}: ${found}, not ${right}`],
  );
}
