/**
 * What must be true of a cluster at rest, asked from outside: of the tables by queries of their own, of the
 * vendors' bills and logs, and of the bucket.
 */
import { audit } from '../../simulators/audit.ts';
import { openS3Blobs } from '../../src/engine/store/s3-blobs.ts';
import { auditCredits } from '../support/audit-credits.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { matchBill } from '../support/match-bill.ts';
import { type Cluster, type ClusterModel, SLOTS, VENDOR_OF } from './cluster.ts';
import { S3_KEYS } from './s3-proxy.ts';
import { billOf } from './vendors.ts';

export interface Findings {
  readonly problems: readonly string[];
  readonly images: Readonly<Record<string, number>>;
  /** Requests whose outcome nobody can tell. */
  readonly unknownRequests: number;
  readonly billedImages: number;
  readonly billedUsdMicros: number;
  readonly bookedUsdMicros: number;
  /** Of what was billed: for outcomes that are reported as unknown. */
  readonly unknownUsdMicros: number;
  readonly paidTwice: number;
  readonly refusedForPace: number;
  readonly mostInWindow: number;
  readonly mostSlots: number;
}

const MODELS = Object.keys(VENDOR_OF) as readonly ClusterModel[];

export async function auditCluster(cluster: Cluster): Promise<Findings> {
  const problems: string[] = [];
  const attempt = async (work: () => Promise<void>) => {
    await work().catch((error: unknown) => problems.push((error as Error).message));
  };
  for (const { id, prompts } of cluster.runs) {
    await attempt(() => checkInvariants(cluster.database, id, { plannedItems: prompts.length }));
  }
  await attempt(() => auditCredits(cluster.database));
  await attempt(() => auditHolds(cluster));
  const images = await auditItems(cluster, problems);
  const bills = await auditBills(cluster, problems);
  const pace = await auditPace(cluster, problems);
  return { problems, images, ...bills, ...pace };
}

/** At rest nothing is held but for outcomes that nobody can tell. */
async function auditHolds({ database }: Cluster): Promise<void> {
  const held = await database
    .selectFrom('workspaces')
    .select((all) => all.fn.sum<number | null>('held_credit_micros').as('micros'))
    .executeTakeFirstOrThrow();
  const unknown = await database
    .selectFrom('attempts')
    .select((all) => all.fn.sum<number | null>('held_credit_micros').as('micros'))
    .where('state', '=', 'unknown')
    .executeTakeFirstOrThrow();
  if ((held.micros ?? 0) !== (unknown.micros ?? 0)) {
    throw new Error(`${held.micros} credits are held at rest, ${unknown.micros} by unknowns`);
  }
}

/** Each delivered image is in the bucket under its hash; each row's is there once. */
async function auditItems(
  { database, runs, s3 }: Cluster,
  problems: string[],
): Promise<Record<string, number>> {
  const items = await database
    .selectFrom('items')
    .select(['run_id', 'row_key', 'state', 'hash', 'reason'])
    .where('run_id', 'in', [...runs.map(({ id }) => id), ''])
    .execute();
  Object.assign(process.env, S3_KEYS);
  await using blobs = await openS3Blobs(s3.direct);
  const counts: Record<string, number> = {};
  for (const { state, hash, row_key, run_id, reason } of items) {
    counts[state] = (counts[state] ?? 0) + 1;
    if (state === 'failed') problems.push(`item ${run_id} ${row_key} failed: ${reason}`);
    if (state !== 'delivered' || hash === null) continue;
    await blobs.get(hash).catch((error: unknown) => {
      problems.push(`item ${run_id} ${row_key} is delivered, but ${String(error)}`);
    });
  }
  return counts;
}

async function auditBills({ database, runs, vendors }: Cluster, problems: string[]) {
  const sums = {
    unknownRequests: 0,
    billedImages: 0,
    billedUsdMicros: 0,
    bookedUsdMicros: 0,
    unknownUsdMicros: 0,
    paidTwice: 0,
  };
  for (const model of MODELS) {
    const vendor = VENDOR_OF[model];
    const bill = await vendors.bill(vendor);
    const paid = new Map<string, number>();
    for (const { prompt } of bill.entries) paid.set(prompt, (paid.get(prompt) ?? 0) + 1);
    for (const [prompt, times] of paid) {
      if (times === 1) continue;
      sums.paidTwice += 1;
      problems.push(`${vendor} bills "${prompt}" ${times} times`);
    }
    let foreign = bill.entries;
    for (const run of runs.filter((each) => each.model === model)) {
      const prompts = new Set(run.prompts);
      const own = billOf(bill.entries.filter(({ prompt }) => prompts.has(prompt)));
      foreign = foreign.filter(({ prompt }) => !prompts.has(prompt));
      const matched = await matchBill(database, run.id, { name: vendor, bill: own }, [model]);
      problems.push(...matched.problems);
      const { billedUsdMicros, bookedUsdMicros, unknownUsdMicros } = matched;
      if (billedUsdMicros !== bookedUsdMicros + unknownUsdMicros) {
        problems.push(
          `${vendor} bills ${billedUsdMicros} for ${run.id}: ${bookedUsdMicros} booked, ${unknownUsdMicros} of unknowns`,
        );
      }
      sums.unknownRequests += matched.unknownAttempts;
      sums.bookedUsdMicros += bookedUsdMicros;
      sums.unknownUsdMicros += unknownUsdMicros;
    }
    for (const { prompt } of foreign) problems.push(`${vendor} bills "${prompt}" of no run`);
    sums.billedImages += bill.images;
    sums.billedUsdMicros += bill.usdMicros;
  }
  return sums;
}

async function auditPace({ vendors, window }: Cluster, problems: string[]) {
  const openai = audit(
    { entries: [...(await vendors.log('openai'))] },
    { windowMs: window.windowMs, max: window.images },
  );
  const kling = audit(
    { entries: [...(await vendors.log('kling'))] },
    { windowMs: 1, max: Infinity },
  );
  if (!openai.isWithin) problems.push(`a window of openai holds ${openai.highest} images`);
  if (kling.peakSlots > SLOTS) problems.push(`${kling.peakSlots} slots of kling were in use`);
  const refusedForPace = openai.refused + kling.refused;
  if (refusedForPace > 0) {
    problems.push(`openai refused ${openai.refused}, kling ${kling.refused} calls for pace`);
  }
  return { refusedForPace, mostInWindow: openai.highest, mostSlots: kling.peakSlots };
}
