/** Some runs made to their end by the workers that are there: what it took, and whether bill and books agree. */
import { difference } from './database-use.ts';
import type { Mill, RunWords } from './mill.ts';
import { CREDIT_MICROS } from './mill-config.ts';

export interface PointFigures {
  readonly images: number;
  readonly runs: number;
  readonly workers: number;
  /** From the word that there is work to the end of the last run. */
  readonly wallSeconds: number;
  /** From the first sending to the last outcome, by the database's clock. */
  readonly sendingSeconds: number;
  readonly imagesPerSecond: number;
  /** User and system time of all workers, PostgreSQL and the vendor apart. */
  readonly workerCpuMs: number;
  readonly postgresCpuMs: number;
  readonly commits: number;
  readonly statements: number;
  readonly flushes: number;
  readonly walBytes: number;
  readonly rowsWritten: number;
  readonly rowsChanged: number;
  readonly bytes: number;
  readonly indexBytes: number;
  readonly signals: number;
  readonly peakMegabytes: number;
  /** Workers that sent something. */
  readonly senders: number;
  /** Admitted and given back, since too long after it: each has cost an admission, and has a place in its window. */
  readonly stalled: number;
  readonly tooMany: number;
  /** What was found wrong; empty: every image was made and paid once. */
  readonly wrong: readonly string[];
  /** Of each run: seconds to its first and to its last outcome. */
  readonly ends: readonly { readonly run: string; readonly first: number; readonly last: number }[];
}

/** What is counted for each image. */
export const PER_IMAGE = [
  'workerCpuMs',
  'postgresCpuMs',
  'commits',
  'statements',
  'flushes',
  'walBytes',
  'rowsWritten',
  'rowsChanged',
  'bytes',
  'indexBytes',
  'signals',
] as const;

export async function measurePoint(mill: Mill, orders: readonly RunWords[]): Promise<PointFigures> {
  const ids: string[] = [];
  for (const order of orders) ids.push(await mill.prepare(order));
  const images = orders.reduce((sum, order) => sum + order.images, 0);
  const before = await mill.watch.figures();
  const used = await mill.use();
  const looks = mill.looks;
  const started = performance.now();
  for (const id of ids) mill.engine.keeper.wake(id);
  await mill.untilDone(ids);
  const wallSeconds = (performance.now() - started) / 1000;
  const after = await mill.use();
  const database = difference(before, await mill.watch.figures());
  const own = mill.looks - looks;
  const times = await timesOf(mill, ids);
  const per = (value: number) => value / images;
  return {
    images,
    runs: ids.length,
    workers: mill.workers.length,
    wallSeconds,
    sendingSeconds: times.seconds,
    imagesPerSecond: images / times.seconds,
    workerCpuMs: per((after.cpuSeconds - used.cpuSeconds) * 1000),
    postgresCpuMs: per(database.cpuSeconds * 1000),
    commits: per(database.commits - own),
    statements: per(database.statements - own),
    flushes: per(database.flushes),
    walBytes: per(database.walBytes),
    rowsWritten: per(database.rowsWritten),
    rowsChanged: per(database.rowsChanged),
    bytes: per(database.bytes),
    indexBytes: per(database.indexBytes),
    signals: per(database.signals),
    peakMegabytes: after.peakMegabytes,
    senders: times.senders,
    stalled: times.stalled,
    ends: times.ends,
    ...(await judge(mill, ids, orders)),
  };
}

async function timesOf(mill: Mill, ids: readonly string[]) {
  const { rows } = await mill.watch.client.query<{
    run: string;
    first: string;
    last: string;
    sent: string;
  }>(
    `select run_id as run, min(ended_at) as first, max(ended_at) as last, min(sent_at) as sent
     from attempts where run_id = any($1) group by run_id`,
    [ids],
  );
  const stalled = await mill.watch.client.query(
    "select id from attempts where run_id = any($1) and state = 'returned'",
    [ids],
  );
  const { rows: senders } = await mill.watch.client.query(
    'select distinct worker_id from attempts where run_id = any($1)',
    [ids],
  );
  const begun = Math.min(...rows.map(({ sent }) => Number(sent)));
  const after = (time: string) => (Number(time) - begun) / 1000;
  return {
    seconds: Math.max(...rows.map(({ last }) => after(last))),
    senders: senders.length,
    stalled: stalled.rows.length,
    ends: rows.map(({ run, first, last }) => ({ run, first: after(first), last: after(last) })),
  };
}

/** The vendor's bill beside items, runs and ledger: each image made once, paid once, booked once. */
async function judge(mill: Mill, ids: readonly string[], orders: readonly RunWords[]) {
  const titles = new Set(orders.map(({ title }) => title));
  const vendor = mill.vendors[orders[0]!.painter];
  const bill = (await vendor.bill()).filter(({ prompt }) =>
    titles.has(prompt.replace(/, picture \d+$/, '')),
  );
  const tooMany = (await vendor.log()).filter(({ status }) => status === 429).length;
  const wanted = orders.reduce((sum, order) => sum + order.images, 0);
  const { rows } = await mill.watch.client.query<Record<string, string | null>>(
    `select (select count(*) from items where run_id = any($1) and state = 'delivered') as delivered,
      (select sum(posted_credit_micros) from runs where id = any($1)) as posted,
      (select sum(held_credit_micros) from runs where id = any($1)) as held,
      (select sum(credit_micros) from ledger where run_id = any($1)) as balance,
      (select sum(credit_micros) from ledger where run_id = any($1) and account = 'spent') as spent`,
    [ids],
  );
  const books = rows[0]!;
  const claims: readonly (readonly [string, number, number])[] = [
    ['images on the bill', bill.reduce((sum, { images }) => sum + images, 0), wanted],
    ['different prompts on the bill', new Set(bill.map(({ prompt }) => prompt)).size, wanted],
    ['items delivered', Number(books['delivered']), wanted],
    ['credits posted', Number(books['posted']), wanted * CREDIT_MICROS],
    ['credits spent in the ledger', Number(books['spent']), wanted * CREDIT_MICROS],
    ['credits held', Number(books['held']), 0],
    ['sum of the ledger', Number(books['balance']), 0],
    ['answers of 429', tooMany, 0],
  ];
  const wrong = claims.flatMap(([what, found, right]) =>
    found === right ? [] : [`${what}: ${found}, not ${right}`],
  );
  return { tooMany, wrong };
}
