import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { measureStage, type Stage } from '../many-rows/measure-stage.ts';
import { settingsOf } from '../open-engine.ts';

export interface ManyRowsInput {
  readonly folder: string;
  readonly sheet: string;
  /** Of the many-prompts vendor. */
  readonly baseUrl: string;
  /** PostgreSQL; absent: the embedded store. */
  readonly databaseUrl?: string;
  /** `files`: into an out folder as well; `none`: images stay in the store. */
  readonly delivers: 'files' | 'none';
  /** Absent: the whole way; `plan`: nothing is sent. */
  readonly until?: 'plan';
}

export interface ManyRowsOutput {
  readonly runId: string;
  readonly stages: readonly Stage[];
  readonly delivered: number;
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly actualUsdMicros: number;
  readonly ledger: LedgerSums;
  /** Of the results sheet, without its head. */
  readonly resultLines: number;
  /** Images in the WebDataset. */
  readonly exported: number;
}

/** Of all lines of the run. */
export interface LedgerSums {
  readonly lines: number;
  readonly sumCreditMicros: number;
  readonly spentCreditMicros: number;
}

const MODEL = 'tiny-painter';
/** The smallest that models of one's own make: some 600 bytes as a PNG of the simulator's. */
const SIZE = { width: 64, height: 64 };
const PROMPTS_A_REQUEST = 100;

/** The whole way of a sheet: planned, read in, made, delivered, told in a results sheet, exported. */
export async function job(input: ManyRowsInput): Promise<ManyRowsOutput> {
  await using engine = await openEngine(input);
  const stages: Stage[] = [];
  const stage = async <Output>(name: string, work: () => Promise<Output>): Promise<Output> => {
    const { output, measured } = await measureStage(name, work);
    stages.push(measured);
    return output;
  };
  const order = {
    sheet: input.sheet,
    settings: settingsOf({
      models: [MODEL],
      size: SIZE,
      quality: 'low',
      refusalBreaker: 'off',
      ...(input.delivers === 'none' && { deliver: 'none' as const }),
    }),
  };
  const planned = await stage('plan', () => engine.plan(order));
  const out = join(input.folder, 'out');
  const { runId } = await stage('read in', () =>
    engine.prepare({ ...order, out, fresh: true, title: 'many rows', planned }),
  );
  let [exported, resultLines] = [0, 0];
  if (input.until === undefined) {
    await stage('make and deliver', () => engine.drive(runId));
    resultLines = await stage('results sheet', () => writeResults(engine, runId, input.folder));
    const { images } = await stage('webdataset', () =>
      engine.export(runId, { as: 'webdataset', out: join(input.folder, 'dataset') }),
    );
    exported = images;
  }
  const { run, items } = await stage('report', () => engine.report(runId));
  const ledger = await stage('ledger', () => sumLedger(engine, runId));
  return {
    runId,
    stages,
    delivered: items.delivered,
    postedCreditMicros: run.postedCreditMicros,
    heldCreditMicros: run.heldCreditMicros,
    actualUsdMicros: run.actualUsdMicros,
    ledger,
    resultLines,
    exported,
  };
}

function openEngine({ folder, baseUrl, databaseUrl }: ManyRowsInput): Promise<Engine> {
  return createEngine({
    home: join(folder, 'home'),
    ...(databaseUrl !== undefined && { databaseUrl }),
    config: {
      vendors: { tiny: { apiKey: 'simulated-key', baseUrl } },
      configured: { tiny: { kind: 'many-prompts', slots: 4, keyVariable: 'TINY_API_KEY' } },
      models: {
        [MODEL]: { vendor: 'tiny', credits: 1, usd: 0.02, promptsPerRequest: PROMPTS_A_REQUEST },
      },
    },
  });
}

async function writeResults(engine: Engine, runId: string, folder: string): Promise<number> {
  const run = await engine.run(runId);
  if (run === undefined) throw new Error(`Run ${runId} is gone.`);
  // The head is no row.
  let lines = -1;
  const counted = async function* () {
    for await (const line of engine.service.runs.results(run)) {
      lines += 1;
      yield line;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(join(folder, 'results.csv')));
  return lines;
}

async function sumLedger(engine: Engine, runId: string): Promise<LedgerSums> {
  let [lines, sumCreditMicros, spentCreditMicros] = [0, 0, 0];
  for await (const { account, creditMicros } of engine.ledger(runId)) {
    lines += 1;
    sumCreditMicros += creditMicros;
    if (account === 'spent') spentCreditMicros += creditMicros;
  }
  return { lines, sumCreditMicros, spentCreditMicros };
}
